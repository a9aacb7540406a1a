"""Where a broker is and how to log in, as a URL says it. The password is in no text this class makes."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from girouette.errors import Failure

_FORM = "mqtt://user:password@host:port (user, password and port may be left out)"


@dataclass(frozen=True)
class Account:
    """A broker's address, and an account on it if it asks for one."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @classmethod
    def from_url(cls, url: str, usual: int = 1883) -> "Account":
        """`usual`: the port of a URL without. Raises Failure, which does not repeat the URL: it may hold a password."""
        parts = urlsplit(url if "://" in url else f"mqtt://{url}")
        try:
            port = parts.port or usual
        except ValueError as e:
            raise Failure(f"the port in the broker's URL is not a number up to 65535; the form is {_FORM}") from e
        if parts.scheme != "mqtt" or not parts.hostname or parts.path.strip("/") or parts.query:
            raise Failure(f"the broker's URL is not of the form {_FORM}")
        if parts.password is not None and not parts.username:
            raise Failure(f"the broker's URL has a password without a user; the form is {_FORM}")
        user = unquote(parts.username) if parts.username else None
        return cls(parts.hostname, port, user, unquote(parts.password) if parts.password is not None else None)
