"""The least that forms.toml may say, and how a test reads what it adds to that."""

import tomllib

from factories import make_connection

from leadcapture.intake.forms_file import read_forms

MAIN = make_connection(email="main@example.com", password="main", token="main")
LEAST = """
[forms.tour]
title = "Book a tour"
location = 1234566
board_column = 1001
[[forms.tour.fields]]
name = "email"
label = "E-mail"
type = "email"
"""


def read(text, environment=None):
    """Read a text as forms.toml."""
    return read_forms(tomllib.loads(text), "forms.toml", environment or {}, MAIN)
