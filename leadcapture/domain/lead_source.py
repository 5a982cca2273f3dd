"""`lead_source = "auto"`: which of the CRM's lead sources an attribution means.

The first rule that holds decides:

    1. a marketplace that the CRM names (Hubble HQ, LiquidSpace …), by utm_source or by referrer, is itself
    2. an e-mail medium, or a visit out of a webmail page, is EmailMarketing
    3. a medium that is itself a lead source is that: webinar, print or QR code, phone, broker, word of mouth
    4. Google is GoogleSearch if the visit was a search, paid or not, or came off its map; its banners are not
    5. Facebook, Instagram, LinkedIn and Twitter, paid or not; any other social place is OtherSocialNetwork
    6. another marketplace, an affiliate and a referral by a site that we do not know are Referral
    7. anything else, other search engines and AI assistants among it, is Web: the form on the website
"""

import re
from collections.abc import Mapping

from leadcapture.domain import channels
from leadcapture.domain.attribution import Attribution
from leadcapture.domain.opportunity import LeadSource

MARKETPLACES: Mapping[str, LeadSource] = {
    "hubblehq": LeadSource.HubbleHq,
    "liquidspace": LeadSource.LiquidSpace,
    "spacepool": LeadSource.SpacePool,
    "instantoffices": LeadSource.InstantOffices,
    "officefreedom": LeadSource.OfficeFreedom,
    "flexioffices": LeadSource.FlexiOffices,
    "workthere": LeadSource.Workthere,
    "kontor": LeadSource.Kontor,
    "valve": LeadSource.Valve,
}
"""Places of the channel table that have a lead source of their own."""

SOCIAL: Mapping[str, LeadSource] = {
    "facebook": LeadSource.Facebook,
    "instagram": LeadSource.Instagram,
    "linkedin": LeadSource.Linkedin,
    "twitter": LeadSource.Twitter,
}
"""The social networks that the CRM names."""

_MEDIUMS: tuple[tuple[str, LeadSource], ...] = (
    (r"webinars?", LeadSource.Webinar),
    (r"qr.*|print.*|flyers?|leaflets?|posters?|magazine|newspaper", LeadSource.PrintAdvert),
    (r"phone|call|calls|tel", LeadSource.Phone),
    (r"brokers?", LeadSource.Broker),
    (r"property[-_ ]?agents?|estate[-_ ]?agents?|agents?", LeadSource.PropertyAgent),
    (r"wom|word[-_ ]?of[-_ ]?mouth", LeadSource.WordOfMouth),
    (r"direct[-_ ]?e?-?mail", LeadSource.DirectEmail),
)

_SEARCHED = (channels.SEARCH, channels.PAID_SEARCH, channels.LOCAL)
_SOCIAL_CHANNELS = (channels.SOCIAL, channels.PAID_SOCIAL, channels.VIDEO)
_REFERRED = (channels.MARKETPLACE, channels.AFFILIATE, channels.REFERRAL)


def lead_source_of(attribution: Attribution) -> LeadSource:
    """Return the lead source that an attribution means, by the rules above; Web when nothing fits."""
    place = channels.named(attribution.source)
    name = place.source if place else ""
    channel = channels.channel_of(attribution.source, attribution.medium, attribution.click_ids)
    return (
        MARKETPLACES.get(name)
        or _by_medium(attribution.medium, channel)
        or _google(name, channel)
        or _social(name, place, channel)
        or (LeadSource.Referral if channel in _REFERRED else LeadSource.Web)
    )


def _by_medium(medium: str, channel: str) -> LeadSource | None:
    if channel == channels.EMAIL:
        return LeadSource.EmailMarketing
    text = medium.strip()
    return next((source for words, source in _MEDIUMS if re.fullmatch(words, text, re.I)), None)


def _google(name: str, channel: str) -> LeadSource | None:
    return LeadSource.GoogleSearch if name in ("google", "google-maps") and channel in _SEARCHED else None


def _social(name: str, place: channels.Place | None, channel: str) -> LeadSource | None:
    if name in SOCIAL:
        return SOCIAL[name]
    from_social = place is not None and place.channel in (channels.SOCIAL, channels.VIDEO)
    return LeadSource.OtherSocialNetwork if from_social or channel in _SOCIAL_CHANNELS else None
