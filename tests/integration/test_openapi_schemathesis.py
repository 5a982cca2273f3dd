"""Requests made up from our own specification: never a fault of ours, and every answer is one that is described."""

from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import one_of
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from web_forms_site import open_site

from leadcapture.web.openapi import CONTROLS, specification

HOOK = """
[forms.every.screening]
proof_of_work = true
[forms.contact.hooks.zapier]
key_env = "HOOK_KEY"
[forms.contact.hooks.facebook]
key_env = "HOOK_KEY"
[forms.contact.hooks.linkedin]
key_env = "HOOK_KEY"
secret_env = "HOOK_KEY"
"""
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
FREE = "\n[limits]\nposts_per_address = 1000000\nposts_per_address_per_minute = 1000000\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with open_site(tmp_path_factory.mktemp("openapi"), HOOK + FREE, environment={"HOOK_KEY": "the-key"}) as opened:
        yield opened


@pytest.fixture(scope="module")
def api(site):
    return schemathesis.openapi.from_wsgi("/openapi.json", site.client.application)


def test_every_operation__answers_as_described(site, api) -> None:
    operations = [found.ok() for found in api.get_all_operations()]
    assert len(operations) > 10
    for operation in operations:
        answered(operation)
    assert {lead.form for lead in site.leads()} == set(site.services.catalogue.forms)


def answered(operation) -> None:
    """Call one operation with what hypothesis makes up from its description, and with what it forbids."""

    @settings(max_examples=20, phases=[Phase.generate], derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode)))
    def called(case) -> None:
        if "hooks" in case.path and len(str(case.body)) % 2:
            case.query = {"key": "the-key"}
        case.call_and_validate(checks=CHECKS)

    called()


def test_specification__names_every_form_its_fields_and_the_controls(site) -> None:
    answer = site.client.get("/openapi.json")
    found = answer.get_json()
    assert found["openapi"].startswith("3.1") and answer.headers["Access-Control-Allow-Origin"] == "*"
    for name, form in site.services.catalogue.forms.items():
        answers = found["components"]["schemas"][f"{name}-answers"]
        assert {field.name for field in form.fields} | set(CONTROLS) == set(answers["properties"])
        assert answers["required"] == [field.name for field in form.fields if field.required]
        assert f"/f/{name}" in found["paths"]
    every = found["components"]["schemas"]["every-answers"]["properties"]
    assert every["plan"]["enum"] == ["Schreibtisch", "Büro"] and every["extras"]["type"] == "array"
    assert "/hooks/contact/zapier" in found["paths"] and "/f/every/challenge" in found["paths"]


def test_specification__lets_a_form_have_any_other_field(site) -> None:
    schemas = site.client.get("/openapi.json").get_json()["components"]["schemas"]
    answers = [schema for name, schema in schemas.items() if name.endswith("-answers")]
    assert answers and all(schema["additionalProperties"] is not False for schema in answers)


@pytest.mark.parametrize(
    ("builder", "asked"),
    [
        ("zapier", ["key"]),
        ("facebook", ["key", "hub.mode", "hub.verify_token", "hub.challenge"]),
        ("linkedin", ["key", "challengeCode"]),
    ],
)
def test_specification__describes_handshakes(site, builder, asked) -> None:
    get = site.client.get("/openapi.json").get_json()["paths"][f"/hooks/contact/{builder}"]["get"]
    assert [parameter["name"] for parameter in get["parameters"]] == asked
    assert not any(parameter.get("required") for parameter in get["parameters"])


def test_specification__holds_no_secret(site) -> None:
    text = site.client.get("/openapi.json").get_data(as_text=True)
    assert "the-key" not in text and str(Path.home()) not in text


def test_specification__is_the_same_for_the_same_forms(site) -> None:
    catalogue = site.services.catalogue
    assert specification(catalogue, "1") == specification(catalogue, "1")
