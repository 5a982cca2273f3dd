"""Values: dataclasses that nobody changes once they are made.

mypy sees to that, and not each assignment while one is made, as it is with dataclass's own `frozen`: that takes four
times as long, and a post is two hundred and fifty such assignments.
"""

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(kind: type[T]) -> type[T]:
    """Make a class a dataclass with slots that is compared and hashed by what it holds."""
    return dataclass(slots=True, unsafe_hash=True)(kind)
