"""Certificates of a test's own: an authority, what it signs, and all of it in files. Made anew for each session."""

from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

HERE = (x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1")))


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


class Authority:
    """Signs certificates and writes them to `folder`: <name>.pem, <name>.der, <name>.key.pem, <name>.key.der.

    The authority's own: ca.pem and ca.der (and its key).
    """

    def __init__(self, folder: Path, name: str = "Girouette test CA"):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.issuer = _named(name)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self._write("ca", self._signed(self.issuer, self.key, (), -1, 30, True), self.key)

    def _signed(self, subject, key, names, begin, end, ca=False):
        now = datetime.now(timezone.utc)
        made = x509.CertificateBuilder(self.issuer, subject, key.public_key(), x509.random_serial_number())
        made = made.not_valid_before(now + timedelta(begin)).not_valid_after(now + timedelta(end))
        made = made.add_extension(x509.BasicConstraints(ca, None), True)
        if names:
            made = made.add_extension(x509.SubjectAlternativeName(names), False)
        return made.sign(self.key, hashes.SHA256())

    def sign(self, name: str, names=HERE, begin=-1, end=30, kind="ec"):
        """A certificate for those names, valid from and to so many days from now; kind of its key: ec or rsa."""
        key = ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else rsa.generate_private_key(65537, 2048)
        self._write(name, self._signed(_named(name), key, names, begin, end), key)

    def _write(self, name, certificate, key):
        for end, encoding in (("pem", Encoding.PEM), ("der", Encoding.DER)):
            self.path(f"{name}.{end}").write_bytes(certificate.public_bytes(encoding))
            plain = key.private_bytes(encoding, PrivateFormat.TraditionalOpenSSL, NoEncryption())
            self.path(f"{name}.key.{end}").write_bytes(plain)

    def path(self, name: str) -> Path:
        return self.folder / name

    def listens(self, name: str, clients: bool = False) -> str:
        """Lines for a mosquitto that shows this certificate; clients: it wants one of each client too."""
        lines = [f"certfile {self.path(name + '.pem')}", f"keyfile {self.path(name + '.key.pem')}"]
        if clients:
            lines += [f"cafile {self.path('ca.pem')}", "require_certificate true"]
        return "\n".join(lines)
