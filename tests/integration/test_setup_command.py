"""`flask leads setup`: pick lists, refusals, and a file that the service can read."""

import pytest
from admin_site import PROJECT, open_desk

from leadcapture.cli import leads_group
from leadcapture.intake.forms_file import load_forms
from leadcapture.sandbox.seed import LOCATION, PASSWORD, USERNAME


@pytest.fixture
def desk(tmp_path, sandbox):
    forms = tmp_path / "forms.toml"
    forms.write_text((PROJECT / "forms.toml").read_text())
    desk = open_desk(tmp_path, signed_in=False, nexudus_url=sandbox.url, forms_file=str(forms))
    yield desk
    desk.store.close()


def run(desk, *arguments, typed=""):
    return desk.app.test_cli_runner().invoke(leads_group, ["setup", *map(str, arguments)], input=typed)


def forms_of(desk, path):
    return load_forms(path, {}, desk.app.extensions["leadcapture"].catalogue.connections["main"]).forms


def test_setup__asks_step_by_step(tmp_path, desk):
    answers = ["1", "2", "0", "1", "1", "2", "https://www.space.example https://space.example"]
    typed = "\n".join([USERNAME, PASSWORD, "", *answers, "y", ""])
    result = run(desk, typed=typed)
    assert result.exit_code == 0, result.output
    assert "Signed in to Nexudus as John Doe" in result.output
    assert "CAN'T BE CHOSEN: deletes the account" in result.output
    forms = forms_of(desk, tmp_path / "forms.toml")
    assert {form.board_column for form in forms.values()} == {1002}
    assert "OpportunityTypeId" not in forms["contact"].constants
    assert forms["tour"].constants["OpportunityTypeId"] == 55
    assert [form.constants["ResponsibleId"] for form in forms.values()] == [303914611, 303914612]
    assert forms["tour"].allowed_origins == ("https://www.space.example", "https://space.example")
    assert (tmp_path / "forms.toml.before").exists()


def test_setup__at_enter_leaves_everything_as_it_is(tmp_path, desk):
    before = forms_of(desk, tmp_path / "forms.toml")
    result = run(desk, typed="\n".join([USERNAME, PASSWORD, *[""] * 10]))
    assert result.exit_code == 0, result.output
    assert forms_of(desk, tmp_path / "forms.toml") == before
    assert before["tour"].constants["ResponsibleId"] and "ResponsibleId" not in before["contact"].constants


def test_setup__asks_again_for_a_stage_that_can_be_chosen(desk):
    result = run(desk, typed="\n".join([USERNAME, PASSWORD, "", "", "7", "6", "2", *[""] * 7]))
    assert result.exit_code == 0, result.output
    assert result.output.count("This can't be chosen") == 2


def test_setup__says_first_that_the_sign_in_was_refused(tmp_path, sandbox):
    wrong = {"nexudus_url": sandbox.url, "nexudus_email": USERNAME, "nexudus_password": "wrong"}
    desk = open_desk(tmp_path, signed_in=False, **wrong)
    assert "Nexudus refused the sign-in of NEXUDUS_EMAIL" in run(desk, "--yes").output
    desk.store.close()


def test_setup__takes_everything_as_options(tmp_path, desk):
    run(desk, typed="\n".join([USERNAME, PASSWORD, *[""] * 10]))
    output = tmp_path / "new.toml"
    chosen = ("--location", LOCATION, "--stage", 1003, "--type", "tour=55", "--owner", 303914612)
    result = run(desk, "--yes", *chosen, "--website", "https://www.space.example", "--output", output)
    assert result.exit_code == 0, result.output
    forms = forms_of(desk, output)
    assert forms["tour"].board_column == 1003
    assert forms["contact"].allowed_origins == ("https://www.space.example",)
    assert forms["contact"].constants["ResponsibleId"] == 303914612


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--location", 99), "there is 1234566 “Demo Space”"),
        (("--location", LOCATION, "--stage", 1099), "would harm every new customer"),
        (("--location", LOCATION, "--stage", 1001, "--type", "nonsense"), "such as tour=55"),
        (("--connection", "lisbon"), "no connection lisbon"),
    ],
)
def test_setup__refuses_in_plain_words(tmp_path, desk, arguments, said):
    before = (tmp_path / "forms.toml").read_text()
    run(desk, "--location", 99, typed="\n".join([USERNAME, PASSWORD, "", ""]))
    result = run(desk, "--yes", *arguments)
    assert result.exit_code != 0
    assert said in result.output
    assert "Traceback" not in result.output
    assert (tmp_path / "forms.toml").read_text() == before


def test_setup__without_a_sign_in_says_so(desk):
    result = run(desk, "--yes")
    assert "flask leads connect" in result.output
