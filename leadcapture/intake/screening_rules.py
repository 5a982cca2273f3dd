"""The operator's own rules of [forms.x.screening]: words, domains and countries to hold, domains to trust."""

import re
from collections.abc import Iterator

import phonenumbers

from leadcapture.domain.form import Screening
from leadcapture.domain.lead import Content
from leadcapture.intake.screening_text import Doubt, everything

ENOUGH = 100


def allowed(rules: Screening, content: Content) -> bool:
    """Say whether the operator trusts the sender's domain."""
    return _under(content.email.rpartition("@")[2], rules.allow_domains) is not None


def rule_doubts(rules: Screening, content: Content) -> Iterator[Doubt]:
    """Yield the operator's rules that a lead breaks; each is enough to hold it."""
    text = everything(content).casefold() if rules.hold_words else ""
    for word in rules.hold_words:
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text):
            yield Doubt(ENOUGH, f"says “{word}”, which is in hold_words")
    domain = content.email.rpartition("@")[2]
    if found := _under(domain, rules.hold_domains):
        yield Doubt(ENOUGH, f"comes from {found}, which is in hold_domains")
    if rules.hold_countries:
        for country in sorted({_of_number(content), domain.rpartition(".")[2].upper()} & set(rules.hold_countries)):
            yield Doubt(ENOUGH, f"comes from {country}, which is in hold_countries")


def _under(domain: str, listed: tuple[str, ...]) -> str | None:
    domain = domain.casefold()
    return next((one for one in listed if domain == one or domain.endswith(f".{one}")), None)


def _of_number(content: Content) -> str:
    try:
        number = phonenumbers.parse(content.mapped.get("coworker.MobilePhone", ""))
    except phonenumbers.NumberParseException:
        return ""
    return str(phonenumbers.region_code_for_number(number) or "")
