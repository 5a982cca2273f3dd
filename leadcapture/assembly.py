"""What the views work with, built from a Config: the web's side of `bootstrap`."""

from pathlib import Path

from itsdangerous import TimestampSigner

from leadcapture import __version__, bootstrap
from leadcapture.captcha import Captcha
from leadcapture.config import Config
from leadcapture.domain.form import Catalogue
from leadcapture.intake.proof import Proofs
from leadcapture.intake.receive import Receiver
from leadcapture.intake.receive_hook import HookReceiver
from leadcapture.store.store import Store
from leadcapture.web.admin.lockout import Lockout
from leadcapture.web.guarding import Guards
from leadcapture.web.services import Operator, Services
from leadcapture.web.texts import Texts
from leadcapture.web.throttle import Throttle


def build_services(config: Config) -> Services:
    """Return the services of one application; raises ConfigError naming everything that is wrong."""
    catalogue, store = bootstrap.build_base(config)
    return Services(
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
        operator=_operator(config, store, catalogue),
    )


def _operator(config: Config, store: Store, catalogue: Catalogue) -> Operator:
    limits = catalogue.limits
    return Operator(
        password=config.admin_password,
        metrics_token=config.metrics_token,
        lockout=Lockout(limits.failed_logins, limits.failed_logins_minutes * 60),
        forms_file=Path(config.forms_file),
        alerts=bool(config.alert_email_to or config.alert_webhook_url),
        open_account=lambda name: bootstrap.open_account(store, catalogue.connections[name]),
    )
