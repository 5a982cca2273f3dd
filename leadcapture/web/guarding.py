"""What guards forms besides the traps that are always there: a proof of work, and a captcha's service."""

from typing import Protocol

from leadcapture.domain.frozen import frozen
from leadcapture.intake.proof import Proofs
from leadcapture.intake.screening import Check


class CaptchaService(Protocol):
    """A captcha's service and its keys: `leadcapture.captcha.Captcha`."""

    @property
    def provider(self) -> str:
        """turnstile, hcaptcha or recaptcha."""
        ...

    @property
    def site_key(self) -> str:
        """The public key."""
        ...

    def check(self, token: str | None, ip: str | None) -> Check:
        """Say what a token is worth; never raises."""
        ...


@frozen
class Guards:
    """What guards forms besides the traps that are always there."""

    proofs: Proofs
    captcha: CaptchaService | None = None


@frozen
class Widget:
    """How a captcha is put on a page: its script, the class of its element, and the hosts that it needs."""

    script: str
    css_class: str
    hosts: str


WIDGETS = {
    "turnstile": Widget(
        "https://challenges.cloudflare.com/turnstile/v0/api.js", "cf-turnstile", "https://challenges.cloudflare.com"
    ),
    "hcaptcha": Widget("https://js.hcaptcha.com/1/api.js", "h-captcha", "https://hcaptcha.com https://*.hcaptcha.com"),
    "recaptcha": Widget(
        "https://www.google.com/recaptcha/api.js", "g-recaptcha", "https://www.google.com https://www.gstatic.com"
    ),
}
