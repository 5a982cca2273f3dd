"""How much is installed: requirements.txt alone, in a fresh environment."""

import subprocess
import sys
import venv
from collections.abc import Iterable
from pathlib import Path

from bench.report import Figure
from bench.site import PROJECT


def measure(folder: Path) -> Iterable[Figure]:
    """Install what runs the service, and add up its files; pip itself does not count."""
    home = folder / "venv"
    venv.create(home, with_pip=False)
    packages = next((home / "lib").glob("python*/site-packages"))
    command = (sys.executable, "-m", "pip", "install", "-q", "--no-compile", "--target", str(packages))
    subprocess.run((*command, "-r", str(PROJECT / "requirements.txt")), check=True)
    size = sum(path.stat().st_size for path in packages.rglob("*") if path.is_file() and not path.is_symlink())
    yield Figure("installed size of requirements.txt", size / 1_000_000, "MB", 120)
