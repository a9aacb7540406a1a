"""Whom `broker.tls` believes, as Python's ssl wants it. Files of the board are looked for beside config.json."""

import ssl
from pathlib import Path

from girouette.errors import Failure


class Trust:
    """table: `broker.tls`, or {} for the authorities that this computer knows; folder: that of config.json."""

    def __init__(self, table: dict | None = None, folder: Path = Path()):
        self._table = table or {}
        self._folder = folder

    def name(self, host: str) -> str:
        """The name that the broker's certificate must have."""
        return self._table.get("hostname") or host

    def context(self) -> ssl.SSLContext:
        """Raises Failure with the file that cannot be used."""
        made = ssl.create_default_context()
        if self._table.get("insecure"):
            made.check_hostname = False
            made.verify_mode = ssl.CERT_NONE
        elif "ca" in self._table:
            made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            data = self._data("ca")
            try:
                made.load_verify_locations(cadata=data.decode() if b"-----BEGIN" in data else data)
            except (ssl.SSLError, ValueError):
                raise Failure("broker.tls.ca is no certificate in PEM or DER") from None
        return made

    @property
    def needs_own(self) -> bool:
        """Whether the node shows a certificate of its own."""
        return "cert" in self._table

    def _data(self, part: str) -> bytes:
        value = self._table[part]
        if "-----BEGIN" in value:
            return value.encode()
        path = self._folder / value.lstrip("/")
        try:
            return path.read_bytes()
        except OSError:
            raise Failure(f"broker.tls.{part}: there is no {path} to look at") from None
