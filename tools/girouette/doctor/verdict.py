"""What a check says: whether all is well, in one line, and what to do if not. How it is shown is not known here."""

from dataclasses import asdict, dataclass

OK, WARN, BAD = "ok", "warn", "bad"


@dataclass(frozen=True)
class Verdict:
    """`cure`: what a person does about it, in lines."""

    level: str
    check: str
    words: str
    cure: str = ""

    def plain(self) -> dict:
        """For a program."""
        return asdict(self)


def well(check: str, words: str) -> Verdict:
    return Verdict(OK, check, words)


def warn(check: str, words: str, cure: str = "") -> Verdict:
    return Verdict(WARN, check, words, cure)


def bad(check: str, words: str, cure: str) -> Verdict:
    return Verdict(BAD, check, words, cure)
