"""What pages say, in the visitor's language: Babel's catalogs, read from their .po files at start."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from leadcapture.domain.form import Field, FieldType, Form
from leadcapture.errors import FieldError
from leadcapture.intake.fields import MESSAGES, limit_of

TRANSLATIONS = Path(__file__).parent / "translations"


class Texts:
    """Translations by language; English is the text itself."""

    def __init__(self, folder: Path = TRANSLATIONS) -> None:
        self._catalogs: dict[str, dict[str, str]] = {}
        for path in sorted(folder.glob("*.po")):
            with path.open("rb") as file:
                catalog = read_po(file, locale=path.stem)
            self._catalogs[path.stem] = {
                str(message.id): str(message.string) for message in catalog if message.id and message.string
            }

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that pages can speak."""
        return ("en", *self._catalogs)

    def translator(self, language: str) -> Callable[[str], str]:
        """Return a function from English to `language`; what has no translation stays English."""
        catalog = self._catalogs.get(language.partition("-")[0].lower(), {})
        return lambda text: catalog.get(text, text)

    def fault(self, form: Form, error: FieldError, language: str) -> str:
        """Return what is wrong with an answer, its limit written as that language writes it."""
        text, field = MESSAGES.get(error.code), form.field_named(error.field)
        if text is None:
            return error.message
        limit = _limit(field, limit_of(field, error.code), language) if field else ""
        return self.translator(language)(text).format(limit=limit)


def _limit(field: Field, text: str, language: str) -> str:
    try:
        if field.type is FieldType.DATE:
            return format_date(date.fromisoformat(text), "long", locale=language)
        if field.type is FieldType.TIME:
            return text[:5]
        return format_decimal(Decimal(text), locale=language)
    except (ValueError, InvalidOperation):
        return text
