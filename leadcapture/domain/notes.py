"""The Notes of an opportunity: what a salesperson reads, and the reference by which we find it again."""

import re
from collections.abc import Iterable

from leadcapture.domain.attribution_notes import attribution_lines
from leadcapture.domain.lead import Consent, Content
from leadcapture.domain.submission import Answer, FilePart

REFERENCE = "Lead reference: "
LINE_END = re.compile(r"\r\n?|[\x85\u2028\u2029]")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]")
MARKUP = str.maketrans({"<": "‹", ">": "›"})


def plain(text: str) -> str:
    """Return text that no browser takes for markup: line ends are \\n, no control characters, no angle brackets."""
    if not (text.isascii() and text.isprintable()):
        text = CONTROL.sub("", LINE_END.sub("\n", text))
    return (text.translate(MARKUP) if "<" in text or ">" in text else text).strip()


def line(text: str) -> str:
    """Return plain text on one line."""
    return " ".join(plain(text).split())


def write_notes(lead_id: str, content: Content, template_notes: str = "") -> str:
    """Write the Notes: message, answers by label, files, where the lead came from, consent, its reference."""
    parts = [
        plain(content.message),
        plain(template_notes),
        "\n".join(_answers(content)),
        "\n".join(_files(content.files)),
        "\n".join(attribution_lines(content.attribution)),
        _consent(content.consent),
        f"{REFERENCE}{lead_id}",
    ]
    return "\n\n".join(part for part in parts if part)


def shorten_notes(notes: str, length: int) -> str:
    """Cut Notes to `length` characters, the lead's reference kept as the last line."""
    if len(notes) <= length:
        return notes
    body, _, reference = notes.rpartition("\n")
    kept = body[: max(0, length - len(reference) - 2)].rstrip()
    return f"{kept}…\n{reference}"[-length:] if kept else reference[:length]


def add_to_notes(existing: str, addition: str) -> str:
    """Put an enquiry under what an opportunity's Notes already say."""
    return f"{existing.rstrip()}\n\n{addition}" if existing.strip() else addition


def _answers(content: Content) -> Iterable[str]:
    if content.subject:
        yield f"Subject: {line(content.subject)}"
    message = plain(content.message)
    for answer in content.answers:
        text = plain(answer.text)
        stands_at_the_top = text == message and content.message_from in ("", answer.path)
        if text and not stands_at_the_top:
            yield f"{_label(answer)}: {text}"


def _label(answer: Answer) -> str:
    return line(answer.label or answer.key or answer.path).rstrip(":*? ") or "Answer"


def _files(files: Iterable[FilePart]) -> Iterable[str]:
    for part in files:
        yield f"File not stored: {line(part.field)}: {line(part.filename)} ({part.size_bytes} bytes)"


def _consent(consent: Consent | None) -> str:
    if consent is None:
        return ""
    given = f"given {consent.at:%Y-%m-%d %H:%M} UTC" if consent.given else "not given with this post"
    return f"Consent: “{line(consent.wording)}” {given}"
