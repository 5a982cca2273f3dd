"""The rules of the house, held: who may import whom, how large a module may be, what no part may do."""

import ast
import gc
import re
from functools import cache
from pathlib import Path

import pytest

from leadcapture.later import PARTS

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "leadcapture"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations/versions" not in str(path))
LONGEST = 400
"""Lines of a module; 60 to 200 is usual."""
LONGEST_APP = 60
"""`app.py` assembles and decides nothing."""

STANDARD = {"leadcapture.errors"}
DOMAIN, STORE, LOG = "leadcapture.domain", "leadcapture.store", "leadcapture.log"
LATER = "leadcapture.later"
WEB_EXTENSIONS = {"flask", "flask_wtf", "werkzeug", "jinja2", "markupsafe", "itsdangerous", "wtforms"}
PARSERS = {
    *(
        "marshmallow",
        "phonenumbers",
        "email_validator",
        "python_multipart",
        "altcha",
        "disposable_email_domains",
        "ahocorasick",
    ),
}

# part -> what it may import besides the standard library, itself and `errors`
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "config": set(),
    "log": set(),
    "later": set(),
    "settings": {"leadcapture.foundation", "leadcapture.config", "dotenv"},
    "domain": set(),
    "store": {DOMAIN, LATER, "sqlalchemy", "alembic", "cryptography", "orjson"},
    "nexudus": {DOMAIN, "requests", "urllib3", "marshmallow"},
    "intake": {DOMAIN, STORE, *PARSERS, "tomlkit"},
    "delivery": {DOMAIN, STORE, LOG},
    "web": {DOMAIN, "leadcapture.intake", STORE, LOG, LATER, "leadcapture", "babel", "prometheus_client", "apispec"}
    | WEB_EXTENSIONS
    | {"marshmallow", "orjson"},
    "captcha": {"leadcapture.intake.screening", "requests"},
    "notify": {"requests"},
    "sentry": {"sentry_sdk", LOG},
    "line_shares": set(),
    "slow_clients": {"gunicorn", "leadcapture.line_shares"},
    "held_answers": {"gunicorn", "leadcapture.slow_clients", "leadcapture.web.promised"},
    "main_thread": {"gunicorn", "leadcapture.held_answers", "leadcapture.web.at_hand"},
    "overload": {"leadcapture.main_thread", "leadcapture.web.busy"},
    "supervisor": set(),
    "sandbox": {"jinja2"},
}
ASSEMBLERS = {"app", "assembly", "bootstrap", "cli", "delivering", "foundation", "__init__"}
"""They put the parts together; `bootstrap` and `app` alone make a Crm of a NexudusClient."""


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
@cache
def tree_of(path: Path) -> ast.Module:
    """Make a syntax tree without a garbage collection, in which Python 3.11 miscounts its depth (gh-106905)."""
    gc.disable()
    try:
        return ast.parse(path.read_text("utf-8"))
    finally:
        gc.enable()


@cache
def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            if node.module and node.module.startswith("leadcapture"):
                found |= {f"{node.module}.{alias.name}" for alias in node.names if is_module(node.module, alias.name)}
    return found


def is_module(package: str, name: str) -> bool:
    path = ROOT.joinpath(*package.split("."), name)
    return path.is_dir() or path.with_suffix(".py").exists()


def allowed(imported: str, part: str) -> bool:
    top = imported.partition(".")[0]
    if top != "leadcapture":
        return top in STDLIB or top in {name.partition(".")[0] for name in MAY_IMPORT[part]}
    mine = f"leadcapture.{part}"
    named = MAY_IMPORT[part] | STANDARD | {mine}
    return imported in named or any(imported.startswith(f"{name}.") for name in named - {"leadcapture"})


STDLIB = set(__import__("sys").stdlib_module_names)


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [p for p in MODULES if part_of(p) not in ASSEMBLERS], ids=shown)
def test_imports__follow_the_rules(path: Path) -> None:
    part = part_of(path)
    assert part in MAY_IMPORT, f"{part}: say in MAY_IMPORT, and in an ADR, what it may import"
    assert [name for name in sorted(imports_of(path)) if not allowed(name, part)] == []


def test_imports__only_assemblers_know_both_delivery_and_nexudus() -> None:
    for path in MODULES:
        names = imports_of(path)
        knows = {part for part in ("delivery", "nexudus") if any(n.startswith(f"leadcapture.{part}") for n in names)}
        if part_of(path) not in {"bootstrap", "cli", "delivery", "nexudus"}:
            assert knows == set(), shown(path)
        if part_of(path) in {"delivery", "nexudus"}:
            assert knows <= {part_of(path)}, shown(path)


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_modules__are_small_and_say_what_they_are(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) <= (LONGEST_APP if path.name == "app.py" else LONGEST)
    assert ast.get_docstring(tree_of(path))
    assert not re.search(r"(^|_)(utils?|helpers?|common|base|misc|manager)(_|\.|$)", path.stem)


def calls_of(path: Path) -> list[str]:
    return [ast.unparse(node.func) for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]


def test_environment__is_read_in_settings_alone() -> None:
    reading = {
        shown(path)
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv"}
    }
    assert reading <= {"leadcapture/settings.py", "leadcapture/sandbox/demo.py"}


def test_sleep__is_nowhere() -> None:
    """What waits can be told to stop: it waits for an Event."""
    assert [shown(path) for path in MODULES if "time.sleep" in calls_of(path)] == []


def test_prints__only_where_a_person_watches() -> None:
    printing = {shown(path) for path in MODULES if "print" in calls_of(path)}
    assert printing <= {"leadcapture/sandbox/demo.py", "leadcapture/sandbox/__main__.py"}


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_imports__none_inside_a_function(path: Path) -> None:
    inside = [
        ast.unparse(node)
        for function in ast.walk(tree_of(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_imports__by_name_are_in_later_alone() -> None:
    """A module that is loaded by its name escapes every rule above (docs/adr/012-only-what-is-needed.md)."""
    by_name = {"import_module", "importlib.import_module", "__import__", "exec", "eval"}
    assert {shown(path) for path in MODULES if by_name & set(calls_of(path))} == {"leadcapture/later.py"}


def test_imports__nobody_takes_at_the_top_what_is_loaded_later() -> None:
    for path in MODULES:
        if part_of(path) not in {"cli", "delivering"}:
            assert [name for name in imports_of(path) if name.startswith(PARTS)] == [], shown(path)


def test_project__says_nothing_of_the_workshop() -> None:
    """A clone on a stranger's machine has only the project."""
    texts = [p for p in ROOT.rglob("*") if p.suffix in {".md", ".py", ".toml", ".txt", ".in", ".json", ".html"}]
    mine = [p for p in texts if not {".venv", ".git", ".demo", "node_modules"} & set(p.relative_to(ROOT).parts)]
    secret = re.compile(r"\.\./shared|/work/(main|shared)|\.library\b")
    assert [shown(p) for p in mine if p != Path(__file__) and secret.search(p.read_text("utf-8", "replace"))] == []
