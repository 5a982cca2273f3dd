"""Are there known holes in what we ship? pip-audit over the pinned requirements; part of `make check`.

    python -m tests.audit

Exit 1 when a pinned package has a known vulnerability. When the vulnerability service can't be reached, that is said
loudly and the check goes on: a machine that reaches only a package registry must be able to work.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
PINNED = ("requirements.txt", "requirements-dev.txt")
COMMAND = (
    *(sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--progress-spinner", "off"),
    *("--timeout", "10", "--format", "json", "-r"),
)
SECONDS = 180
Run = Callable[[str], tuple[int, str, str]]


def run(requirements: str) -> tuple[int, str, str]:
    """Audit one file; returns exit code, standard output and standard error."""
    try:
        done = subprocess.run(
            (*COMMAND, requirements), cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return 1, "", "no answer in time"
    return done.returncode, done.stdout, done.stderr


def audit(run: Run) -> tuple[int, list[str]]:
    """Return the exit code and what to print."""
    code, lines = 0, []
    for requirements in PINNED:
        _, out, err = run(requirements)
        try:
            found = json.loads(out)["dependencies"]
        except (ValueError, KeyError, TypeError):
            why = (err.strip().splitlines() or ["no reason given"])[-1][:200]
            lines.append(f"!!! NOT AUDITED: {requirements}: the vulnerability service can't be reached ({why})")
            continue
        holes = [
            f"{one['name']} {one['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'no version'}"
            for one in found
            for hole in one.get("vulns", ())
        ]
        unknown = [one["name"] for one in found if "skip_reason" in one]
        if unknown:
            lines.append(
                f"!!! NOT AUDITED: {requirements}: {len(unknown)} of {len(found)} packages: nobody knows of them"
            )
        lines += [f"VULNERABLE: {requirements}: {hole}" for hole in holes]
        audited = len(found) - len(unknown)
        lines += (
            [f"audited: {requirements}: {audited} packages, no known vulnerability"] if audited and not holes else []
        )
        code = 1 if holes else code
    return code, lines


if __name__ == "__main__":
    exit_code, said = audit(run)
    print("\n".join(said))
    sys.exit(exit_code)
