"""GoHighLevel: the person at the top, attribution deep in the contact, the sales person beside them."""

from typing import Any

from leadcapture.intake.answers import answers_in
from leadcapture.intake.builders.shape import Builder, Draft, Headers, find, text_at, without

_GHL_ASIDE = (
    "user", "location", "workflow", "contact", "contact_id", "contact_type", "date_created", "country", "tags",
    "calendar",
    "triggerData", "attributionSource", "lastAttributionSource", "campaign",
)  # fmt: skip


_GHL_TRACKING = {
    "utmSource": "utm_source",
    "utmMedium": "utm_medium",
    "utmCampaign": "utm_campaign",
    "campaign": "utm_campaign",
    "utmTerm": "utm_term",
    "utmKeyword": "utm_term",
    "utmContent": "utm_content",
    "gclid": "gclid",
    "fbclid": "fbclid",
    "msclikid": "msclkid",
    "msclkid": "msclkid",
    "gbraid": "gbraid",
    "wbraid": "wbraid",
}


def _gohighlevel(tree: Any, headers: Headers) -> list[Draft]:
    """The person stands at the top; `user` is the sales person, `location` the agency's client."""
    first = find(tree, "contact.attributionSource") or find(tree, "attributionSource") or {}
    last = find(tree, "contact.lastAttributionSource") or find(tree, "lastAttributionSource") or {}
    source = last if text_at(last, "utmSource|campaign|utmCampaign|gclid|fbclid") else first
    draft = Draft(answers_in(without(tree, _GHL_ASIDE)))
    for name, target in _GHL_TRACKING.items():
        if text := text_at(source, name):
            draft.tracking.setdefault(target, text)
    paths = {"page_url": "url", "referrer": "referrer", "ip": "ip", "user_agent": "userAgent"}
    draft.about = {
        name: text for name, path in paths.items() if (text := text_at(source, path) or text_at(first, path))
    }
    draft.about |= {"submitted_at": text_at(tree, "date_created|dateAdded")} if text_at(tree, "date_created") else {}
    return [draft]


BUILDER = Builder(
    "gohighlevel",
    marks=(("contact_id", "location"), ("contact.attributionSource",), ("contact_id", "workflow")),
    headers=("x-ghl-signature", "user-agent: leadconnector", "x-wh-signature"),
    read=_gohighlevel,
    same_person_again=True,
)
