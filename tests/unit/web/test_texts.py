"""Every text of the public pages has a translation into every language, and none is left over."""

import ast
import re
from pathlib import Path

import pytest
from jinja2.ext import babel_extract

import leadcapture
from leadcapture.intake import fields
from leadcapture.intake.forms_schema import LANGUAGES
from leadcapture.web import error_pages, refusals
from leadcapture.web.embed import SOURCE
from leadcapture.web.texts import TRANSLATIONS, Texts

PACKAGE = Path(leadcapture.__file__).parent
TEMPLATES = PACKAGE.parent / "templates"
TEXTS = Texts()
PLACEHOLDER = re.compile(r"\{\w+\}")


def in_templates():
    """Every text inside `_()` of the public templates and error pages."""
    for path in [*TEMPLATES.glob("public/*.html"), *TEMPLATES.glob("errors/*.html"), TEMPLATES / "base.html"]:
        with path.open("rb") as file:
            yield from (text for _, _, text, _ in babel_extract(file, ("_",), (), {}))


def in_modules():
    """Every text that a module of web or intake hands to the translator."""
    yield from fields.MESSAGES.values()
    for pair in refusals.REASONS.values():
        yield from pair
    yield from (*error_pages.TITLES.values(), *error_pages.MESSAGES.values())
    yield from (error_pages.OTHER_TITLE, error_pages.OTHER_MESSAGE, refusals.CHECK_FIELDS, refusals.FILL_IN)


def sources():
    return sorted({*in_templates(), *in_modules()})


def catalog(language):
    return {text: TEXTS.translator(language)(text) for text in sources()}


def test_texts__speak_every_language_of_forms_toml():
    assert set(TEXTS.languages) == set(LANGUAGES)


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_texts__every_one_is_translated(language):
    missing = [text for text, translated in catalog(language).items() if translated == text]
    assert missing == []


def test_texts__the_scripts_own_words_are_those_of_the_pages():
    table = re.search(r"const TEXTS = \{(.*?)\};", SOURCE.read_text("utf-8"), re.DOTALL)
    words = re.findall(r': "(.*)",', table[1])
    assert len(words) == 4
    assert set(words) <= set(in_templates())


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_texts__placeholders_survive_the_translation(language):
    for text, translated in catalog(language).items():
        assert PLACEHOLDER.findall(text) == PLACEHOLDER.findall(translated)


@pytest.mark.parametrize("path", sorted(TRANSLATIONS.glob("*.po")), ids=lambda path: path.stem)
def test_texts__no_translation_is_left_over(path):
    ids = {ast.literal_eval(line.removeprefix("msgid ")) for line in path.read_text().splitlines() if "msgid " in line}
    assert ids - {""} == set(sources())


def test_translator__takes_a_region_and_leaves_what_it_does_not_know():
    assert TEXTS.translator("de-AT")("Send") == "Senden"
    assert TEXTS.translator("de")("Something that nobody wrote") == "Something that nobody wrote"
    assert TEXTS.translator("it")("Send") == "Send"
