"""The documentation is held to the code: names, links, commands."""

import re
import tomllib
from pathlib import Path

import pytest

from leadcapture.domain.opportunity import OPPORTUNITY_FIELDS
from leadcapture.intake.builders import BUILDERS
from leadcapture.intake.builders.names import ALIASES
from leadcapture.intake.forms_schema import FormSchema, HookSchema, InheritedSchema, LimitsSchema
from leadcapture.intake.signature_schemes import KEY_FIELDS, SCHEMES

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
CONFIGURATION = (ROOT / "docs/configuration.md").read_text()
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links__lead_to_files_that_exist(page: Path) -> None:
    targets = [target for target in LINK.findall(page.read_text()) if "://" not in target and ":" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_pages__name_no_path_of_a_machine(page: Path) -> None:
    assert not re.search(r"/(work|root|home)/\w+", page.read_text())


def test_settings__are_all_documented_and_nothing_else_is() -> None:
    read = set(re.findall(r'reader\.\w+\(\s*"([A-Z_]+)"', (ROOT / "leadcapture/config.py").read_text()))
    read |= {"SECRET_KEY", "SMTP_URL"}
    table = CONFIGURATION.split("## forms.toml")[0]
    documented = set(re.findall(r"`([A-Z][A-Z_]{3,})`", table)) - {"DYNO", "INFO"}
    assert read == documented


@pytest.mark.parametrize("schema", [InheritedSchema, FormSchema, LimitsSchema])
def test_forms_file__every_key_is_documented(schema: type) -> None:
    keys = {field.data_key or name for name, field in schema().fields.items()}
    assert {key for key in keys if f"`{key}`" not in CONFIGURATION} <= {"opportunity", "fields", "hooks"}


def test_opportunity_fields__are_all_documented() -> None:
    words = set(re.findall(r"\w+", CONFIGURATION))
    assert {name for name in OPPORTUNITY_FIELDS if name not in words and not name.startswith("Utm")} == set()


def test_readme__commands_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    commands = re.findall(r"^make (\w+)", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert commands and all(re.search(rf"^{command}:", makefile, re.MULTILINE) for command in commands)


def test_builders__have_pages_that_name_their_route() -> None:
    for page in (ROOT / "docs/builders").glob("*.md"):
        routes = re.findall(r"/hooks/[a-z<>-]+/([a-z0-9-]+)", page.read_text())
        assert routes and set(routes) <= {*BUILDERS, "auto"}, page.name


def test_builders__the_index_names_every_one_and_its_page() -> None:
    folder = ROOT / "docs/builders"
    rows = [line.split("|") for line in (folder / "README.md").read_text().splitlines() if line.startswith("| ")]
    listed = {name for row in rows if len(row) == 7 for name in re.findall(r"`([a-z0-9-]+)`", row[1])}
    assert listed == BUILDERS - set(ALIASES)
    pages = {page.stem for page in folder.glob("*.md")} - {"README"}
    assert pages <= listed and len(pages) >= 14


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent.name == "builders"], ids=lambda page: page.stem)
def test_builders__their_part_of_forms_toml_is_valid(page: Path) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", page.read_text(), re.DOTALL)
    hooks = tomllib.loads("\n".join(line.strip() for line in blocks[0].splitlines()))["forms"]["tour"]["hooks"]
    for name, table in hooks.items():
        HookSchema().load(table)
        assert page.stem in {name, "README"}
        assert "secret_env" not in table or name in {*SCHEMES, *KEY_FIELDS}
