"""How many leads a second are accepted, against the bare view in the same run, and whether each is really there."""

import json
import statistics
from collections.abc import Iterable
from pathlib import Path

from bench import load
from bench.posts import post
from bench.report import Figure
from bench.site import Site
from leadcapture.store.leads import Query


def measure(
    folder: Path, database_url: str | None, label: str, target: float, rounds: int, seconds: float
) -> Iterable[Figure]:
    """Measure at 16 and at 64 connections: bare and ours in turns, the median of the ratios."""
    with Site(folder / "bare") as bare, Site(folder / f"ours-{label}", database_url) as ours:
        ours.store.migrate()
        bare.start_web("bench.bare:app")
        ours.start_web()
        accepted: list[load.Answer] = []
        for site in (bare, ours):
            accepted += _run(site, "warm", 16, 1.0).answers if site is ours else []
        for connections in (16, 64):
            pairs = []
            for turn in range(rounds):
                series = f"{label}-{connections}-{turn}"
                theirs = _run(bare, series, connections, seconds)
                mine = _run(ours, series, connections, seconds)
                accepted += mine.answers
                pairs.append((theirs, mine))
            yield from _figures(label, connections, pairs, target)
        yield _all_stored(label, ours, accepted)


def _run(site: Site, series: str, connections: int, seconds: float) -> load.Run:
    return load.run(site.port, lambda number: post(series, number), connections, seconds)


def _figures(label: str, connections: int, pairs: list[tuple[load.Run, load.Run]], target: float) -> Iterable[Figure]:
    ratio = statistics.median(mine.rate / theirs.rate for theirs, mine in pairs)
    latency = statistics.median(mine.quantile(0.99) / theirs.quantile(0.99) for theirs, mine in pairs)
    bare, ours = (statistics.median(pair[side].rate for pair in pairs) for side in (0, 1))
    p99 = [statistics.median(pair[side].quantile(0.99) for pair in pairs) * 1000 for side in (0, 1)]
    name = f"{label}, {connections} connections"
    yield Figure(f"accept, {name}: bare view", bare, "/s")
    yield Figure(f"accept, {name}: ours", ours, "/s")
    yield Figure(f"accept, {name}: ours / bare", ratio, "", target, at_least=True)
    yield Figure(f"p99, {name}: bare view", p99[0], "ms")
    yield Figure(f"p99, {name}: ours", p99[1], "ms")
    yield Figure(f"p99, {name}: ours / bare", latency, "", 2.0 if connections == 64 else None)


def _all_stored(label: str, site: Site, answers: list[load.Answer]) -> Figure:
    """Check that each post was answered 200 with an id of its own, and that exactly these ids are stored."""
    bad = [answer.status for answer in answers if answer.status != 200]
    told = [json.loads(answer.body)["id"] for answer in answers if answer.status == 200]
    stored = {row.id for row in site.store.leads.find(Query(limit=10_000_000))}
    wrong = len(bad) + len(told) - len(set(told)) + len(set(told) ^ stored)
    return Figure(f"accept, {label}: answers not true (of {len(answers)})", wrong, "", 0)
