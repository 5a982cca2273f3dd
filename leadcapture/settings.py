"""Where the settings come from: the environment over `.env`. The only place where the environment is read."""

import logging
import os
from collections.abc import Mapping

from dotenv import dotenv_values

from leadcapture.config import Config, from_env
from leadcapture.errors import ConfigError
from leadcapture.foundation import forms_problems

log = logging.getLogger(__name__)
_in_force: Config | None = None


def settings() -> Config:
    """Read the settings. Raises ConfigError, which names what is wrong with forms.toml as well."""
    found = environment()
    try:
        return from_env(found)
    except ConfigError as error:
        raise ConfigError([*error.problems, *forms_problems(found)]) from None


def servers_settings() -> Config:
    """Read the settings as a server does, which reads them anew at SIGHUP: what is wrong then is told, and those that
    it has stay in force. Raises ConfigError at its start."""
    global _in_force
    try:
        _in_force = settings()
    except ConfigError as error:
        if _in_force is None:
            raise
        log.error("settings read anew are wrong, those of before stay in force: %s", "; ".join(error.problems))
    return _in_force


def environment() -> Mapping[str, str]:
    """Return `.env` with the environment on top."""
    return {key: value for key, value in {**dotenv_values(".env"), **os.environ}.items() if value is not None}
