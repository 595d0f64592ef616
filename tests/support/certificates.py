"""Certificates for loopback that only a test trusts, made by the system's openssl."""

import base64
import hashlib
import shutil
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.gateway.listening import Certificate


def make_certificate(folder: Path, name: str = "localhost") -> Certificate:
    """Return a new self-signed pair for ``name`` and 127.0.0.1; skips the test where there is no openssl."""
    folder.mkdir(exist_ok=True)
    chain, key = folder / "chain.pem", folder / "key.pem"
    _request(name, key, chain, "-addext", f"subjectAltName=DNS:{name},IP:127.0.0.1")
    return Certificate(chain, key)


def trusting(certificate: Certificate) -> ssl.SSLContext:
    """Return a client's context that trusts this certificate and no other."""
    return ssl.create_default_context(cafile=str(certificate.chain))


@dataclass(frozen=True)
class Issued:
    """A server's certificate that an authority of a test signed.

    Attributes:
        authority: the authority's own certificate, PEM: whoever trusts this one trusts the server.
        certificate: the server's pair.
    """

    authority: Path
    certificate: Certificate

    @property
    def key_digest(self) -> str:
        """SHA-256 of the server's public key as a browser is told it: base64 over the DER of the key."""
        _, *lines, _ = _openssl("x509", "-in", str(self.certificate.chain), "-noout", "-pubkey").splitlines()
        return base64.b64encode(hashlib.sha256(base64.b64decode("".join(lines))).digest()).decode()


def issue_certificate(folder: Path, name: str = "localhost") -> Issued:
    """Return a server's certificate for ``name`` and 127.0.0.1, signed by an authority that exists only for a test."""
    folder.mkdir(exist_ok=True)
    authority, authority_key = folder / "authority.pem", folder / "authority-key.pem"
    chain, key = folder / "chain.pem", folder / "key.pem"
    is_authority = ("-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign")
    _request("Authority of a test", authority_key, authority, *is_authority)
    signed = ("-CA", str(authority), "-CAkey", str(authority_key), "-addext", "basicConstraints=critical,CA:FALSE")
    _request(name, key, chain, *signed, "-addext", f"subjectAltName=DNS:{name},IP:127.0.0.1")
    return Issued(authority, Certificate(chain, key))


def _request(name: str, key: Path, out: Path, *more: str) -> None:
    made = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
    _openssl("req", "-x509", *made, "-subj", f"/CN={name}", "-keyout", str(key), "-out", str(out), *more)


def _openssl(*arguments: str) -> str:
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("no openssl here to make a certificate for the test")
    done = subprocess.run([program, *arguments], check=True, capture_output=True, timeout=60, text=True)
    return done.stdout
