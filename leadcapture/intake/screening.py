"""Is a lead probably spam? Layers add up to a score; at HELD_FROM it is held, with every reason in plain words.

    a trap was filled in       honeypot, faster than a person, no proof of work, no captcha     each is enough
    who writes                 disposable address, gibberish name, one text in every field
    what is written            markup, injections, links, advertising (`screening_words`)
    the operator's own rules   [forms.x.screening]

The rate is limited before (`web.throttle`), the same text from many people is counted after (`store.texts`).
Nothing is refused here and nothing is lost: the visitor sees success, and a person may release what is held.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache

from leadcapture.domain.form import Form
from leadcapture.domain.frozen import frozen
from leadcapture.domain.lead import Content, LeadState, NewLead, digest
from leadcapture.intake.screening_people import person_doubts
from leadcapture.intake.screening_rules import allowed, rule_doubts
from leadcapture.intake.screening_text import Doubt, everything, foreign_hosts, letters, text_doubts
from leadcapture.intake.screening_view import seen
from leadcapture.intake.screening_words import advertising_doubts

log = logging.getLogger(__name__)

HELD_FROM = 100
TELLING_LETTERS = 40
"""A text with fewer letters is nobody's in particular ("Please call me back")."""

SUSPECT_TEXT_FROM, ANY_TEXT_FROM = 3, 10
"""From how many people a text must come within a day to be held: one that raises doubts by itself, and any."""


class Check(StrEnum):
    """What came of a proof of work or a captcha."""

    NOT_ASKED = "not asked"
    PASSED = "passed"
    MISSING = "missing"
    FAILED = "failed"
    LATE = "late"
    UNREACHABLE = "unreachable"


@frozen
class Signs:
    """How a browser's post was made; `age_seconds` is how long our page was open, None when it is not our page's."""

    honeypot: bool = False
    age_seconds: float | None = None
    proof: Check = Check.NOT_ASKED
    captcha: Check = Check.NOT_ASKED


NO_SIGNS = Signs()

PROOF_REASONS = {
    Check.MISSING: "the form's proof of work is missing: no JavaScript, or a robot",
    Check.FAILED: "the form's proof of work is wrong or was used before",
    Check.LATE: "the form's proof of work came too late",
}
CAPTCHA_REASONS = {
    Check.MISSING: "the captcha was not solved",
    Check.FAILED: "the captcha's service says that this is a robot",
    Check.LATE: "the captcha was solved too long ago, or is used twice",
    Check.UNREACHABLE: "the captcha could not be checked: its service does not answer",
}


def screened(lead: NewLead, form: Form, min_fill_seconds: float, signs: Signs = NO_SIGNS) -> NewLead:
    """Return the lead, held with the reasons if it is suspect; a blocked lead keeps its state and its own reason."""
    try:
        content = seen(lead.content)
        doubts = list(find_doubts(form, content, min_fill_seconds, signs))
        key = text_key(form, content)
    except Exception:
        log.exception("the screening failed: the lead goes on unscreened")  # a filter's fault never costs a lead
        return lead
    suspect = bool(doubts)
    lead = replace(lead, text_key=key, text_from_people=SUSPECT_TEXT_FROM if suspect else ANY_TEXT_FROM)
    if lead.state is not LeadState.RECEIVED or sum(doubt.points for doubt in doubts) < HELD_FROM:
        return lead
    return replace(lead, state=LeadState.HELD, reason=joined(doubt.reason for doubt in doubts))


def find_doubts(form: Form, content: Content, min_fill_seconds: float, signs: Signs) -> Iterator[Doubt]:
    """Yield everything that speaks against a lead."""
    yield from trap_doubts(signs, min_fill_seconds)
    rules = form.screening
    if allowed(rules, content):
        return
    yield from rule_doubts(rules, content)
    if rules.content:
        yield from content_doubts(content)


def content_doubts(content: Content) -> Iterator[Doubt]:
    """Yield what speaks against a lead in what it says."""
    yield from person_doubts(content)
    text = everything(content)
    small = text.casefold()
    foreign = foreign_hosts(content, text, small)
    yield from text_doubts(content, text, small, foreign)
    yield from advertising_doubts(content, small, foreign)


def trap_doubts(signs: Signs, min_fill_seconds: float) -> Iterator[Doubt]:
    """Yield the traps that only a robot falls into, or somebody without what a browser usually has."""
    if signs.honeypot:
        yield Doubt(HELD_FROM, "a field that people can't see was filled in: probably a robot")
    if signs.age_seconds is not None and signs.age_seconds < min_fill_seconds:
        yield Doubt(HELD_FROM, f"filled in within {max(0.0, signs.age_seconds):.1f} seconds: probably a robot")
    if reason := PROOF_REASONS.get(signs.proof):
        yield Doubt(HELD_FROM, reason)
    if reason := CAPTCHA_REASONS.get(signs.captcha):
        yield Doubt(HELD_FROM, reason)


def text_key(form: Form, content: Content) -> str:
    """Return a digest of a lead's text, "" when it is too short to tell, or the form itself suggests it."""
    text = letters(content.message)
    if len(text) < TELLING_LETTERS or any(text in suggested_by(f.default, f.placeholder) for f in form.fields):
        return ""
    return digest(text)


@lru_cache(maxsize=1024)
def suggested_by(*suggestions: str) -> frozenset[str]:
    """Return the letters of what a field suggests."""
    return frozenset(map(letters, suggestions))


def joined(reasons: Iterable[str]) -> str:
    """Return the reasons as one text; one that only begins another is not said twice."""
    found = list(dict.fromkeys(reasons))
    return "; ".join(one for one in found if not any(other.startswith(f"{one},") for other in found))
