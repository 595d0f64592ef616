"""A practice on the channel as it is in the field: everything between browser, gateway and link is TLS.

The certificate is signed by an authority that exists only for the test: the link is told to trust it by file, the
browser by the digest of the server's key, and both trust nothing else.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.domain.channel import GatewayPlace
from tests.browser.chromium import ARGUMENTS
from tests.support.certificates import Issued, issue_certificate
from tests.support.channel_practice import Practice
from tests.support.proxies import nginx


@dataclass
class SecurePractice(Practice):
    """``start`` once ``issued`` is there; ``front_port``: a reverse proxy that ends TLS, None: the gateway does."""

    issued: Issued = field(kw_only=True)
    front_port: int | None = None

    @property
    def front(self) -> tuple[str, int]:
        return "127.0.0.1", self.front_port or self.port

    @property
    def gateway_place(self) -> GatewayPlace:
        page = f"https://127.0.0.1:{self.patient_side.port}"
        return GatewayPlace("127.0.0.1", self.desk_side.port, page, is_tls=True, ca_file=self.issued.authority)

    @property
    def browser(self) -> dict[str, Any]:
        """How a browser is started that trusts the key of this very server and no other that nobody vouches for."""
        return {"args": (*ARGUMENTS, f"--ignore-certificate-errors-spki-list={self.issued.key_digest}")}

    def has_opened(self, address: bytes) -> bool:
        """The wire shows nothing here; the gateway's own file does."""
        with closing(sqlite3.connect(f"file:{self.mailbox}?mode=ro", uri=True)) as database:
            return database.execute("SELECT 1 FROM box WHERE address = ?", (address,)).fetchone() is not None


@contextmanager
def secure_practice(folder: Path, *, behind_nginx: bool = False) -> Iterator[SecurePractice]:
    """Give a practice whose gateway ends TLS itself, by certificate files, or stands behind our example for nginx."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    issued = issue_certificate(folder / "certificates")
    files = ("--tls-cert", str(issued.certificate.chain), "--tls-key", str(issued.certificate.key))
    made = SecurePractice(folder, options=("--proxy", "127.0.0.1") if behind_nginx else files, issued=issued)
    with ExitStack() as stack:
        if behind_nginx:
            (folder / "nginx").mkdir()
            made.front_port = stack.enter_context(nginx(folder / "nginx", made.port, issued.certificate))
        stack.callback(made.stop)
        made.start()
        yield made
