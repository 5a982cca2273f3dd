"""The Flask application: what is assembled from what. It decides nothing."""

from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from leadcapture.assembly import build_services
from leadcapture.cli import leads_group
from leadcapture.config import Config
from leadcapture.foundation import begin_telling
from leadcapture.settings import settings
from leadcapture.web import embed, error_pages, guards, health, hooks, hosts, metrics, openapi, public, touch
from leadcapture.web.admin import area, sessions
from leadcapture.web.front import Front

TEMPLATES = Path(__file__).parent.parent / "templates"


def create_app(config: Config | None = None) -> Flask:
    """Assemble the application. Raises ConfigError naming everything that is wrong."""
    config = config or settings()
    begin_telling(config)
    app = Flask(__name__, template_folder=str(TEMPLATES), static_folder="web/static")
    app.config.update(SECRET_KEY=config.secret_key, MAX_CONTENT_LENGTH=config.max_body_bytes)
    app.extensions["leadcapture"] = build_services(config)
    app.extensions["leadcapture.config"] = config
    for part in (public, guards, hooks, embed, touch, openapi, health, metrics, area):
        app.register_blueprint(part.blueprint)
    sessions.init_app(app)
    error_pages.init_app(app)
    hosts.init_app(app, config.allowed_hosts)
    app.cli.add_command(leads_group)
    app.wsgi_app = Front(app, config.allowed_hosts)  # type: ignore[method-assign]
    if proxies := config.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_port=0)  # type: ignore[method-assign]
    return app


def app_for_help() -> Flask:
    """Return an application that knows the commands and nothing else: to ask what they do takes no settings."""
    app = Flask(__name__)
    app.cli.add_command(leads_group)
    return app
