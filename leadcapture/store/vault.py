"""Encryption of what the store must not give away when it is copied: the token of a connection."""

import base64
import json
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from leadcapture.domain.token import Token


class Vault:
    """Seals tokens with a key derived from SECRET_KEY; opens what the key before sealed, for rotation."""

    def __init__(self, secret_key: str, previous: str | None = None) -> None:
        keys = [secret_key, previous] if previous else [secret_key]
        self._fernet = MultiFernet([Fernet(_derived(key)) for key in keys])

    def seal(self, token: Token) -> bytes:
        """Encrypt a token."""
        raw = {
            "access": token.access_token,
            "refresh": token.refresh_token,
            "obtained": token.obtained_at.isoformat(),
            "expires": token.expires_at.isoformat(),
        }
        return self._fernet.encrypt(json.dumps(raw).encode())

    def open(self, sealed: bytes) -> Token | None:
        """Decrypt a token; None when neither key fits, which means that a new sign-in is needed."""
        try:
            raw = json.loads(self._fernet.decrypt(sealed))
        except InvalidToken:
            return None
        return Token(
            raw["access"],
            raw["refresh"],
            datetime.fromisoformat(raw["obtained"]),
            datetime.fromisoformat(raw["expires"]),
        )


def _derived(secret_key: str) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"leadcapture token encryption")
    return base64.urlsafe_b64encode(kdf.derive(secret_key.encode()))
