"""Export and retention over a whole store: how much memory they take, which must not grow with the leads."""

import re
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from bench.report import Figure
from bench.site import LEADS, PROJECT, Site

FORGET_AFTER = "retention_days = 30"


def measure(folder: Path, few_url: str, many_url: str, label: str) -> Iterable[Figure]:
    """Run `leads export` and `leads purge` on a store of few leads and on one of many; compare their peaks."""
    few, many = Site(folder / f"few-{label}", few_url), Site(folder / f"many-{label}", many_url)
    for command in ("export", "purge"):
        before, after = _peak(few, command), _peak(many, command)
        yield Figure(f"memory of {command} with many leads ({label})", after, "MB")
        yield Figure(f"memory of {command}: growth ({label})", after / before, "", 1.20)
    few.store.close()
    many.store.close()


def _peak(site: Site, command: str) -> float:
    forms = Path(site.environment["FORMS_FILE"])
    if FORGET_AFTER not in forms.read_text():
        forms.write_text(forms.read_text().replace("[forms.contact]\n", f"[forms.contact]\n{FORGET_AFTER}\n"))
    peak = 0.0
    with subprocess.Popen((*LEADS, command), cwd=PROJECT, env=site.environment, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, _high_water(process.pid))
            time.sleep(0.02)
    if process.returncode:
        raise AssertionError(f"leads {command} ended with {process.returncode}")
    return peak


def _high_water(pid: int) -> float:
    """Return the most memory a process has had so far in MB; 0 when it is over."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * 1024 / 1_000_000 if found else 0.0
