"""What delivering costs: CPU time and calls for a lead, the drain of a backlog, memory, and the start."""

import json
import time
import urllib.request
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from bench import load
from bench.posts import post
from bench.report import Figure
from bench.site import Site, cpu_seconds, memory_mb, wait_until
from leadcapture.store.leads import Query

STAGE_LOOK_UPS = "crmboardcolumns"


def measure(folder: Path, database_url: str | None, label: str, number: int) -> Iterable[Figure]:
    """Accept and deliver new customers' leads, then as many of known ones; then drain a backlog."""
    with Site(folder / f"delivery-{label}", database_url) as site:
        nexudus = site.start_sandbox()
        site.store.migrate()
        web, worker = site.start_web(), site.start_worker()
        wait_until(lambda: site.store.connections.state("main") is not None, 10, "the worker is at work")
        before, peak = cpu_seconds(web, worker), 0.0
        for kind, wanted, offset in (("new", 3, 0), ("known", 2, number)):
            calls = _calls(nexudus)
            load.run(site.port, lambda n, at=offset: post("person", n - at, at), 16, 60, first=offset, most=number)
            peak = max(peak, _until_delivered(site, offset + number, lambda: memory_mb(web, worker)))
            per_lead = (_calls(nexudus) - calls) / number
            yield Figure(f"calls to Nexudus for a lead of a {kind} customer ({label})", round(per_lead, 2), "", wanted)
            if kind == "new":
                spent = (cpu_seconds(web, worker) - before) / number * 1000
                yield Figure(f"accept and deliver 1,000 new customers ({label})", spent, "s", 3.0)
        yield Figure(f"memory at peak, web with two workers and worker ({label})", peak, "MB", 160)
        site.stop(worker)
        load.run(site.port, lambda n: post("backlog", n), 16, 60, most=number)
        started = time.monotonic()
        site.start_worker("--drain")
        _until_delivered(site, 3 * number, lambda: 0.0)
        rate = number / (_last_delivery(site) - _first_delivery(site, number))
        yield Figure(f"drain of a backlog of {number} ({label})", rate, "/s", 200, at_least=True)
        yield Figure(f"the same with the worker's start ({label})", number / (time.monotonic() - started), "/s")


def _until_delivered(site: Site, number: int, look: Callable[[], float]) -> float:
    """Wait until so many leads are delivered; return the highest of what `look` saw meanwhile.

    It looks once a second: looking is work as well, for the processors that are measured.
    """
    peak, until, looked_at = 0.0, time.monotonic() + 120, 0.0
    while site.store.leads.counts(datetime.now(UTC)).waiting or _stored(site) < number:
        if time.monotonic() > until:
            raise TimeoutError("not delivered")
        if time.monotonic() - looked_at >= 1:
            peak, looked_at = max(peak, look()), time.monotonic()
        time.sleep(0.1)
    return max(peak, look())


def _stored(site: Site) -> int:
    return len(site.store.leads.find(Query(limit=1_000_000)))


def _deliveries(site: Site) -> list[float]:
    rows = site.store.leads.find(Query(limit=1_000_000))
    return sorted(row.delivered_at.timestamp() for row in rows if row.delivered_at)


def _last_delivery(site: Site) -> float:
    return _deliveries(site)[-1]


def _first_delivery(site: Site, number: int) -> float:
    return _deliveries(site)[-number]


def _calls(nexudus: str) -> int:
    """Return how many calls the stand-in had, but for sign-ins and the look-ups of a stage, which are kept."""
    with urllib.request.urlopen(f"{nexudus}/_sandbox/calls", timeout=10) as answer:
        calls = json.load(answer)["calls"]
    return sum(_number(one) for one in calls if not any(w in json.dumps(one) for w in (STAGE_LOOK_UPS, "/api/token")))


def _number(one: dict[str, object]) -> int:
    return int(str(one.get("count", one.get("number", 0))))


def start(folder: Path, turns: int = 3) -> Iterable[Figure]:
    """Measure how long gunicorn takes from its start to the first accepted lead."""
    seconds = []
    for turn in range(turns):
        with Site(folder / f"start-{turn}") as site:
            site.store.migrate()
            started = time.monotonic()
            site.start_web()
            answer = load.run(site.port, lambda n: post("first", n), 1, 10, most=1).answers[0]
            seconds.append(time.monotonic() - started)
            if answer.status != 200:
                raise AssertionError(f"the first lead was answered {answer.status}")
    yield Figure("start to first accepted lead", sorted(seconds)[len(seconds) // 2], "s", 1.5)
