"""A sign-in to the CRM, as it is kept."""

from dataclasses import field
from datetime import datetime

from leadcapture.domain.frozen import frozen


@frozen
class Token:
    """An access token with its one live refresh token (contract 2.3): replaced together or not at all."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    obtained_at: datetime
    expires_at: datetime


@frozen
class Credentials:
    """What a password grant needs; without them only the refresh token renews a sign-in."""

    email: str = field(repr=False)
    password: str = field(repr=False)
