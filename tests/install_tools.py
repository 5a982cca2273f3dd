"""Finds a Chromium for the browser tests, or installs one: the machine's own, Debian's, or Playwright's.

`python tests/install_browser.py` is what `make test` runs first; it says what it did.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """Return the path of a Chromium that is installed on this machine, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def main() -> int:
    """Make sure that there is a browser; returns the exit status."""
    if found := find_chromium():
        print(f"browser for the tests: {found}")
        return 0
    if Path("/etc/debian_version").exists() and hasattr(os, "geteuid") and os.geteuid() == 0:
        print("browser for the tests: installing Debian's chromium")
        installed = _runs("apt-get", "update", "-q") and _runs("apt-get", "install", "-y", "-q", "chromium")
        if installed and find_chromium():
            return 0
    print("browser for the tests: installing Playwright's chromium")
    return 0 if _runs(sys.executable, "-m", "playwright", "install", "--with-deps", "chromium") else 1


def _runs(*command: str) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environment, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
