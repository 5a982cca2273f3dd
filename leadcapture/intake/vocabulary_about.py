"""What a body says of itself and not of the visitor: page, browser, address, moment, ids and names of the form."""

import re
from ipaddress import ip_address

from leadcapture.domain.submission import Answer
from leadcapture.intake.wording import squeezed, words

_NAMES = {
    "page_url": "pageurl page sourceurl conversionurl formurl pagelink currenturl pageuri "
    "submissionpageurl currentpage "
    "pageaddress submissionurl submittedfrom pagelocation urlofpage pageurlformsubmitted websitepage "
    "formpage originurl "
    "urldelapagina urldapagina urldelapage seitenurl pageuriurl sourcepage lpurl parenturl "
    "pagina seite paginaurl urlpagina paginaweb adressedelapage urlstrony strona adresstrony urldellapagina "
    "paginadestino sida sideurl страница адресстраницы urlстраницы ページurl 页面url 頁面url submissionsource "
    "formlocation urlofform fullurl",
    "landing_url": "landingurl landingpage landingpageurl entryurl entrypage firstpageurl",
    "referrer": "referrer referer httpreferrer httpreferer referrerurl refererurl referringurl referrername "
    "documentreferrer initialreferrer",
    "ip": "ip ipaddress remoteip clientip userip visitorip senderip ipaddr remoteaddr submissionip",
    "user_agent": "useragent browseruseragent httpuseragent ua",
    "submitted_at": "submittedat submissiontime submissiondate submittedon datesubmitted submitdate "
    "dateofsubmission createdat "
    "datecreated createdtime created createdon submissiontimestamp timestamp receivedat submittime "
    "submitted submittedtime "
    "createddate leadsubmittime addedtime entrytime entrydate eventdatetime firedat completedat sentat dateadded "
    "receivedtime submissiondatetime formsubmissiontime datetimesubmitted",
    "submission_id": "submissionid entryid leadid responseid uniqueid tranid formsubmissionid "
    "submissionuuid submissionguid "
    "conversionid idempotencykey",
    "form_id": "formid formuuid formguid",
    "form_name": "formname formtitle infformname",
    "language": "locale lang browserlanguage sitelanguage",
}
_FIELDS = {name: field for field, names in _NAMES.items() for name in names.split()}
_HOLDERS = frozenset(
    ("meta", "page", "device", "context", "source", "submissioninfo", "request", "tracking", "submission")
)
_OTHER_PAGES = (
    "first",
    "initial",
    "landing",
    "referr",
    "previous",
    "thank",
    "success",
    "redirect",
    "privacy",
    "return",
)
_VISITS = frozenset(("visitor", "visit", "session", "chat", "conversation"))
_FORMS = frozenset(("form", "survey", "forminfo"))
_TRACKED = re.compile(r"https?://\S+[?&](?:utm_\w+|gclid|fbclid|msclkid|gbraid|wbraid|ttclid)=", re.IGNORECASE)
_QUESTION_NUMBER = re.compile(r"^q\d+")
_URL = re.compile(r"https?://|//|www\.|/", re.IGNORECASE)
_SAID_AS_WELL = frozenset(("idempotencykey",))


def about_field(answer: Answer) -> str | None:
    """Return the field of Reading that an answer really is, None when it is the visitor's."""
    if answer.text.startswith("Mozilla/5.0 ("):
        return "user_agent"
    for name in (answer.key, answer.label):
        short = _QUESTION_NUMBER.sub("", squeezed(name.rpartition(".")[2] or name))
        field = _FIELDS.get(short) or _FIELDS.get(short.removeprefix("nolabel")) or _in_holder(answer.path, short)
        field = field or ("page_url" if short.endswith("pageurl") and not short.startswith(_OTHER_PAGES) else None)
        field = field or (None if name.isascii() else _FIELDS.get("".join(words(name))))
        if field and _plausible(field, answer.text.strip()):
            return field
    return "page_url" if squeezed(answer.key) in ("url", "href", "link") and _TRACKED.match(answer.text) else None


def stays(answer: Answer) -> bool:
    """Say whether an answer that tells of the submission is listed among the answers all the same."""
    return squeezed(answer.key) in _SAID_AS_WELL


def _in_holder(path: str, short: str) -> str | None:
    parent = squeezed(path.split(".")[-2]) if "." in path else ""
    if (parent in _HOLDERS or parent in _VISITS) and short in ("url", "href", "uri"):
        return "page_url"
    if parent in _FORMS and short in ("id", "uuid", "name", "title"):
        return "form_id" if short in ("id", "uuid") else "form_name"
    return "submission_id" if parent == "submission" and short in ("id", "uuid") else None


def _plausible(field: str, value: str) -> bool:
    if field in ("page_url", "landing_url", "referrer"):
        return " " not in value and _URL.match(value) is not None
    if field == "ip":
        return is_ip(value)
    if field == "user_agent":
        return "/" in value
    if field == "submitted_at":
        return any(mark.isdigit() for mark in value) and len(value) < 60
    return len(value) < 300


def is_ip(text: str) -> bool:
    """Say whether a text is an IP address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
