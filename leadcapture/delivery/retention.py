"""What time removes: the content of old leads, keys that no repeat can match, and the end of addresses."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from leadcapture.domain.form import Catalogue
from leadcapture.store.store import Store

log = logging.getLogger(__name__)

ABUSE_WINDOW = timedelta(hours=24)
"""How long a visitor's whole address is kept."""


def purge(store: Store, catalogue: Catalogue, clock: Callable[[], datetime]) -> int:
    """Empty finished leads that are older than their form's retention_days; returns how many.

    Those of a form that is no longer there stay as long as the longest of the others.
    """
    days = {form.name: form.retention_days for form in catalogue.forms.values()}
    longest, total = max(days.values()), 0
    for name in {*days, *store.reports.accepted()}:
        total += store.actions.purge(name, clock() - timedelta(days=days.get(name, longest)))
    if total:
        log.info("retention: emptied %d leads", total)
    return total


def forget_old_keys(store: Store, clock: Callable[[], datetime]) -> None:
    """Drop submission keys whose ten minutes are over."""
    while store.actions.forget_keys(clock()) >= 5000:
        pass


def cut_addresses(store: Store, clock: Callable[[], datetime]) -> None:
    """Cut the visitors' addresses that no limit needs any more."""
    while store.addresses.cut(clock() - ABUSE_WINDOW):
        pass
