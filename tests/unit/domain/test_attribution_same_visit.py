"""A place that says the same and more is the same visit; one that says otherwise never adds to the first."""

from leadcapture.domain.attribution import Evidence, resolve

PAGE = "https://www.example.com/offices?utm_source=google&utm_medium=cpc&utm_campaign=autumn"


def test_utm__a_hidden_field_that_repeats_the_page_takes_the_whole_page() -> None:
    found = resolve(Evidence(tracking={"utm_source": "google"}, page_url=PAGE))
    assert (found.method, dict(found.utm)) == (
        "page_url",
        {"source": "google", "medium": "cpc", "campaign": "autumn"},
    )


def test_utm__a_field_that_contradicts_the_page_stands_alone() -> None:
    found = resolve(Evidence(tracking={"utm_source": "bing"}, page_url=PAGE))
    assert (found.method, dict(found.utm)) == ("fields", {"source": "bing"})


def test_utm__a_page_without_the_fields_value_adds_nothing() -> None:
    found = resolve(Evidence(tracking={"utm_source": "bing"}, page_url="https://www.example.com/?utm_medium=cpc"))
    assert (found.method, dict(found.utm)) == ("fields", {"source": "bing"})
