"""WordPress: Elementor Pro, Contact Form 7, Gravity Forms, WPForms, Fluent Forms and Ninja Forms."""

import re
from ipaddress import ip_address
from typing import Any

from leadcapture.domain.submission import Answer, Found
from leadcapture.intake.answers import answer_of, answers_in, said_by
from leadcapture.intake.builders.shape import Builder, Draft, Headers, find, text_at, without
from leadcapture.intake.values import is_email, looks_like_phone
from leadcapture.intake.vocabulary_controls import tracking_name
from leadcapture.intake.vocabulary_types import declared_type

_ELEMENTOR_META = {
    "page_url": "meta.page_url.value",
    "ip": "meta.remote_ip.value",
    "user_agent": "meta.user_agent.value",
    "submitted_at": "meta.date.value&meta.time.value",
    "form_id": "form.id",
    "form_name": "form.name",
}


def _elementor(tree: Any, headers: Headers) -> list[Draft]:
    if isinstance(find(tree, "fields"), dict | list) and not isinstance(find(tree, "fields"), str):
        return [_elementor_advanced(tree)]
    return [_elementor_simple(tree)]


def _elementor_advanced(tree: Any) -> Draft:
    fields = find(tree, "fields")
    answers = []
    for key, item in fields.items() if isinstance(fields, dict) else enumerate(fields):
        if not isinstance(item, dict):
            answers.extend(answers_in(item, f"fields.{key}", str(key)))
            continue
        name = text_at(item, "id") or str(key)
        label = text_at(item, "title") or name
        value = item.get("value") if said_by(item.get("value")) else item.get("raw_value")
        answer = answer_of(name, value, f"fields.{key}", label, declared_type(text_at(item, "type")))
        if answer is not None:
            answers.append(answer)
    answers.extend(answers_in(without(tree, ("fields", "form", "meta"))))
    about = {name: text_at(tree, paths) for name, paths in _ELEMENTOR_META.items()}
    return Draft(answers, {name: text for name, text in about.items() if text})


def _elementor_simple(tree: dict[str, Any]) -> Draft:
    """The keys of the metadata are in the site's language: tell them by their values, which end the post."""
    about = {"form_id": text_at(tree, "form_id"), "form_name": text_at(tree, "form_name")}
    items = [(key, value) for key, value in tree.items() if key not in ("form_id", "form_name")]
    while items and (found := _meta_of(items, about)):
        about.update(found)
        items.pop()
    return Draft(answers_in(dict(items)), {name: text for name, text in about.items() if text})


def _meta_of(items: list[tuple[str, Any]], about: dict[str, str]) -> dict[str, str]:
    """Return what the last item says of the post, {} when it is an answer. They come in a fixed order:
    date, time, page, browser, address, and the credit."""
    key, value = items[-1]
    text = said_by(value)
    if not isinstance(text, str):
        return {}
    lower = key.lower()
    if text == "Elementor":
        return {"credit": ""}
    if "ip" not in about and _is_ip(text):
        return {"ip": text}
    if "user_agent" not in about and (text.startswith("Mozilla/") or lower == "user agent"):
        return {"user_agent": text}
    page_may_follow = not {"page_url", "submitted_at"} & set(about)
    if page_may_follow and text.startswith(("http://", "https://")) and ("ip" in about or lower == "page url"):
        return {"page_url": text}
    return _elementor_moment(lower, text, about)


def _elementor_moment(lower: str, text: str, about: dict[str, str]) -> dict[str, str]:
    if "time" not in about and (lower == "time" or ("page_url" in about and re.search(r"\d{1,2}[:.]\d{2}", text))):
        return {"time": text, "submitted_at": text}
    if "date" not in about and (lower == "date" or ("time" in about and any(mark.isdigit() for mark in text))):
        return {"date": text, "submitted_at": f"{text} {about.get('time', '')}".strip()}
    return {}


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


_SUB_INPUT = re.compile(r"(\d+)[._](\d+)")
_NAME_PARTS = {"2": "prefix", "3": "first_name", "4": "middle", "6": "last_name", "8": "suffix"}
_LEGAL_FORM = re.compile(
    r".*\b(ltd|limited|llc|llp|inc|gmbh|ag|ug|kg|corp|plc|s\.?a\.?s?|s\.?l\.?|s\.?r\.?l|b\.?v|"
    r"sp\. ?z ?o\. ?o|oy|ab|aps|pty)\.?",
    re.IGNORECASE | re.DOTALL,
)
_ENTRY = (
    "id form_id post_id date_created date_updated is_starred is_read ip source_url user_agent currency payment_status "
    "payment_date payment_amount payment_method transaction_id is_fulfilled created_by transaction_type status "
    "source_id submission_speeds is_approved is_synced form_title resume_token partial_entry_id"
)
_ENTRY_KEYS = tuple(_ENTRY.split())
_GRAVITY_ABOUT = {
    "submission_id": "entry_id|id",
    "form_id": "form_id",
    "form_name": "form_title",
    "page_url": "source_url",
    "ip": "ip",
    "user_agent": "user_agent",
    "submitted_at": "date_created",
}


def _gravity(tree: Any, headers: Headers) -> list[Draft]:
    numbered = isinstance(tree, dict) and any(key.isdigit() or _SUB_INPUT.fullmatch(key) for key in tree)
    plain = Builder("gravity-forms", about=_GRAVITY_ABOUT, aside=(*_ENTRY_KEYS, "entry_id"))
    if not numbered:
        return [plain.draft(tree, headers)]
    draft = plain.draft({key: value for key, value in tree.items() if key in (*_ENTRY_KEYS, "entry_id")}, headers)
    draft.answers = _entry_answers({key: value for key, value in tree.items() if key not in _ENTRY_KEYS}, draft)
    _guess_unlabelled(draft)
    return [draft]


def _entry_answers(entry: dict[str, Any], draft: Draft) -> list[Answer]:
    """Put the inputs of one field together: a name by its halves, an address, the boxes that were ticked."""
    groups: dict[str, dict[str, str]] = {}
    answers: list[Answer] = []
    for key, value in entry.items():
        match = _SUB_INPUT.fullmatch(key)
        if match is None:
            answers.extend(answers_in({key: value}))
        elif isinstance(text := said_by(value), str):
            groups.setdefault(match.group(1), {})[match.group(2)] = text
    for number, parts in groups.items():
        said = tuple(text for text in parts.values() if text)
        if _is_person(parts) and "first_name" not in draft.contact:
            for part, text in parts.items():
                name, path = _NAME_PARTS[part], f"{number}.{part}"
                if text and name.endswith("_name"):
                    draft.contact[name] = Found(text, path, "builder")
                if text:
                    answers.append(Answer(path, path, path, text))
        elif said:
            answers.append(Answer(number, number, number, said[0] if len(said) == 1 else said))
    return answers


def _is_person(parts: dict[str, str]) -> bool:
    """Only the name field has inputs 3 and 6 without 1 and 5 (an address has both, boxes count from 1)."""
    return set(parts) <= set(_NAME_PARTS) and bool(parts.get("3") or parts.get("6")) and "6" in parts


def _guess_unlabelled(draft: Draft) -> None:
    """An entry has no labels: a firm is known by its legal form, the message as the one text in sentences."""
    texts = [
        answer
        for answer in draft.answers
        if isinstance(answer.value, str)
        and answer.key.isdigit()
        and not is_email(answer.value)
        and not looks_like_phone(answer.value)
        and not answer.value.startswith(("http://", "https://"))
    ]
    for answer in texts:
        text = str(answer.value)
        if len(text) < 80 and _LEGAL_FORM.fullmatch(text):
            draft.contact.setdefault("company", Found(text, answer.path, "value"))
    sentences = [answer for answer in texts if str(answer.value).count(" ") >= 3]
    if sentences:
        longest = max(sentences, key=lambda answer: len(str(answer.value)))
        draft.contact.setdefault("message", Found(str(longest.value), longest.path, "value"))


def _with_lists(tree: Any) -> Any:
    """WPForms joins several choices with `||`."""
    if isinstance(tree, dict):
        return {key: _with_lists(value) for key, value in tree.items()}
    if isinstance(tree, str) and "||" in tree:
        return [part.strip() for part in tree.split("||") if part.strip()]
    return tree


def _fluent(tree: Any, headers: Headers) -> list[Draft]:
    aside: tuple[str, ...] = ("__submission", "_wp_http_referer", "__fluent_form_embded_post_id", "_fluentform_*")
    repeated = find(tree, "__submission.user_inputs")
    outer = [key for key in tree if not key.startswith("_")] if isinstance(tree, dict) else []
    draft = Builder("fluent-forms", about=_FLUENT_ABOUT, aside=aside).draft(tree, headers)
    if not outer and isinstance(repeated, dict):
        draft.answers = answers_in(repeated, "__submission.user_inputs")
    draft.answers = [answer for answer in draft.answers if tracking_name(answer.key) or answer.text]
    return [draft]


_FLUENT_ABOUT = {
    "submission_id": "__submission.id|entry_id|submission_id",
    "form_id": "__submission.form_id|form_id",
    "page_url": "__submission.source_url|source_url",
    "ip": "__submission.ip|ip",
    "submitted_at": "__submission.created_at|created_at",
}

_CF7_ASIDE = (
    "_wpcf7*", "_post_id", "_post_name", "_post_author", "_post_author_email", "_site_title", "_site_description",
    "_site_url", "_site_admin_email", "_user_login", "_user_email", "_user_first_name", "_user_last_name",
    "_user_nickname",
    "_user_display_name", "_invalid_fields", "_serial_number", "_post_url", "_url", "_remote_ip",
    "_user_agent", "_date",
    "_time", "_hash", "_referer",
)  # fmt: skip

WORDPRESS = (
    Builder(
        "elementor-pro",
        marks=(
            ("form.id", "fields.*.raw_value"),
            ("fields.*.raw_value", "fields.*.required"),
            ("form_id", "form_name", "Powered by"),
            ("fields", "meta.credit"),
        ),
        loose_marks=(("form_id", "form_name"),),
        read=_elementor,
    ),
    Builder(
        "contact-form-7",
        marks=(("_wpcf7",), ("_wpcf7_unit_tag",), ("your-name",), ("your-email",), ("_post_title", "_url")),
        about={
            "page_url": "_url|_post_url",
            "ip": "_remote_ip",
            "user_agent": "_user_agent",
            "submitted_at": "_date&_time",
            "form_id": "_wpcf7",
            "language": "_wpcf7_locale",
            "referrer": "_referer",
        },
        aside=_CF7_ASIDE,
    ),
    Builder(
        "gravity-forms",
        marks=(("form_id", "source_url", "date_created"), ("is_starred", "date_created")),
        read=_gravity,
    ),
    Builder(
        "wpforms",
        headers=("x-wpforms-webhook-id", "x-wpforms-webhook-signature", "user-agent: wpforms"),
        about={"submission_id": "entry_id|submission_id"},
        aside=("entry_id",),
        reshape=_with_lists,
    ),
    Builder("fluent-forms", marks=(("__submission",), ("__fluent_form_embded_post_id",)), read=_fluent),
    Builder("ninja-forms", about={"submission_id": "submission_id|sub_id|_seq_num"}),
)
