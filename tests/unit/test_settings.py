"""Where settings come from: what a server does that is told to read them anew."""

import logging

import pytest

from leadcapture import settings
from leadcapture.errors import ConfigError


@pytest.fixture(autouse=True)
def server(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(settings, "_in_force", None)


def say(monkeypatch, **values):
    monkeypatch.setattr("os.environ", {"SECRET_KEY": "kd83hDk3920dkslQ93kd02"} | values)


def test_server__does_not_start_with_wrong_settings(monkeypatch):
    say(monkeypatch, LOG_LEVEL="LOUD")
    with pytest.raises(ConfigError, match="LOG_LEVEL"):
        settings.servers_settings()


def test_server__goes_on_with_those_it_has_when_wrong_ones_are_read_anew(monkeypatch, caplog):
    say(monkeypatch, LOG_LEVEL="WARNING")
    before = settings.servers_settings()
    say(monkeypatch, LOG_LEVEL="LOUD")
    with caplog.at_level(logging.ERROR):
        assert settings.servers_settings() is before
    assert "LOG_LEVEL" in caplog.text
    say(monkeypatch, LOG_LEVEL="ERROR")
    assert settings.servers_settings().log_level == "ERROR"
