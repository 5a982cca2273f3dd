"""What the screening looks at: as much of a lead as tells what it is, so that no text keeps a server busy.

Everything that reads a whole text may cost more than its length (Unicode's normal forms sort piled-up accents, a
pattern may be tried at each place), so lengths are bounded here, once, before anything is looked at.
"""

import unicodedata
from dataclasses import replace

from leadcapture.domain.lead import Content
from leadcapture.domain.submission import Answer

READ = 6000
"""How much of one text is looked at: its beginning and its end."""
READ_IN_ALL = 2 * READ
ANSWERS = 200
NAME = 300
ACCENTS = 8
"""More accents on one letter than any script piles up."""


def seen(content: Content) -> Content:
    """Return a lead as the screening sees it; nothing is changed in an ordinary one."""
    size = sum(len(answer.text) for answer in content.answers) + len(content.message) + len(content.subject)
    if size <= READ and len(content.answers) <= ANSWERS and _is_plain(content):
        return content
    return replace(
        content,
        answers=tuple(_bounded(content.answers)),
        message=bounded(content.message, READ),
        subject=bounded(content.subject, NAME),
        mapped={target: bounded(value, NAME) for target, value in content.mapped.items()},
    )


def bounded(text: str, length: int) -> str:
    """Return the beginning and the end of a text, without piles of accents."""
    if len(text) > length:
        text = f"{text[: length // 2]}\n{text[-length // 2 :]}"
    return text if text.isascii() else _without_piles(text)


def _is_plain(content: Content) -> bool:
    texts = (*(answer.text for answer in content.answers), content.message, *content.mapped.values())
    return all(text.isascii() and len(text) <= READ for text in texts)


def _bounded(answers: tuple[Answer, ...]) -> list[Answer]:
    kept, left = [], READ_IN_ALL
    for answer in answers[:ANSWERS]:
        text = bounded(answer.text, min(READ, left))
        left -= len(text)
        kept.append(replace(answer, value=text, key=answer.key[:NAME], label=answer.label[:NAME]))
        if left <= 0:
            break
    return kept


def _without_piles(text: str) -> str:
    kept, pile = [], 0
    for sign in text:
        pile = pile + 1 if unicodedata.combining(sign) else 0
        if pile <= ACCENTS:
            kept.append(sign)
    return "".join(kept)
