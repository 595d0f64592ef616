"""Where a machine keeps the authorities that it trusts. Apart from ``secure.py``: the console has no need of TLS."""

from pathlib import Path
from typing import Final

SYSTEM_TRUST: Final = (
    Path("/etc/ssl/certs/ca-certificates.crt"),
    Path("/etc/pki/tls/certs/ca-bundle.crt"),
    Path("/etc/ssl/ca-bundle.pem"),
)
"""Of Debian, Fedora and SUSE."""
