"""Every setting of the environment: its default, what it may be, and what is said of a wrong one."""

import pytest

from leadcapture.config import Config, from_env
from leadcapture.errors import ConfigError

SECRET = "kT4-vV8_qZ1.wX7~mB2"
GIVEN = {"SECRET_KEY": SECRET}

# variable, field, default, good text, its value, bad texts
TABLE = [
    ("DATABASE_URL", "database_url", "sqlite:///leads.db", "postgres://u:p@h/d", "postgres://u:p@h/d", ["mysql://h/d"]),
    ("SECRET_KEY_PREVIOUS", "secret_key_previous", None, "old", "old", []),
    ("FORMS_FILE", "forms_file", "forms.toml", "/etc/f.toml", "/etc/f.toml", []),
    ("NEXUDUS_URL", "nexudus_url", "https://spaces.nexudus.com", "http://h:1/", "http://h:1", ["spaces", "ftp://h"]),
    ("NEXUDUS_TOKEN", "nexudus_token", None, "t", "t", []),
    ("ADMIN_PASSWORD", "admin_password", None, "p", "p", []),
    ("TRUSTED_PROXIES", "trusted_proxies", 0, "10", 10, ["-1", "11", "one"]),
    ("MAX_BODY_BYTES", "max_body_bytes", 262144, "1024", 1024, ["0", "50000001", "1e6"]),
    ("PORT", "port", 8000, "65535", 65535, ["0", "65536", "http"]),
    ("WEB_CONCURRENCY", "web_concurrency", None, "64", 64, ["0", "65", "2.5"]),
    ("ALERT_WEBHOOK_URL", "alert_webhook_url", None, "https://h/x", "https://h/x", ["h/x", "https://"]),
    ("ALERT_AFTER_MINUTES", "alert_after_minutes", 15, "10080", 10080, ["0", "10081", "soon"]),
    ("METRICS_TOKEN", "metrics_token", None, "m", "m", []),
    ("LOG_LEVEL", "log_level", "INFO", "warning", "WARNING", ["LOUD", "NOTSET"]),
    ("SENTRY_DSN", "sentry_dsn", None, "https://k@h/1", "https://k@h/1", ["k@h/1"]),
    ("ALLOWED_HOSTS", "allowed_hosts", (), "A.example, b.example", ("a.example", "b.example"), []),
    ("NEXUDUS_WRITES_PER_MINUTE", "writes_per_minute", 55, "2", 2, ["1", "1000001", "many"]),
    ("NEXUDUS_WRITES_PER_DAY", "writes_per_day", 2400, "2", 2, ["1", "1000000001", ".5"]),
    ("NEXUDUS_CALLS_PER_MINUTE", "calls_per_minute", 100, "4", 4, ["3", "1000001", "x"]),
    ("NEXUDUS_TIMEOUT_SECONDS", "timeout_seconds", 20.0, "0.1", 0.1, ["0", "60.5", "nan", "x"]),
    ("RETRY_BASE_SECONDS", "retry_base_seconds", 5.0, "0.01", 0.01, ["0", "3601", "inf", "x"]),
    ("WORKER_IN_WEB", "worker_in_web", False, "YES", True, ["2", "maybe"]),
]
NAMES = [row[0] for row in TABLE]
BAD = [(row[0], text) for row in TABLE for text in row[5]]


def problems(**environment):
    """Return what is said of an environment, at least one thing."""
    with pytest.raises(ConfigError) as error:
        from_env(GIVEN | environment)
    return error.value.problems


def test_config__defaults_need_a_secret_key_alone():
    config = from_env(GIVEN)

    assert config == Config(secret_key=SECRET, environment=GIVEN)
    assert config.environment["SECRET_KEY"] == SECRET


@pytest.mark.parametrize(("name", "field", "default", "text", "value", "_bad"), TABLE, ids=NAMES)
def test_config__each_has_a_default_and_takes_a_good_value(name, field, default, text, value, _bad):
    assert getattr(from_env(GIVEN), field) == default
    assert getattr(from_env(GIVEN | {name: f" {text} "}), field) == value
    assert getattr(from_env(GIVEN | {name: "  "}), field) == default


@pytest.mark.parametrize(("name", "text"), BAD)
def test_config__a_bad_value_is_named_and_not_repeated(name, text):
    (problem,) = problems(**{name: text})

    assert problem.startswith(f"{name}: must ")
    assert problem.isprintable()


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("TRUSTED_PROXIES", "0", "10"),
        ("MAX_BODY_BYTES", "1", "50000000"),
        ("PORT", "1", "65535"),
        ("WEB_CONCURRENCY", "1", "64"),
        ("ALERT_AFTER_MINUTES", "1", "10080"),
        ("NEXUDUS_WRITES_PER_MINUTE", "2", "1000000"),
        ("NEXUDUS_WRITES_PER_DAY", "2", "1000000000"),
        ("NEXUDUS_CALLS_PER_MINUTE", "4", "1000000"),
        ("NEXUDUS_TIMEOUT_SECONDS", "0.1", "60"),
        ("RETRY_BASE_SECONDS", "0.01", "3600"),
    ],
)
def test_config__the_bounds_of_a_number_are_allowed_and_named(name, least, most):
    kind = "a number" if "SECONDS" in name else "a whole number"

    for good in (least, most):
        from_env(GIVEN | {name: good})
    assert problems(**{name: "x"}) == [f"{name}: must be {kind} from {least} to {most}"]


@pytest.mark.parametrize(
    ("name", "field", "texts"),
    [
        (
            "WORKER_IN_WEB",
            "worker_in_web",
            {"1": True, "True": True, "yes": True, "0": False, "false": False, "No": False},
        ),
        ("LOG_LEVEL", "log_level", {name: name for name in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")}),
        ("DATABASE_URL", "database_url", {url: url for url in ("postgresql+psycopg://h/d", "postgresql://h/d")}),
        ("DATABASE_URL", "database_url", {url: url for url in ("sqlite:///a.db?timeout=5", "sqlite:////data/a.db")}),
    ],
)
def test_config__other_words_that_are_good(name, field, texts):
    assert {text: getattr(from_env(GIVEN | {name: text}), field) for text in texts} == texts


def test_config__everything_wrong_is_told_at_once():
    wrong = dict(BAD) | {"SECRET_KEY": "", "SMTP_URL": "mail", "NEXUDUS_EMAIL": "a@b.co"}

    found = problems(**wrong)

    assert {problem.partition(":")[0] for problem in found} == {
        *(name for name, _ in BAD),
        *("SECRET_KEY", "SMTP_URL", "NEXUDUS_EMAIL and NEXUDUS_PASSWORD"),
    }


@pytest.mark.parametrize("name", ["NEXUDUS_URL", "ALERT_WEBHOOK_URL", "SENTRY_DSN", "SMTP_URL"])
@pytest.mark.parametrize("rest", ["[::1", "h:port", "h:99999", "h:0"])
def test_config__an_address_that_cannot_be_read_is_no_traceback(name, rest):
    text = f"{'smtp' if name == 'SMTP_URL' else 'https'}://{rest}"

    assert [problem.partition(":")[0] for problem in problems(**{name: text})] == [name]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("", "missing"),
        ("short", "too weak"),
        ("kT4-vV8_qZ1.wX7", "too weak"),
        ("change-me-change-me", "too weak"),
        ("My-ChangeMe-Key-1234", "too weak"),
        ("please-changeme-now-1", "too weak"),
        ("abcabcabcabcabcabcabc", "too weak"),
    ],
)
def test_config__a_weak_secret_key_is_refused(key, said):
    for strong in (SECRET[:16], "abcdef" * 3):
        assert from_env({"SECRET_KEY": strong}).secret_key == strong
    (problem,) = problems(SECRET_KEY=key)

    assert problem.startswith(f"SECRET_KEY: {said}")


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///?timeout=5"])
def test_config__a_database_in_memory_loses_every_lead(url):
    assert [problem.partition(":")[2][:13] for problem in problems(DATABASE_URL=url)] == [" an in-memory"]


def test_config__on_a_dyno_there_is_one_proxy_and_no_disk():
    dyno = {"DYNO": "web.1"}

    assert from_env(GIVEN | dyno | {"DATABASE_URL": "postgres://h/d"}).trusted_proxies == 1
    assert from_env(GIVEN | dyno | {"DATABASE_URL": "postgres://h/d", "TRUSTED_PROXIES": "0"}).trusted_proxies == 0
    assert problems(**dyno)[0].startswith("DATABASE_URL: SQLite on a dyno")
    assert from_env(GIVEN | {"DYNO": ""}).trusted_proxies == 0


@pytest.mark.parametrize("name", ["NEXUDUS_EMAIL", "NEXUDUS_PASSWORD"])
def test_config__credentials_come_in_pairs(name):
    both = from_env(GIVEN | {"NEXUDUS_EMAIL": "a@b.co", "NEXUDUS_PASSWORD": "p"})

    assert (both.nexudus_email, both.nexudus_password) == ("a@b.co", "p")
    assert problems(**{name: "x"}) == ["NEXUDUS_EMAIL and NEXUDUS_PASSWORD: set both or neither"]


@pytest.mark.parametrize("wanted", ["ALERT_EMAIL_TO", "FALLBACK_EMAIL_TO"])
@pytest.mark.parametrize("server", ["smtp://mail.example.com:587", "smtps://u:p@mail.example.com"])
def test_config__mail_needs_a_server(wanted, server):
    config = from_env(GIVEN | {wanted: "ops@example.com", "SMTP_URL": server})

    assert (getattr(config, wanted.lower()), config.smtp_url) == ("ops@example.com", server)
    assert problems(**{wanted: "ops@example.com"})[0].startswith("SMTP_URL: missing")


@pytest.mark.parametrize("name", ["ALERT_EMAIL_TO", "FALLBACK_EMAIL_TO"])
@pytest.mark.parametrize("text", ["ops", "ops@", "@example.com", "a@b@c", "ops @example.com"])
def test_config__who_is_told_has_an_address(name, text):
    assert problems(**{name: text, "SMTP_URL": "smtp://h"}) == [f"{name}: must be an e-mail address"]


@pytest.mark.parametrize("url", ["mail.example.com", "http://mail.example.com", "smtp://"])
def test_config__a_mail_server_is_an_smtp_address(url):
    assert problems(SMTP_URL=url)[0].startswith("SMTP_URL: must look like smtp://")


@pytest.mark.parametrize("service", ["turnstile", "hcaptcha", "recaptcha"])
def test_config__one_captcha_with_both_keys(service):
    keys = {f"{service.upper()}_SITE_KEY": "site", f"{service.upper()}_SECRET_KEY": "secret"}

    assert from_env(GIVEN | keys).captcha == (service, "site", "secret")
    for name in keys:
        assert problems(**{name: "x"}) == [
            f"{service.upper()}_SITE_KEY and {service.upper()}_SECRET_KEY: set both or neither"
        ]


def test_config__two_captchas_are_one_too_many():
    keys = {f"{name}_{half}_KEY": "x" for name in ("TURNSTILE", "HCAPTCHA") for half in ("SITE", "SECRET")}

    assert problems(**keys) == ["TURNSTILE, HCAPTCHA, RECAPTCHA: set the keys of one of them only"]


def test_config__secrets_are_not_in_its_repr():
    names = "ADMIN_PASSWORD METRICS_TOKEN NEXUDUS_TOKEN SECRET_KEY_PREVIOUS NEXUDUS_EMAIL NEXUDUS_PASSWORD"
    more = "TURNSTILE_SITE_KEY TURNSTILE_SECRET_KEY TOUR_KEY"
    secret = dict.fromkeys((*names.split(), *more.split()), "private") | {
        "ALERT_EMAIL_TO": "private@example.com",
        "ALERT_WEBHOOK_URL": "https://private.example",
        "DATABASE_URL": "postgres://u:private@h/d",
        "FALLBACK_EMAIL_TO": "private@example.com",
        "SENTRY_DSN": "https://private@h/1",
        "SMTP_URL": "smtp://u:private@h",
    }

    shown = repr(from_env(GIVEN | secret))

    assert "private" not in shown
    assert SECRET not in shown
    assert "forms.toml" in shown
