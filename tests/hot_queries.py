"""What is asked of the store all day: each must read an index on either database, however many leads there are."""

from datetime import timedelta

from factories import NOW

from leadcapture.domain.pace import Allowance, Cost
from leadcapture.store.inbox import InboxQuery
from leadcapture.store.queue import ClaimRequest

CLAIM = ClaimRequest("main", Allowance(60, 2000, 100), Cost(4, 2), 8, NOW + timedelta(days=1), 30)
READS = {
    "counts": lambda store: store.leads.counts(NOW),
    "next due": lambda store: store.queue.next_due("main"),
    "claim": lambda store: store.queue.claim(CLAIM),
    "blocked ids": lambda store: store.actions.blocked_ids(),
    "inbox counts": lambda store: store.inbox.counts(),
    "inbox": lambda store: store.inbox.page(InboxQuery()),
    "waiting": lambda store: store.inbox.page(InboxQuery(group="waiting")),
    "blocked": lambda store: store.inbox.page(InboxQuery(group="blocked")),
    "held": lambda store: store.inbox.page(InboxQuery(group="held")),
    "form": lambda store: store.inbox.page(InboxQuery(form="tour")),
    "source": lambda store: store.inbox.page(InboxQuery(source="google")),
    "search": lambda store: store.inbox.page(InboxQuery(search="person.1@x.co.uk")),
    "name": lambda store: store.inbox.page(InboxQuery(search="ann")),
    "surname": lambda store: store.inbox.page(InboxQuery(search="van der Berg")),
    "reference": lambda store: store.inbox.page(InboxQuery(search="[30113882d3]")),
    "part of a number": lambda store: store.inbox.page(InboxQuery(search="30113882")),
    "unmailed": lambda store: store.incidents.unmailed(NOW),
}
