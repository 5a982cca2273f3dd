"""Every exception that the product raises on purpose.

    LeadcaptureError
    ├── ConfigError                 settings or forms.toml are wrong: every problem, at once
    ├── SubmissionRejected          a post that is answered with an error and not stored
    │   ├── Unreadable                  400  not a form that we can read
    │   ├── UnsupportedType             415  a content type that we do not know
    │   ├── TooLarge                    413  too many bytes, fields or levels
    │   ├── InvalidAnswers              422  the form's own rules, by field
    │   └── BadSignature                401  a hook's signature
    ├── StoreUnavailable            the database cannot be reached or written: nothing was stored
    ├── LeaseLost                   another worker has taken the lead over: record nothing
    └── CrmError                    what a call to the CRM came to; one leaf is one reaction of the worker
        ├── NotSent                     the request never left: safe to send again, later
        ├── OutcomeUnknown              sent, and no answer says what came of it: look it up
        ├── Throttled                   the whole connection waits `delay_seconds`; nobody's fault
        ├── SignInRefused               credentials refused: the connection stops until a person acts
        ├── SignInNeeded                no token and no credentials to get one
        ├── AccessDenied                401 with a good token: a role or a quota
        ├── Refused                     validation: this record is wrong; field and message
        ├── Full                        the location holds as many opportunities as it may
        └── Missing                     404: the record is not there

Errors carry ids, status codes and field names: never a body, a token or a person's data.
"""

from dataclasses import dataclass


class LeadcaptureError(Exception):
    """Anything that this product raises on purpose."""


class ConfigError(LeadcaptureError):
    """Settings or forms.toml are wrong; `problems` holds one plain sentence for each fault."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems

    @property
    def told(self) -> str:
        """What is said instead of starting: plain words, no traceback."""
        return "\n".join(["leadcapture can't start:", *(f"  - {problem}" for problem in self.problems)])


class SubmissionRejected(LeadcaptureError):
    """A post that is answered with an error and not stored."""

    status = 400
    code = "rejected"

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.code)
        self.message = message


class Unreadable(SubmissionRejected):
    """The body is not a form that we can read."""

    code = "unreadable"


class UnsupportedType(SubmissionRejected):
    """The content type is not one that carries a form."""

    status = 415
    code = "unsupported_type"


class TooLarge(SubmissionRejected):
    """Too many bytes, fields or levels."""

    status = 413
    code = "too_large"


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one answer: the form's field, a stable code, and a sentence for the visitor."""

    field: str
    code: str
    message: str


class InvalidAnswers(SubmissionRejected):
    """Answers that break the form's rules; `errors` in the order of the form."""

    status = 422
    code = "invalid"

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("invalid answers")
        self.errors = errors


class BadSignature(SubmissionRejected):
    """A hook's call is unsigned, wrongly signed, or too old."""

    status = 401
    code = "bad_signature"


class StoreUnavailable(LeadcaptureError):
    """The database cannot be reached or written: nothing was stored."""


class NothingWritten(StoreUnavailable):
    """A transaction was rolled back for no fault of its own, or never began: another try may succeed at once."""


class LeaseLost(LeadcaptureError):
    """Another worker has taken the lead over: this one records nothing."""


class CrmError(LeadcaptureError):
    """What a call to the CRM came to. `call` names it ("create opportunity"), `status` is HTTP's or None."""

    def __init__(self, call: str, status: int | None = None, detail: str = "") -> None:
        super().__init__(f"{call}: {detail or status or type(self).__name__}")
        self.call = call
        self.status = status
        self.detail = detail


class NotSent(CrmError):
    """The request never left this machine, or was answered without being acted on: safe to send again.

    `unreachable` is false when the CRM's own answer shows that it is there, and only this call went wrong.
    """

    def __init__(self, call: str, status: int | None = None, detail: str = "", unreachable: bool = True) -> None:
        super().__init__(call, status, detail)
        self.unreachable = unreachable


class OutcomeUnknown(CrmError):
    """The request was sent and no answer says what came of it.

    `generic` is true for the CRM's own "Ooops!" and unhandled-error replies, which may be permanent: they are
    looked up like the others, but repeated only a bounded number of times.
    """

    def __init__(self, call: str, status: int | None = None, detail: str = "", generic: bool = False) -> None:
        super().__init__(call, status, detail)
        self.generic = generic


class Throttled(CrmError):
    """The CRM asks this whole connection to wait `delay_seconds`."""

    def __init__(self, call: str, status: int | None, delay_seconds: float) -> None:
        super().__init__(call, status, f"asked to wait {delay_seconds:.1f} s")
        self.delay_seconds = delay_seconds


class SignInRefused(CrmError):
    """The CRM refused the credentials or the refresh token, and there is nothing left to try."""


class SignInNeeded(CrmError):
    """There is no token and no credentials to get one with."""


class AccessDenied(CrmError):
    """401 although the token is good: a missing role, or a quota. `quota` is true when the text says so."""

    def __init__(self, call: str, status: int | None = 401, detail: str = "", quota: bool = False) -> None:
        super().__init__(call, status, detail)
        self.quota = quota


class Refused(CrmError):
    """The CRM found the record wrong. `faults` are (field, message) pairs in the CRM's words."""

    def __init__(self, call: str, status: int | None, faults: list[tuple[str, str]]) -> None:
        super().__init__(call, status, "; ".join(f"{field}: {message}" for field, message in faults))
        self.faults = faults

    def names(self, field: str) -> bool:
        """Say whether the CRM complained of `field`, by its own or its relation's name (contract 4.7)."""
        wanted = {field.lower(), field.lower().removesuffix("id")}
        return any(name.lower() in wanted for name, _ in self.faults)


class Full(CrmError):
    """The location holds as many opportunities as the CRM allows (contract 8.6)."""


class Missing(CrmError):
    """The CRM has no such record."""
