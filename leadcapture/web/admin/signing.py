"""Signing in and out: one password, ten tries."""

import math
import re

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from leadcapture.domain.ip import network, truncated
from leadcapture.web.admin.deeds import note
from leadcapture.web.admin.sessions import same_password, sign_in, sign_out, signed_in
from leadcapture.web.services import services

blueprint = Blueprint("signing", __name__)
OWN_PATH = re.compile(r"/admin/[\x21\x23-\x5b\x5d-\x7e]*")


@blueprint.get("/login")
def form() -> BaseResponse:
    """The sign-in page."""
    password = services().operator.password
    if password and signed_in(password):
        return redirect(url_for("admin.inbox.show"))
    return _page("", 200)


@blueprint.post("/login")
def enter() -> BaseResponse:
    """Compare the password; too many failures lock the address out for a while."""
    operator, address = services().operator, network(request.remote_addr or "")
    wait = operator.lockout.wait_seconds(address)
    if wait:
        answer = _page(f"Too many wrong passwords. Try again in {math.ceil(wait / 60)} minutes.", 429)
        answer.headers["Retry-After"] = str(math.ceil(wait))
        return answer
    if not same_password(request.form.get("password", ""), operator.password or ""):
        if operator.lockout.failed(address):
            note("locked out after too many wrong passwords", f"from {truncated(address)}")
        return _page("That is not the password.", 403)
    sign_in(operator.password or "")
    note("signed in", f"from {truncated(address)}")
    return redirect(_next(), 303)


@blueprint.post("/logout")
def leave() -> BaseResponse:
    """End the session."""
    note("signed out")
    sign_out()
    return redirect(url_for("admin.signing.form"), 303)


def _next() -> str:
    wanted = request.values.get("next", "")
    return wanted if OWN_PATH.fullmatch(wanted) else url_for("admin.inbox.show")


def _page(error: str, status: int) -> Response:
    return make_response(render_template("admin/login.html", error=error, next=request.values.get("next", "")), status)
