"""What pages say, in the visitor's language: Babel's catalogs, read from their .po files at start."""

from collections.abc import Callable
from pathlib import Path

from babel.messages.pofile import read_po

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
