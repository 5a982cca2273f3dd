"""What the commands work with."""

from typing import cast

from flask import current_app

from leadcapture.config import Config
from leadcapture.domain.form import Catalogue
from leadcapture.store.store import Store
from leadcapture.web.services import services


def config() -> Config:
    """Return the settings that the application was made with."""
    return cast(Config, current_app.extensions["leadcapture.config"])


def store() -> Store:
    """Return the store."""
    return services().store


def catalogue() -> Catalogue:
    """Return the forms."""
    return services().catalogue
