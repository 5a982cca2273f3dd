"""How accepting grows with the number of web processes, on one PostgreSQL."""

from collections.abc import Iterable
from pathlib import Path

from bench import load
from bench.posts import post
from bench.report import Figure
from bench.site import Site

NUMBERS = (1, 2, 4)


def measure(folder: Path, database_url: str, seconds: float) -> Iterable[Figure]:
    """Accept over 64 connections with one web process, with two, with four; the load comes from this same machine."""
    with Site(folder / "processes", database_url) as site:
        site.store.migrate()
        for number in NUMBERS:
            site.environment["WEB_CONCURRENCY"] = str(number)
            web = site.start_web()
            load.run(site.port, lambda n, at=number: post(f"warm-{at}", n), 64, 1)
            run = load.run(site.port, lambda n, at=number: post(f"processes-{at}", n), 64, seconds)
            site.stop(web)
            yield Figure(f"accept with {number} web processes (PostgreSQL, 64 connections)", run.rate, "/s")
