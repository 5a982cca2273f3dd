"""Who did what."""

from flask import Blueprint, render_template, request

from leadcapture.web.admin.timeline import done
from leadcapture.web.services import services

blueprint = Blueprint("audit", __name__)
PAGE = 100
HIGHEST = 2**31 - 1
"""The number of an entry can't be higher."""


@blueprint.get("/audit")
def show() -> str:
    """The audit log, newest first."""
    before = request.args.get("before", type=int)
    entries = services().store.audit.entries(max(1, min(before, HIGHEST)) if before else None, PAGE)
    older = entries[-1].id if len(entries) == PAGE else None
    names = services().store.inbox.names({entry.lead_id for entry in entries if entry.lead_id})
    return render_template("admin/audit.html", entries=entries, older=older, names=names, done=done, here="audit")
