"""What the views work with, built from a Config: without a way to Nexudus until somebody wants one."""

from pathlib import Path

from itsdangerous import TimestampSigner

from leadcapture import __version__, foundation
from leadcapture.config import Config
from leadcapture.domain.form import Catalogue
from leadcapture.intake.proof import Proofs
from leadcapture.intake.receive import Receiver
from leadcapture.intake.receive_hook import HookReceiver
from leadcapture.later import load_part
from leadcapture.store.store import Store
from leadcapture.web.admin.lockout import Lockout
from leadcapture.web.guarding import CaptchaService, Guards
from leadcapture.web.services import Operator, Services
from leadcapture.web.texts import Texts
from leadcapture.web.throttle import Throttle


def build_services(config: Config) -> Services:
    """Return the services of one application; raises ConfigError naming everything that is wrong."""
    catalogue, store = foundation.build_base(config)
    return Services(
        catalogue=catalogue,
        store=store,
        receiver=Receiver(catalogue, store.leads, foundation.clock),
        hook_receiver=HookReceiver(store.leads, catalogue.limits, foundation.clock),
        throttle=Throttle(),
        texts=Texts(),
        stamps=TimestampSigner(config.secret_key, salt="render stamp"),
        clock=foundation.clock,
        most_bytes=config.max_body_bytes,
        allowances={name: foundation.allowance(c) for name, c in catalogue.connections.items()},
        version=__version__,
        guards=Guards(Proofs(config.secret_key, foundation.clock), _captcha(config)),
        operator=_operator(config, store, catalogue),
    )


def _captcha(config: Config) -> CaptchaService | None:
    if not config.captcha:
        return None
    captcha: CaptchaService = load_part("leadcapture.captcha").Captcha(*config.captcha)
    return captcha


def _operator(config: Config, store: Store, catalogue: Catalogue) -> Operator:
    limits = catalogue.limits
    return Operator(
        password=config.admin_password,
        metrics_token=config.metrics_token,
        lockout=Lockout(limits.failed_logins, limits.failed_logins_minutes * 60),
        forms_file=Path(config.forms_file),
        alerts=bool(config.alert_email_to or config.alert_webhook_url),
        open_account=lambda name: load_part("leadcapture.bootstrap").open_account(store, catalogue.connections[name]),
    )
