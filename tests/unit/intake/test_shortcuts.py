"""What is decided by a shortcut is what the plain way decides: each shortcut of the hot path beside its long way."""

import re
import tomllib
from pathlib import Path

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from leadcapture.intake import screening_text, screening_words
from leadcapture.intake.fields import normal_email
from leadcapture.intake.guarded import Guarded
from leadcapture.intake.phrases import WITHOUT_SPACES, Phrases, alternatives, heads
from leadcapture.intake.screening_text import NO_LETTERS, letters

WORDS = tomllib.loads(Path(screening_words.__file__).with_suffix(".toml").read_text())
LISTS = {f"{weight} {name}": kind[weight] for name, kind in WORDS["kinds"].items() for weight in ("strong", "weak")}
LISTS["place"] = WORDS["place"]
PHRASES = Phrases(LISTS)
FRAGMENTS = """
<a href=x>|<script>|javascript:alert(1)|onload =|union  select|' or 1=1|sleep (5)|https://x.ru/a|www.foo.com|bit.ly/x
foo.top|[url=|{{7*7}}|../../|/etc/passwd|bcc: a@b.com|\r\nbcc:|content-type: text/html|; ls|<!entity|${jndi:|drop table
select a from b where c =|%0d%0a x:|<?php|document.cookie|İ|ı|ſcript|K|Ａ|é|\u0301|www|.com|'|"|-|_|1|10|100%|$20|€ 5
we are an seo agency|i am a lonely girl|5 btc|20 % off|a.i. tool|e-mail list|it services for|0% fees|per hour|büro
"""
TEXTS = st.lists(
    st.one_of(
        st.sampled_from([one for line in FRAGMENTS.split("\n") for one in line.split("|") if one]),
        st.sampled_from([word for lines in LISTS.values() for word in re.findall(r"[^\W_]+", lines)]),
        st.text(max_size=4),
    ),
    max_size=12,
).flatmap(lambda parts: st.sampled_from(["", " ", "\n", ", "]).map(lambda glue: glue.join(parts)))
GUARDED = {name: one for name, one in vars(screening_text).items() if isinstance(one, Guarded)}


def in_one(lines: str) -> list[re.Pattern[str]]:
    """The long way: one expression of every phrase, tried at every word; and one of those that may stand anywhere."""
    begun, within = [], []
    for line in lines.strip().splitlines():
        for one in alternatives(line):
            if WITHOUT_SPACES.search(one):
                within.append(one)
            else:
                begun.append(rf"{one}(?!\w)" if line.isascii() else one)
    found = [re.compile(rf"(?<!\w)(?:{'|'.join(begun)})")]
    return [*found, re.compile("|".join(within))] if within else found


EACH = [
    re.compile(one) for lines in LISTS.values() for line in lines.strip().splitlines() for one in alternatives(line)
]
LONG = {listed: in_one(lines) for listed, lines in LISTS.items()}


@settings(max_examples=200)
@given(TEXTS)
@example("no-deposit bonus at www.x.bet")
@example("20% off, 30% fees, 5 btc")
@example("cliquez ici")
@example("100%we are an seo agency for$20 per hour, €5.000")
def test_phrases__are_those_of_one_long_expression(text: str) -> None:
    text = text.casefold()
    plain = {name: {match[0] for one in ways for match in one.finditer(text)} for name, ways in LONG.items()}
    assert PHRASES.found_in(text) == {name: found for name, found in plain.items() if found}


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(
    st.lists(st.sampled_from(EACH).flatmap(lambda one: st.from_regex(one, fullmatch=True)), min_size=1, max_size=4),
    st.sampled_from((" ", ". ", "\n", "-", "", " a ")),
)
def test_phrases__each_is_found_as_its_own_expression_writes_it(said: list[str], between: str) -> None:
    text = between.join(said).casefold()
    plain = {name: {match[0] for one in ways for match in one.finditer(text)} for name, ways in LONG.items()}
    assert PHRASES.found_in(text) == {name: found for name, found in plain.items() if found}


@pytest.mark.parametrize(
    ("pattern", "begun"),
    [
        ("b[uü]ro", {"buro", "büro"}),
        ("we're", {"we re"}),
        ("a\\.i\\. tool", {"a i  tool"}),
        ("a[.b]c", {"a c", "abc"}),
        ("an? (?:seo|ads)", {"a seo", "a ads", "an seo", "an ads"}),
        ("our (?:new )?(?:seo(?!\\w)|ads)", {"our new seo ", "our new ads", "our seo ", "our ads"}),
        ("from [$€] ?5", {"from  0", "from   0"}),
        ("in[ -]+box", {"in "}),
        ("e[- ]?mail(?!\\w)", {"email ", "e mail "}),
        ("unforgettable", {"unforgettabl"}),
        ("colou?rs", {"colors", "colours"}),
        ("pins?", {"pin", "pins"}),
        ("seo(?!\\w)", {"seo "}),
        ("\\d+ ?%", {"0"}),
        ("[$€] ?5", {"$", "€"}),
        ("24/7", {"00"}),
        ("no{2}", {"no"}),
    ],
)
def test_heads__are_all_with_which_a_match_may_begin(pattern: str, begun: set[str]) -> None:
    assert heads(pattern) == begun


@pytest.mark.parametrize("pattern", [".{3}spam", "[.]spam", "[a-z]spam", "s?pam"])
def test_heads__pattern_that_begins_with_anything__is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="no sign"):
        Phrases({"x": pattern})


def test_phrases__what_may_be_left_out_is_not_asked_for() -> None:
    assert Phrases({"x": "100 ?%? (?:safe|sure)"}).found_in("a 100 safe") == {"x": {"100 safe"}}


@pytest.mark.parametrize("name", GUARDED)
@settings(max_examples=200)
@given(text=TEXTS)
def test_guarded__finds_what_its_pattern_finds(name: str, text: str) -> None:
    guarded, small = GUARDED[name], text.casefold()
    assert guarded.found_in(text, small) == (guarded.pattern.search(text) is not None)
    assert [m.span() for m in guarded.each_in(text, small)] == [m.span() for m in guarded.pattern.finditer(text)]


@given(TEXTS)
def test_letters__of_ascii_are_those_of_any_text(text: str) -> None:
    plain = text.encode("ascii", "ignore").decode()
    assert letters(plain) == NO_LETTERS.sub("", plain.casefold())


NAMES = st.one_of(
    st.sampled_from(
        ["ann", "Ann", "postmaster", "Sales", "a.b", "a..b", ".a", "a.", "o'neil", '"a b"', "é", "a+b", ""]
    ),
    st.text(alphabet="ab.+-_A9é\"' ", max_size=70),
)
DOMAINS = st.one_of(
    st.sampled_from(
        [
            "example.com",
            "EXAMPLE.com",
            "bücher.de",
            "xn--bcher-kva.de",
            "localhost",
            "a",
            "a.",
            ".a",
            "x.test",
            "1.2.3.4",
        ]
    ),
    st.text(alphabet="ab.-A1é", max_size=70),
)


@settings(max_examples=500)
@given(NAMES, DOMAINS)
@example("a" * 64, "example.com")
@example("a" * 65, "example.com")
@example("a" * 60, f"{'b' * 60}.{'c' * 60}.{'d' * 60}.example.com")
def test_normal_email__is_the_librarys(name: str, domain: str) -> None:
    try:
        wanted = validate_email(f"{name}@{domain}", check_deliverability=False).normalized
    except EmailNotValidError:
        wanted = None
    assert normal_email(f"{name}@{domain}") == wanted
