"""What is left when no field was called a message: the answer in sentences to a question of the form's own."""

import re

from leadcapture.domain.submission import Answer
from leadcapture.intake.values import is_email, looks_like_phone
from leadcapture.intake.wording import words

_NOT_WRITTEN = frozenset(("choice", "checkbox", "date", "time", "number", "url", "hidden", "email", "tel", "name"))
_MACHINE = re.compile(r"[\w.:/-]*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_ENDS = ("?", "？", ".", "!", "。", "！", "؟", ";")
_FEWEST_SPACES, _FEWEST_SIGNS = 3, 10
_CONSENTS = """
i agree|i accept|i consent|i have read|i would like to receive|yes i|by submitting|ich stimme|ich habe|ich bin damit|
ich akzeptiere|ich willige|ja ich|j accepte|j ai lu|je consens|oui j|acepto|he leido|si acepto|autorizo|consiento|
aceito|li e|concordo|accetto|ho letto|acconsento|autorizzo|ik ga|ik heb|ja ik|akceptuje|wyrazam|zapoznal|jag godkanner|
jag samtycker|jeg accepterer|jeg samtykker|jeg godkender|jeg godtar|hyvaksyn|souhlasim|kabul ediyorum|onayliyorum|
sunt de acord|elfogadom|hozzajarulok|αποδεχομαι|συμφωνω|согласен|я согласен|даю согласие|
нажимая|погоджуюсь|я погоджуюсь|даю згоду|אני מאשר|אני מסכים|أوافق|اوافق|同意|我已|私は|동의
"""
_CONSENT = tuple(" ".join(words(one)) for one in _CONSENTS.replace("\n", "").split("|"))
_NEVER_WORDS = """
    name title id type url link subject source campaign ad address city path agent browser device referrer consent
    agree gdpr privacy terms policy date time options newsletter marketing version summary
    """
_NEVER = frozenset(_NEVER_WORDS.split())


def reads_like_a_message(answer: Answer) -> bool:
    """Say whether somebody wrote this in words of his own, in answer to a question and not as a machine's value."""
    text = answer.text.strip()
    if answer.type in _NOT_WRITTEN or not isinstance(answer.value, str) or _MACHINE.fullmatch(answer.label):
        return False
    if is_email(text) or looks_like_phone(text) or "://" in text[:12] or text[:1] in "{[<":
        return False
    if not _NEVER.isdisjoint(words(answer.label)) or " ".join(words(text[:80])).startswith(_CONSENT):
        return False
    asked = answer.label.rstrip(" *:").endswith(_ENDS) or text.endswith(_ENDS)
    return _is_written(text, 1 if asked else 2)


def _is_written(text: str, times: int) -> bool:
    """Say whether a text is long enough to be more than a choice; what answers no question must be twice as long."""
    if _UNSPACED.search(text):
        return len(text) >= _FEWEST_SIGNS * times
    letters = sum(mark.isalpha() for mark in text)
    return text.count(" ") >= _FEWEST_SPACES * times and letters * 2 > len(text)
