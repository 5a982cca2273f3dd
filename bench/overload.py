"""Ten times as many visitors at once as the service answers in a second: who is refused, who waits, what is kept."""

import json
from collections.abc import Iterable
from pathlib import Path

from bench import load
from bench.posts import post
from bench.report import Figure
from bench.site import Site, memory_mb
from leadcapture.store.leads import Query


def measure(folder: Path, connections: int = 640, seconds: float = 8.0) -> Iterable[Figure]:
    """Keep ten times the connections of the accept test busy; each accepted lead must be in the store."""
    with Site(folder / "overload") as site:
        site.store.migrate()
        web = site.start_web()
        for series in ("warm", "calm"):  # at first one process may be ready before the other, and takes all lines
            load.run(site.port, lambda n, series=series: post(series, n), 64, 2)
        calm = memory_mb(web)
        run = load.run(site.port, lambda n: post("flood", n), connections, seconds)
        heavy = memory_mb(web)
        told = [json.loads(answer.body)["id"] for answer in run.answers if answer.status == 200]
        stored = {row.id for row in site.store.leads.find(Query(limit=10_000_000))}
        refused = [answer for answer in run.answers if answer.status in (429, 503)]
        others = [answer for answer in run.answers if answer.status not in (200, 429, 503)]
        yield Figure(f"overload, {connections} connections: accepted", len(told) / run.seconds, "/s")
        yield Figure(f"overload, {connections} connections: refused with 429 or 503", len(refused), "")
        yield Figure(f"overload, {connections} connections: other answers", len(others), "", 0)
        yield Figure("overload: p99 of accepted", run.quantile(0.99, 200), "s", 1.0)
        slowest = max((answer.seconds for answer in refused), default=0.0)
        yield Figure("overload: slowest refusal", slowest, "s", 1.0)
        yield Figure("overload: accepted and not stored", len(set(told) - stored), "", 0)
        yield Figure("overload: memory against calm", heavy / calm, "", 1.15)
