"""What stands before Flask: it takes the posts of forms, and Flask answers all else.

A post that is accepted needs nothing of what Flask does for a page: no context, no routing, no session. That is half of
what such a post costs. One that is refused is answered by Flask's view (`public.submit`), with everything around it.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, cast

from flask import Flask, Request, Response

from leadcapture.domain.form import Form
from leadcapture.web.access import share
from leadcapture.web.error_pages import harden
from leadcapture.web.hosts import is_served
from leadcapture.web.posts import Accepted, Refusal, fault, take
from leadcapture.web.promised import Application, Promised
from leadcapture.web.public import REFUSAL
from leadcapture.web.services import Services

FORMS = "/f/"
LONGEST_KEPT = 300
"""Of what an answer's headers depend on: strangers choose it."""


class Front:
    """A WSGI application: the posts of an app's forms, and the app's own for everything else."""

    def __init__(self, app: Flask, allowed_hosts: tuple[str, ...]) -> None:
        self._app = app
        self._flask: Application = app.wsgi_app
        self._allowed_hosts = allowed_hosts
        self._kept_headers = lru_cache(maxsize=256)(self._headers)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Take a post of a form, or have Flask answer."""
        form = self._form_posted(environ)
        if form is None or not is_served(environ, self._allowed_hosts):
            return self._flask(environ, start_response)
        try:
            headers = self._headers_for(form, environ)
            taken = take(form, Request(environ, populate_request=False), self._services)
        except Exception as error:
            taken = fault(error)
        if isinstance(taken, Accepted):
            return Promised(taken, taken.answer.headers + headers, self._refuse)(environ, start_response)
        return self._refuse(taken)(environ, start_response)

    @property
    def _services(self) -> Services:
        return cast(Services, self._app.extensions["leadcapture"])

    def _form_posted(self, environ: dict[str, Any]) -> Form | None:
        path = f"/{environ['PATH_INFO'].lstrip('/')}"  # as Flask reads it
        if environ["REQUEST_METHOD"] != "POST" or not path.startswith(FORMS):
            return None
        return self._services.catalogue.forms.get(path.removeprefix(FORMS))

    def _refuse(self, refusal: Refusal) -> Application:
        def refused(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            environ[REFUSAL] = refusal
            return self._flask(environ, start_response)

        return refused

    def _headers_for(self, form: Form, environ: dict[str, Any]) -> list[tuple[str, str]]:
        origin, host, scheme = environ.get("HTTP_ORIGIN"), environ["HTTP_HOST"], environ["wsgi.url_scheme"]
        headers = self._kept_headers if len(host) + len(origin or "") <= LONGEST_KEPT else self._headers
        return headers(form.name, origin, host, scheme)

    def _headers(self, form: str, origin: str | None, host: str, scheme: str) -> list[tuple[str, str]]:
        """Return what an answer to an accepted post has besides its own: which websites may read it, and the rest."""
        environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "", "HTTP_HOST": host, "wsgi.url_scheme": scheme}
        asked = Request(environ | ({} if origin is None else {"HTTP_ORIGIN": origin}))
        answer = share(Response(), asked, self._services.catalogue.forms[form])
        del answer.headers["Content-Type"]
        return harden(answer, asked).headers.to_wsgi_list()
