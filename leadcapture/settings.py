"""Where the settings come from: the environment over `.env`. The only place where the environment is read."""

import os
from collections.abc import Mapping

from dotenv import dotenv_values

from leadcapture.config import Config, from_env
from leadcapture.errors import ConfigError
from leadcapture.foundation import forms_problems


def settings() -> Config:
    """Read the settings. Raises ConfigError, which names what is wrong with forms.toml as well."""
    found = environment()
    try:
        return from_env(found)
    except ConfigError as error:
        raise ConfigError([*error.problems, *forms_problems(found)]) from None


def environment() -> Mapping[str, str]:
    """Return `.env` with the environment on top."""
    return {key: value for key, value in {**dotenv_values(".env"), **os.environ}.items() if value is not None}
