"""Nothing that a person typed reaches Sentry."""

import json
from typing import ClassVar

import sentry_sdk
from sentry_sdk.transport import Transport

from leadcapture import sentry

ADDRESS, TOKEN = "ann.recognisable@example.org", "token-recognisable-1234"


class Caught(Transport):
    """Keeps what would be sent."""

    sent: ClassVar[list[str]] = []

    def capture_envelope(self, envelope):
        self.sent.append(envelope.serialize().decode("utf-8", "replace"))


def test_events__hold_types_and_places_and_nothing_that_was_said(monkeypatch) -> None:
    init = sentry_sdk.init
    monkeypatch.setattr(sentry_sdk, "init", lambda **options: init(**options, transport=Caught))
    sentry.init("http://public@127.0.0.1:9/1", "1.0")
    try:
        secret_local = f"{ADDRESS} {TOKEN}"
        sentry_sdk.set_user({"email": ADDRESS})
        sentry_sdk.set_extra("token", TOKEN)
        try:
            raise ValueError(f"could not read {secret_local}")
        except ValueError as error:
            sentry_sdk.capture_exception(error)
        sentry_sdk.flush(2)
        whole = json.dumps(Caught.sent)
        assert "ValueError" in whole and "test_sentry_scrubbing" in whole
        assert "recognisable" not in whole
    finally:
        sentry_sdk.get_client().close()
        sentry_sdk.get_global_scope().set_client(None)
