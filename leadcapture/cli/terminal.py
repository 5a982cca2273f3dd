"""What strangers have written, as a terminal may show it."""

import re

_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Controls, which a terminal obeys, and marks of direction, which let a text read as another one."""


def visible(text: str) -> str:
    r"""Return a text in which what would act on the terminal is written out, such as \u202e: JSON stays what it is."""
    return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", text.replace("\r\n", "\n"))
