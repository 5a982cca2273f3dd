"""Finds what the suite needs besides Python, or installs it; `python tests/install_tools.py` says what it did.

A Chromium for the browser tests: the machine's own, Debian's, or Playwright's. On Debian, as root, also network
namespaces (iproute2) and PgBouncer for the tests of several hosts, which are skipped where these are missing.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = {"ip": "iproute2", "pgbouncer": "pgbouncer"}
"""Program -> Debian's package."""


def find_chromium() -> str | None:
    """Return the path of a Chromium that is installed on this machine, or None."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def find_program(name: str) -> str | None:
    """Return the path of a program; administrators' folders are looked into as well."""
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"]))


def main() -> int:
    """Make sure that everything is there; returns the exit status."""
    missing = [package for program, package in PACKAGES.items() if not find_program(program)]
    missing += [] if find_chromium() else ["chromium"]
    if missing and Path("/etc/debian_version").exists() and os.geteuid() == 0:
        print(f"for the tests: installing Debian's {', '.join(missing)}")
        _runs("apt-get", "update", "-q")
        for package in missing:
            _runs("apt-get", "install", "-y", "-q", "--no-install-recommends", package)
    for program in PACKAGES:
        print(f"for the tests: {program}: {find_program(program) or 'missing; the tests that need it are skipped'}")
    if found := find_chromium():
        print(f"for the tests: browser: {found}")
        return 0
    print("for the tests: installing Playwright's chromium")
    return 0 if _runs(sys.executable, "-m", "playwright", "install", "--with-deps", "chromium") else 1


def _runs(*command: str) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environment, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
