"""A form's schema, compiled once: what its own rules say of a set of answers."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError

from leadcapture.domain.form import Form
from leadcapture.errors import FieldError, InvalidAnswers
from leadcapture.intake.fields import MESSAGES, AnswerField, limit_of

Values = dict[str, str | tuple[str, ...]]


class FormRules:
    """A form's fields as one marshmallow schema."""

    def __init__(self, form: Form) -> None:
        self._form = form
        fields: dict[str, Any] = {field.name: AnswerField(field) for field in form.fields}
        self.schema = Schema.from_dict(fields, name=f"{form.name}Answers")()

    def check(self, values: Mapping[str, str | tuple[str, ...]]) -> Values:
        """Return the values in their normal form, the unanswered left out.

        Raises InvalidAnswers with every field that is wrong, in the form's order.
        """
        checked, codes = self._load(values)
        for field in self._form.fields:
            if field.required and not checked.get(field.name) and field.name not in codes:
                codes[field.name] = "required"
        if codes:
            raise InvalidAnswers([self._error(name, codes[name]) for name in self._in_order(codes)])
        return {name: value for name, value in checked.items() if value}

    def _load(self, values: Mapping[str, Any]) -> tuple[Values, dict[str, str]]:
        """Return the good values and the codes of the bad: as Schema.load does, without its hooks, which cost more."""
        good: Values = {}
        codes: dict[str, str] = {}
        for name, field in self.schema.fields.items():
            if name in values:
                try:
                    good[name] = field.deserialize(values[name], name, values)
                except ValidationError as error:
                    codes[name] = _first(error.messages)
        return good, codes

    def _in_order(self, codes: Mapping[str, str]) -> list[str]:
        return [field.name for field in self._form.fields if field.name in codes]

    def _error(self, name: str, code: str) -> FieldError:
        field = self._form.field_named(name)
        return FieldError(name, code, MESSAGES[code].format(limit=limit_of(field, code) if field else ""))


def _first(fault: Any) -> str:
    code = fault[0] if isinstance(fault, list) else fault
    return code if code in MESSAGES else "required"
