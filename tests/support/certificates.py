"""A certificate for loopback that only a test trusts, made by the system's openssl."""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from app.gateway.listening import Certificate


def make_certificate(folder: Path, name: str = "localhost") -> Certificate:
    """Return a new self-signed pair for ``name`` and 127.0.0.1; skips the test where there is no openssl."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl here to make a certificate for the test")
    folder.mkdir(exist_ok=True)
    chain, key = folder / "chain.pem", folder / "key.pem"
    command = [
        *(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
        *("-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name},IP:127.0.0.1"),
        *("-keyout", str(key), "-out", str(chain)),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=30)
    return Certificate(chain, key)


def trusting(certificate: Certificate) -> ssl.SSLContext:
    """Return a client's context that trusts this certificate and no other."""
    return ssl.create_default_context(cafile=str(certificate.chain))
