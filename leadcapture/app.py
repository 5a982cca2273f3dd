"""The Flask application: what is assembled from what. It decides nothing."""

import os
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values
from flask import Flask
from itsdangerous import TimestampSigner
from werkzeug.middleware.proxy_fix import ProxyFix

from leadcapture import __version__, bootstrap, log, sentry
from leadcapture.captcha import Captcha
from leadcapture.cli import leads_group
from leadcapture.config import Config, from_env
from leadcapture.domain.form import Catalogue
from leadcapture.intake.proof import Proofs
from leadcapture.intake.receive import Receiver
from leadcapture.intake.receive_hook import HookReceiver
from leadcapture.store.store import Store
from leadcapture.web import embed, error_pages, guards, health, hooks, hosts, metrics, openapi, public, touch
from leadcapture.web.admin import area, sessions
from leadcapture.web.admin.lockout import Lockout
from leadcapture.web.guarding import Guards
from leadcapture.web.services import Operator, Services
from leadcapture.web.texts import Texts
from leadcapture.web.throttle import Throttle

TEMPLATES = Path(__file__).parent.parent / "templates"


def settings() -> Config:
    """Read the environment over `.env`. Raises ConfigError; the only place where the environment is read."""
    return from_env(environment())


def environment() -> Mapping[str, str]:
    """Return `.env` with the environment on top."""
    return {key: value for key, value in {**dotenv_values(".env"), **os.environ}.items() if value is not None}


def operator(config: Config, store: Store, catalogue: Catalogue) -> Operator:
    """Return what only the operator's pages need."""
    limits = catalogue.limits
    return Operator(
        password=config.admin_password,
        metrics_token=config.metrics_token,
        lockout=Lockout(limits.failed_logins, limits.failed_logins_minutes * 60),
        forms_file=Path(config.forms_file),
        open_account=lambda name: bootstrap.open_account(store, catalogue.connections[name]),
    )


def create_app(config: Config | None = None) -> Flask:
    """Assemble the application. Raises ConfigError naming everything that is wrong."""
    config = config or settings()
    log.configure(config.log_level)
    sentry.init(config.sentry_dsn, __version__)
    catalogue = bootstrap.build_catalogue(config)
    store = bootstrap.build_store(config)
    app = Flask(__name__, template_folder=str(TEMPLATES), static_folder="web/static")
    app.config.update(SECRET_KEY=config.secret_key, MAX_CONTENT_LENGTH=config.max_body_bytes)
    app.extensions["leadcapture"] = Services(
        catalogue=catalogue,
        store=store,
        receiver=Receiver(catalogue, store.leads, bootstrap.clock),
        hook_receiver=HookReceiver(store.leads, catalogue.limits, bootstrap.clock),
        throttle=Throttle(),
        texts=Texts(),
        stamps=TimestampSigner(config.secret_key, salt="render stamp"),
        clock=bootstrap.clock,
        allowances={name: bootstrap.allowance(c) for name, c in catalogue.connections.items()},
        version=__version__,
        guards=Guards(Proofs(config.secret_key, bootstrap.clock), Captcha(*config.captcha) if config.captcha else None),
        operator=operator(config, store, catalogue),
    )
    app.extensions["leadcapture.config"] = config
    for part in (public, guards, hooks, embed, touch, openapi, health, metrics, area):
        app.register_blueprint(part.blueprint)
    sessions.init_app(app)
    error_pages.init_app(app)
    hosts.init_app(app, config.allowed_hosts)
    app.cli.add_command(leads_group)
    if config.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.trusted_proxies, x_proto=config.trusted_proxies, x_port=0)  # type: ignore[method-assign]
    return app
