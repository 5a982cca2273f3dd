"""The names by which forms speak of themselves: controls, attribution and noise."""

import re

from leadcapture.intake.wording import remembered, squeezed

CONTROLS: dict[str, str] = {
    "_next": "next_url",
    "_redirect": "next_url",
    "_redirect_url": "next_url",
    "_after": "next_url",
    "_subject": "subject",
    "_replyto": "reply_to",
    "_reply_to": "reply_to",
    "_gotcha": "honeypot",
    "_honey": "honeypot",
    "_honeypot": "honeypot",
    "bot-field": "honeypot",
    "bot_field": "honeypot",
    "botcheck": "honeypot",
    "_language": "language",
    "_wpcf7_locale": "language",
    "_submission_id": "submission_id",
    "_page_url": "page_url",
    "_url": "page_url",
    "_referrer": "referrer",
    "_referer": "referrer",
    "_landing_url": "landing_url",
    "_first_touch": "first_touch",
    "_last_touch": "last_touch",
    "_embedding": "embedding",
    "_stamp": "stamp",
    "consent": "consent",
    "altcha": "proof",
    "cf-turnstile-response": "captcha",
    "h-captcha-response": "captcha",
    "g-recaptcha-response": "captcha",
}
"""Control field -> the attribute of Controls that it fills."""

PROOFS = frozenset({"altcha", "cf-turnstile-response", "h-captcha-response", "g-recaptcha-response"})
"""The fields that say that no robot is at work: good for one post only."""

_DROPPED_NAMES = """
    _cc _bcc _format _template _captcha _autoresponse _autorespond _blacklist _webhook _method _charset_ _ajax _optin
    form-name form_name_hidden ccemail utf8 csrfmiddlewaretoken csrf_token _csrf _csrf_token _token csrf
    authenticity_token __requestverificationtoken __viewstate __viewstategenerator __eventvalidation __eventtarget
    __eventargument g-recaptcha-response h-captcha-response cf-turnstile-response altcha frc-captcha-solution
    frc-captcha-response g-recaptcha-response-v3 recaptcha-response recaptcha_token recaptcha _recaptcha
    _wpcf7cf_hidden_group_fields captcha captcha_token smart-token mtcaptcha-verifiedtoken hcaptcha-response
    _wpnonce _wp_http_referer g-recaptcha g-recaptcha-token recaptcharesponse submit btnsubmit submitbutton
    data-netlify-recaptcha netlify-honeypot netlify-recaptcha subscribe_token form-submit cf-turnstile
    """
DROPPED = frozenset(_DROPPED_NAMES.split())
"""Names of a form's machinery that say nothing of the visitor."""

_DROPPED_PATTERN = re.compile(
    r"_wpcf7.*|_basin.*|_fluentform_.*nonce|__fluent_form_embded_post_id|.*[_-]captcha[_-](token|response).*"
    r"|g-recaptcha-response.*|ak_hp_textarea|ak_js|ak_bib|ak_bfs.*|__hs\w+|hs_context",
    re.IGNORECASE,
)

WITH_ACCESS_KEY = {
    "subject": "subject",
    "redirect": "next_url",
    "replyto": "reply_to",
    "from_name": "",
    "cc": "",
    "bcc": "",
    "webhook": "",
    "attachment": "",
    "settings": "",
    "apikey": "",
}
"""Web3Forms' plain names: controls only in a post that carries its access key; "" is dropped."""

LONGEST_NAME = 200
"""What a field's name says, it says within so many characters."""

_CLICK_IDS = {
    "gclid": "gclid",
    "gclidfield": "gclid",
    "googleclickid": "gclid",
    "gbraid": "gbraid",
    "wbraid": "wbraid",
    "dclid": "dclid",
    "fbclid": "fbclid",
    "msclkid": "msclkid",
    "ttclid": "ttclid",
    "lifatid": "li_fat_id",
    "gadsource": "gad_source",
    "gadcampaignid": "gad_campaignid",
}
_UTM = {
    "utmsource": "utm_source",
    "utmmedium": "utm_medium",
    "utmcampaign": "utm_campaign",
    "utmterm": "utm_term",
    "utmcontent": "utm_content",
    "utmid": "utm_id",
    "utmsourceplatform": "utm_source_platform",
    "utmcreativeformat": "utm_creative_format",
    "utmmarketingtactic": "utm_marketing_tactic",
    "utmkeyword": "utm_term",
}
_TRACKING = _CLICK_IDS | _UTM
_PREFIXES = re.compile(r"^(?:q\d+|nolabel|hidden(?:field)?|fields?|formfields?|input|cf|lp|last|meta|data|properties)")
_OTHER_UTM = re.compile(r"utm_\w{1,40}", re.IGNORECASE)


@remembered
def tracking_name(key: str) -> str | None:
    """Return the lower-case name of the attribution value that `key` holds: `utmCampaign`, `No Label utm_source`."""
    short = squeezed(key)
    if "utm" not in short and "id" not in short and short != "gadsource":
        return None
    name = _TRACKING.get(short) or _TRACKING.get(_PREFIXES.sub("", short))
    if name is None and _OTHER_UTM.fullmatch(key):
        return key.lower()
    return name


@remembered
def is_dropped(key: str) -> bool:
    """Say whether a field of this name is a form's machinery."""
    lower = key[:LONGEST_NAME].lower()
    return lower in DROPPED or _DROPPED_PATTERN.fullmatch(lower) is not None
