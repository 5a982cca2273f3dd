"""Which host or utm_source is what: our own small table of the places that send people to a coworking space.

`classify` knows a referrer by its host, `named` a utm_source by what people write there, and `channel_of`
puts source and medium into one of the CHANNELS by ordered rules. The table is written by hand for this
product: it copies no list of another project. To add a place, add a row to `_PLACES`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

SEARCH, SOCIAL, EMAIL = "Organic Search", "Organic Social", "Email"
AI, MARKETPLACE, LOCAL, VIDEO = "AI Assistant", "Marketplace", "Local", "Video"
PAID_SEARCH, PAID_SOCIAL, PAID_OTHER, DISPLAY = "Paid Search", "Paid Social", "Paid Other", "Display"
AFFILIATE, REFERRAL, OFFLINE, OTHER = "Affiliate", "Referral", "Offline", "Other"
DIRECT, UNKNOWN = "Direct", "Unknown"

CHANNELS = (
    *(SEARCH, SOCIAL, EMAIL, AI, MARKETPLACE, LOCAL, VIDEO),
    *(PAID_SEARCH, PAID_SOCIAL, PAID_OTHER, DISPLAY, AFFILIATE, REFERRAL, OFFLINE, OTHER, DIRECT, UNKNOWN),
)
"""Every channel of a lead. Direct: somebody looked and found no referrer; Unknown: nobody looked."""


class Place(NamedTuple):
    """A known source: its short name, the medium of its unpaid visits, and their channel."""

    source: str
    medium: str
    channel: str


_MEDIUM = {
    SEARCH: "organic",
    SOCIAL: "social",
    EMAIL: "email",
    AI: "ai",
    MARKETPLACE: "marketplace",
    LOCAL: "local",
    VIDEO: "video",
}

# channel, source, its hosts (with everything below them) and, without a dot, the names seen in utm_source
_PLACES: tuple[tuple[str, str, str], ...] = (
    (SEARCH, "google", "com.google.android.googlequicksearchbox adwords googleads google-ads gads"),
    (SEARCH, "bing", "bing.com bingads bing-ads microsoft-ads microsoftads com.microsoft.bing"),
    (SEARCH, "duckduckgo", "duckduckgo.com ddg com.duckduckgo.mobile.android"),
    (SEARCH, "ecosia", "ecosia.org"),
    (SEARCH, "brave", "search.brave.com"),
    (SEARCH, "startpage", "startpage.com"),
    (SEARCH, "qwant", "qwant.com"),
    (SEARCH, "kagi", "kagi.com"),
    (SEARCH, "baidu", "baidu.com"),
    (SEARCH, "naver", "naver.com"),
    (SEARCH, "seznam", "seznam.cz"),
    (SEARCH, "aol", "search.aol.com"),
    (SEARCH, "yahoo", ""),
    (SEARCH, "yandex", "ya.ru"),
    (
        SOCIAL,
        "facebook",
        "facebook.com fb.com fb.me m.me messenger.com com.facebook.katana fb meta messenger",
    ),
    (SOCIAL, "instagram", "instagram.com com.instagram.android ig insta"),
    (SOCIAL, "linkedin", "linkedin.com lnkd.in com.linkedin.android li"),
    (SOCIAL, "twitter", "twitter.com x.com t.co com.twitter.android x"),
    (SOCIAL, "tiktok", "tiktok.com com.zhiliaoapp.musically"),
    (SOCIAL, "pinterest", "pinterest.com pinterest.co.uk pin.it"),
    (SOCIAL, "reddit", "reddit.com redd.it com.reddit.frontpage"),
    (SOCIAL, "threads", "threads.net threads.com"),
    (SOCIAL, "bluesky", "bsky.app bsky.social bsky"),
    (SOCIAL, "mastodon", "mastodon.social mastodon.online"),
    (SOCIAL, "snapchat", "snapchat.com"),
    (SOCIAL, "whatsapp", "whatsapp.com wa.me wa com.whatsapp"),
    (SOCIAL, "telegram", "t.me telegram.me telegram.org org.telegram.messenger"),
    (SOCIAL, "discord", "discord.com discord.gg discordapp.com"),
    (SOCIAL, "slack", "slack.com com.slack"),
    (SOCIAL, "nextdoor", "nextdoor.com nextdoor.co.uk"),
    (SOCIAL, "meetup", "meetup.com meetu.ps"),
    (SOCIAL, "quora", "quora.com"),
    (SOCIAL, "xing", "xing.com"),
    (SOCIAL, "vk", "vk.com vkontakte"),
    (SOCIAL, "weibo", "weibo.com"),
    (SOCIAL, "linktree", "linktr.ee"),
    (VIDEO, "youtube", "youtube.com youtu.be yt com.google.android.youtube"),
    (VIDEO, "vimeo", "vimeo.com"),
    (EMAIL, "gmail", "mail.google.com com.google.android.gm"),
    (
        EMAIL,
        "outlook",
        "outlook.com outlook.live.com outlook.office.com outlook.office365.com mail.live.com hotmail",
    ),
    (EMAIL, "yahoo-mail", "mail.yahoo.com"),
    (EMAIL, "proton", "mail.proton.me protonmail.com"),
    (EMAIL, "icloud-mail", "mail.icloud.com"),
    (EMAIL, "fastmail", "fastmail.com"),
    (EMAIL, "gmx", "gmx.net gmx.de gmx.com"),
    (EMAIL, "zoho-mail", "mail.zoho.com mail.zoho.eu"),
    (EMAIL, "mailchimp", "mailchimp.com list-manage.com campaign-archive.com"),
    (EMAIL, "newsletter", "newsletters e-mail email mailing mailinglist"),
    (AI, "chatgpt", "chatgpt.com chat.openai.com openai.com openai gpt"),
    (AI, "perplexity", "perplexity.ai"),
    (AI, "claude", "claude.ai anthropic"),
    (AI, "gemini", "gemini.google.com bard.google.com bard"),
    (AI, "notebooklm", "notebooklm.google.com"),
    (AI, "copilot", "copilot.microsoft.com copilot.cloud.microsoft m365.cloud.microsoft"),
    (AI, "mistral", "mistral.ai lechat"),
    (AI, "meta-ai", "meta.ai"),
    (AI, "you", "you.com"),
    (AI, "deepseek", "deepseek.com"),
    (AI, "grok", "grok.com x.ai"),
    (AI, "poe", "poe.com"),
    (AI, "phind", "phind.com"),
    (AI, "duck-ai", "duck.ai"),
    (MARKETPLACE, "hubblehq", "hubblehq.com hubble hubble-hq"),
    (MARKETPLACE, "liquidspace", "liquidspace.com liquid-space"),
    (MARKETPLACE, "spacepool", "spacepool.com spacepool.co.uk space-pool"),
    (MARKETPLACE, "instantoffices", "instantoffices.com theinstantgroup.com instant-offices instant"),
    (MARKETPLACE, "officefreedom", "officefreedom.com office-freedom"),
    (MARKETPLACE, "flexioffices", "flexioffices.co.uk flexioffices.com flexi-offices flexioffice"),
    (MARKETPLACE, "workthere", "workthere.com work-there"),
    (MARKETPLACE, "kontor", "kontor.com kontor.space"),
    (MARKETPLACE, "valve", "valve.space valve.co.uk valve-offices"),
    (MARKETPLACE, "coworker", "coworker.com"),
    (MARKETPLACE, "deskpass", "deskpass.com"),
    (MARKETPLACE, "desana", "desana.io"),
    (MARKETPLACE, "upflex", "upflex.com"),
    (MARKETPLACE, "croissant", "getcroissant.com"),
    (MARKETPLACE, "peerspace", "peerspace.com"),
    (MARKETPLACE, "tally-workspace", "tallyworkspace.com tally-market"),
    (MARKETPLACE, "officespace", "officespace.com"),
    (MARKETPLACE, "easyoffices", "easyoffices.com"),
    (MARKETPLACE, "cloudrooms", "cloudrooms.com"),
    (MARKETPLACE, "dropdesk", "drop-desk.com dropdesk.io"),
    (LOCAL, "google-maps", "maps.google.com maps.app.goo.gl business.google.com google-business gbp gmb"),
    (LOCAL, "apple-maps", "maps.apple.com"),
    (LOCAL, "yelp", "yelp.com yelp.co.uk"),
    (LOCAL, "foursquare", "foursquare.com"),
    (LOCAL, "tripadvisor", "tripadvisor.com tripadvisor.co.uk"),
)

_FAMILIES = re.compile(r"(?:^|\.)(google|yahoo|yandex|pinterest)\.(?:com?\.)?[a-z]{2,3}$")
"""Names that stand under many country domains: google.pt, uk.search.yahoo.com, google.co.uk."""


def _plain(name: str) -> str:
    return re.sub(r"[\s_\-.]+", "", name.strip().casefold())


_HOSTS: dict[str, Place] = {}
_NAMES: dict[str, Place] = {}
for _channel, _source, _words in _PLACES:
    _place = Place(_source, _MEDIUM[_channel], _channel)
    _NAMES.setdefault(_plain(_source), _place)
    for _word in _words.split():
        if "." in _word:
            _HOSTS[_word] = _place
        else:
            _NAMES[_plain(_word)] = _place

_PAID_MEDIUM = re.compile(r"cp[acvl]|ppc|sem|paid.*|(?:.*[-_ ])?(?:ads?|paid|cpc|ppc)|retargeting|sponsored", re.I)
_DISPLAY_MEDIUM = re.compile(r"display|banners?|expandable|interstitial|cpm|programmatic|native", re.I)
_EMAIL_MEDIUM = re.compile(r"e-?mails?|e_mail|newsletters?|mailing|edm", re.I)
_SOCIAL_MEDIUM = re.compile(r"social.*|sm|organic[-_ ]?social|stories|story|bio|post", re.I)
_OFFLINE_MEDIUM = re.compile(r"qr.*|print|flyers?|leaflets?|posters?|offline|event|radio|tv|outdoor|ooh", re.I)
_AFFILIATE_MEDIUM = re.compile(r"affiliates?|partners?", re.I)
_REFERRAL_MEDIUM = re.compile(r"referrals?|referrer|app|link", re.I)

_BY_MEDIUM = (
    (_DISPLAY_MEDIUM, DISPLAY),
    (_EMAIL_MEDIUM, EMAIL),
    (_OFFLINE_MEDIUM, OFFLINE),
    (_AFFILIATE_MEDIUM, AFFILIATE),
)

CLICK_ID_PLACES: dict[str, tuple[str, str]] = {
    "gclid": ("google", "cpc"),
    "gbraid": ("google", "cpc"),
    "wbraid": ("google", "cpc"),
    "dclid": ("google", "display"),
    "msclkid": ("bing", "cpc"),
    "ttclid": ("tiktok", "paid_social"),
    "li_fat_id": ("linkedin", "paid_social"),
    "fbclid": ("facebook", "social"),
}
"""Click id -> the source and medium that it proves; fbclid is on unpaid links too, so it proves no payment.
The order is the order of belief when a URL carries several."""


@lru_cache(maxsize=1024)
def classify(host: str) -> Place | None:
    """Return the place that a referrer's host belongs to, the longest listed suffix first, or None."""
    labels = host.strip().casefold().rstrip(".").split(".")
    for start in range(len(labels) - 1):
        place = _HOSTS.get(".".join(labels[start:]))
        if place is not None:
            return place
    family = _FAMILIES.search(".".join(labels))
    return _NAMES[family.group(1)] if family else None


@lru_cache(maxsize=1024)
def named(source: str) -> Place | None:
    """Return the place that a utm_source means, written as a name ("fb", "Hubble HQ") or as a host."""
    return _NAMES.get(_plain(source)) or classify(source.strip().casefold().removeprefix("www."))


def is_email(medium: str) -> bool:
    """Say whether a medium is e-mail in one of its spellings."""
    return bool(_EMAIL_MEDIUM.fullmatch(medium.strip()))


def is_social(medium: str) -> bool:
    """Say whether a medium is social, paid or not."""
    return bool(_SOCIAL_MEDIUM.fullmatch(re.sub(r"(?i)^(?:paid|cpc)[-_ ]*", "", medium.strip())))


def channel_of(source: str, medium: str, click_ids: Iterable[str] = ()) -> str:
    """Return the channel, by the first rule that holds.

    1. no source and no medium: the click id's own; without one, Direct
    2. a marketplace or an AI assistant is that, whatever the medium says
    3. a paid medium: Paid Search, Paid Social or Paid Other, by the source; display mediums are Display
    4. a medium that names its channel: e-mail, offline, affiliate
    5. a known source: its own channel; then the mediums organic, social and referral
    6. a source with any other medium: Other; a source alone: Referral
    """
    if not source and not medium:
        for name in CLICK_ID_PLACES:
            if name in click_ids:
                return channel_of(*CLICK_ID_PLACES[name])
        return DIRECT
    place = named(source) if source else None
    if place and place.channel in (MARKETPLACE, AI):
        return place.channel
    text = medium.strip()
    return _paid_channel(place, text) or _medium_channel(text) or _source_channel(place, text)


def _paid_channel(place: Place | None, medium: str) -> str:
    if not _PAID_MEDIUM.fullmatch(medium):
        return ""
    if is_social(medium):
        return PAID_SOCIAL
    if place is None:
        return PAID_OTHER
    return {SEARCH: PAID_SEARCH, SOCIAL: PAID_SOCIAL}.get(place.channel, PAID_OTHER)


def _medium_channel(medium: str) -> str:
    return next((channel for pattern, channel in _BY_MEDIUM if pattern.fullmatch(medium)), "")


def _source_channel(place: Place | None, medium: str) -> str:
    if place is not None:
        return place.channel
    if _SOCIAL_MEDIUM.fullmatch(medium):
        return SOCIAL
    if medium.casefold() == "organic":
        return SEARCH
    return REFERRAL if not medium or _REFERRAL_MEDIUM.fullmatch(medium) else OTHER
