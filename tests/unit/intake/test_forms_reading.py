"""A forms.toml that is read with a warning, and one that cannot be read at all."""

import pytest
from forms_texts import LEAST, MAIN, read

from leadcapture.errors import ConfigError
from leadcapture.intake.forms_file import load_forms

QUESTION = '[[forms.tour.fields]]\nname = "q"\nlabel = "Q"\n'


@pytest.mark.parametrize(
    "more",
    [
        QUESTION + 'type = "select"\noptions = ["a", "b"]',
        QUESTION + 'type = "radio"\noptions = ["a"]',
        QUESTION + 'type = "checkbox"',
        QUESTION + 'min = "words"',
        QUESTION + 'type = "number"\nmin = 1\nmax = 2.5',
        QUESTION + 'to = "notes"\n' + QUESTION.replace('"q"', '"r"') + 'to = "notes"',
        '[forms.tour.opportunity]\nName = "{full_name} {email} {phone} {company} {message}"',
        "[forms.tour.opportunity]\nOpportunityTypeId = 1\nValue = 0\nDueDate = 2026-09-01T09:00:00Z\nReminded = false",
        '[forms.tour.opportunity]\nLossReason = 99\nStatus = "Won"\nUtmTerm = "{email}"',
        '[forms.tour.hooks.carrd]\nkey_env = "K"',
    ],
)
def test_forms_file__what_fits_is_neither_a_fault_nor_warned_of(more):
    assert read(LEAST + more, {"K": "k"}).warnings == ()


def test_forms_file__an_address_may_be_asked_for_as_text():
    said = LEAST.replace('type = "email"', 'to = "coworker.Email"')

    assert [field.name for field in read(said).forms["tour"].fields if field.to == "coworker.Email"] == ["email"]


@pytest.mark.parametrize(
    ("more", "warning"),
    [
        ('allowed_origins = ["*"]', "allowed_origins: “*” lets every website post"),
        ('success_url = "https://a.example/t"\nredirect_hosts = ["b.example"]', "success_url: its host is not in"),
        ('success_url = "https://not-a.example/t"\nredirect_hosts = ["a.example"]', "success_url: its host is not in"),
        ('success_url = "https://bücher.example/t"\nredirect_hosts = ["Bücher.example"]', None),
        ('success_url = "https://bücher.example/t"\nredirect_hosts = ["xn--bcher-kva.example"]', None),
        ('success_url = "https://a.example:8443/t"\nredirect_hosts = ["A.example"]', None),
    ],
)
def test_forms_file__what_is_hardly_meant_is_warned_of(more, warning):
    found = read(f"[defaults]\n{more}\n{LEAST}").warnings

    assert [text.startswith(f"forms.toml: forms.tour.{warning}") for text in found] == ([True] if warning else [])


def test_forms_file__an_empty_signing_secret_is_warned_of():
    hook = '[forms.tour.hooks.webflow]\nkey_env = "K"\nsecret_env = "S"'

    assert read(LEAST + hook, {"K": "k"}).warnings == (
        "forms.toml: forms.tour.hooks.webflow.secret_env: S is empty or not set: this endpoint refuses every call",
    )
    assert read(LEAST + hook, {"K": "k", "S": "s"}).warnings == ()


@pytest.mark.parametrize(
    ("builder", "signs"),
    [
        *((builder, True) for builder in ("webflow", "netlify", "google-ads", "auto", "zapier", "generic")),
        *((builder, False) for builder in ("carrd", "wix", "elementor")),
    ],
)
def test_forms_file__a_secret_for_a_builder_that_signs_nothing_is_warned_of(builder, signs):
    hook = f'[forms.tour.hooks.{builder}]\nkey_env = "K"\nsecret_env = "S"'

    found = read(LEAST + hook, {"K": "k", "S": "s"}).warnings

    assert ["signs nothing" in text for text in found] == ([] if signs else [True])


def test_forms_file__of_a_folder(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(LEAST, encoding="utf-8")

    assert list(load_forms(file, {}, MAIN).forms) == ["tour"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "FORMS_FILE: mine.toml is not there: copy the repository's forms.toml"),
        (b"\xff\xfe", "FORMS_FILE: mine.toml can't be read: UnicodeDecodeError"),
        (b"[forms", "mine.toml: not TOML: "),
        (b"a = 1\na = 2", "mine.toml: not TOML: "),
        (b"", "mine.toml: forms: "),
    ],
)
def test_forms_file__that_cannot_be_read(tmp_path, content, problem):
    file = tmp_path / "mine.toml"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(ConfigError) as error:
        load_forms(file, {}, MAIN)

    assert len(error.value.problems) == 1
    assert error.value.problems[0].startswith(problem)


def test_forms_file__a_folder_in_its_place(tmp_path):
    with pytest.raises(ConfigError, match=r"^FORMS_FILE: .* can't be read: IsADirectoryError$"):
        load_forms(tmp_path, {}, MAIN)
