"""A form's parts as PHP would hold them and write them as JSON: what WPForms signs when it posts a form."""

import json
from collections.abc import Sequence
from typing import Any

from leadcapture.intake.nesting import nest


def php_json(pairs: Sequence[tuple[str, Any]], max_fields: int = 1000, max_depth: int = 32) -> str:
    """Return `wp_json_encode` of the array that PHP made of `pairs`: compact, with `/` and other scripts escaped."""
    array = nest(((key, str(value)) for key, value in pairs), max_fields, max_depth, inner_json=False)
    return json.dumps(array, separators=(",", ":")).replace("/", "\\/")
