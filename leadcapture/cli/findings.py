"""What a check found."""

from leadcapture.domain.frozen import frozen


@frozen
class Finding:
    """One thing that was looked at: `level` is ok, warning or wrong."""

    level: str
    text: str

    @property
    def mark(self) -> str:
        """A word for the level."""
        return {"ok": "ok     ", "warning": "warning", "wrong": "WRONG  "}[self.level]

    @property
    def wrong(self) -> bool:
        """Whether it must be mended."""
        return self.level == "wrong"


def ok(text: str) -> Finding:
    """Something is as it should be."""
    return Finding("ok", text)


def warn(text: str) -> Finding:
    """Something works and is probably not meant."""
    return Finding("warning", text)


def bad(text: str) -> Finding:
    """Something must be mended."""
    return Finding("wrong", text)
