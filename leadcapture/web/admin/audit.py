"""Who did what."""

from flask import Blueprint, render_template, request

from leadcapture.web.admin.timeline import done
from leadcapture.web.services import services

blueprint = Blueprint("audit", __name__)
PAGE = 100


@blueprint.get("/audit")
def show() -> str:
    """The audit log, newest first."""
    before = request.args.get("before", type=int)
    entries = services().store.audit.entries(before, PAGE)
    older = entries[-1].id if len(entries) == PAGE else None
    names = services().store.inbox.names({entry.lead_id for entry in entries if entry.lead_id})
    return render_template("admin/audit.html", entries=entries, older=older, names=names, done=done, here="audit")
