"""Parts that most processes never need, loaded when they are first wanted (docs/adr/012-only-what-is-needed.md).

The one place where a part is imported by its name. Everything else is imported at the top of a module.
"""

from importlib import import_module
from typing import Any

PARTS = (
    "leadcapture.bootstrap",
    "leadcapture.captcha",
    "leadcapture.cli.",
    "leadcapture.intake.forms_writer",
    "leadcapture.sentry",
    "leadcapture.store.migrating",
)
"""What may be loaded so; a name that ends with a dot stands for all that is below it."""


def load_part(name: str) -> Any:
    """Return a module; the first time takes as long as reading it does."""
    if not name.startswith(PARTS):
        raise ValueError(f"{name}: is imported at the top of a module, as everything is")
    return import_module(name)
