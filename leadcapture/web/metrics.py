"""`GET /metrics`: Prometheus text, computed from the store, so that every process answers alike and none counts.

Off without METRICS_TOKEN. Each question reads an index or the newest rows; see `store.tallies` for the calls.
"""

import hmac
from collections.abc import Iterator
from itertools import accumulate

from flask import Blueprint, Response, abort, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from leadcapture.store.tallies import BOUNDS_SECONDS, Durations
from leadcapture.web.services import services

blueprint = Blueprint("metrics", __name__)
PREFIX = "leadcapture_"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class StoreCollector:
    """What the store says at this moment, as Prometheus' metrics."""

    def collect(self) -> Iterator[Metric]:
        """Yield every metric."""
        yield from _leads()
        yield from _calls()
        yield from _connections()


@blueprint.get("/metrics")
def metrics() -> Response:
    """The metrics, for who has the token."""
    token = services().operator.metrics_token
    if not token:
        abort(404)
    given = request.headers.get("Authorization", "").encode("utf-8", "replace")
    if not hmac.compare_digest(given, f"Bearer {token}".encode()):
        refused = Response("METRICS_TOKEN is wanted as a bearer token\n", 401, mimetype="text/plain")
        refused.headers["WWW-Authenticate"] = "Bearer"
        return refused
    registry = CollectorRegistry(auto_describe=False)
    registry.register(StoreCollector())
    answer = Response(generate_latest(registry), content_type=CONTENT_TYPE)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _leads() -> Iterator[Metric]:
    store, now = services().store, services().clock()
    counts, accepted, aside = store.leads.counts(now), store.reports.accepted(), store.reports.set_aside()
    by_form = CounterMetricFamily(f"{PREFIX}leads_accepted", "Leads accepted since the beginning", labels=["form"])
    for form, number in accepted.items():
        by_form.add_metric([form], number)
    yield by_form
    delivered = max(0, sum(accepted.values()) - counts.waiting - sum(aside.values()))
    yield from (
        GaugeMetricFamily(f"{PREFIX}leads_delivered", "Leads that are opportunities in Nexudus", delivered),
        GaugeMetricFamily(f"{PREFIX}leads_waiting", "Leads on their way", counts.waiting),
        GaugeMetricFamily(f"{PREFIX}leads_due", "Leads that could be delivered now", counts.due),
        GaugeMetricFamily(f"{PREFIX}leads_held", "Leads suspected to be spam", counts.held),
        GaugeMetricFamily(f"{PREFIX}leads_blocked", "Leads that need a person", counts.blocked),
        GaugeMetricFamily(f"{PREFIX}leads_discarded", "Leads put away or emptied", aside.get("discarded", 0)),
        GaugeMetricFamily(f"{PREFIX}oldest_due_seconds", "Age of the oldest due lead", counts.oldest_due_seconds),
    )


def _calls() -> Iterator[Metric]:
    sums = services().store.tallies.read(services().clock())
    calls = CounterMetricFamily(
        f"{PREFIX}nexudus_calls", "Calls made for leads; status is empty without an answer", labels=["call", "status"]
    )
    for (call, status), number in sorted(sums.calls.items()):
        calls.add_metric([call, status], number)
    yield calls
    yield _histogram("nexudus_call_seconds", "How long a call to Nexudus took", sums.latency)
    yield _histogram("delivery_seconds", "From the form to the opportunity", sums.delivery)


def _histogram(name: str, words: str, durations: Durations) -> HistogramMetricFamily:
    bounds = [*(f"{bound:g}" for bound in BOUNDS_SECONDS), "+Inf"]
    buckets = list(zip(bounds, accumulate(durations.buckets), strict=True))
    found = HistogramMetricFamily(f"{PREFIX}{name}", words)
    found.add_metric([], buckets, durations.total_seconds)
    return found


def _connections() -> Iterator[Metric]:
    store, allowances = services().store, services().allowances
    stopped = GaugeMetricFamily(f"{PREFIX}connection_stopped", "1 while a person must sign in", labels=["connection"])
    left = GaugeMetricFamily(f"{PREFIX}writes_left_today", "What is left of the daily quota", labels=["connection"])
    ends = GaugeMetricFamily(f"{PREFIX}token_expires_timestamp_seconds", "End of the sign-in", labels=["connection"])
    for state in store.connections.all():
        stopped.add_metric([state.name], int(bool(state.stopped_reason)))
        if allowance := allowances.get(state.name):
            left.add_metric([state.name], max(0, allowance.writes_per_day - state.writes_today))
        if state.token_expires_at:
            ends.add_metric([state.name], state.token_expires_at.timestamp())
    yield from (stopped, left, ends)
    heard = store.heartbeats.last()
    if heard:
        yield GaugeMetricFamily(
            f"{PREFIX}worker_last_seen_timestamp_seconds", "When a worker was last at work", heard.timestamp()
        )
