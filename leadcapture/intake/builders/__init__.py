"""Builders by name. `BUILDERS` is what routes and forms.toml may say (forms_check needs it: keep the name)."""

BUILDERS: frozenset[str] = frozenset({"webflow"})
