"""Whom a machine trusts, and when nobody needs to. Apart from ``secure.py``: the console has no need of TLS."""

import ipaddress
from pathlib import Path
from typing import Final

SYSTEM_TRUST: Final = (
    Path("/etc/ssl/certs/ca-certificates.crt"),
    Path("/etc/pki/tls/certs/ca-bundle.crt"),
    Path("/etc/ssl/ca-bundle.pem"),
)
"""The authorities of the system, as Debian, Fedora and SUSE keep them."""


def is_loopback(host: str) -> bool:
    """Return whether ``host`` names this machine without asking anybody: ``localhost`` or a loopback address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
