"""Reverse proxies of the distribution in front of a gateway, from the very examples that we ship, on free ports."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.gateway.listening import Certificate

EXAMPLES = Path(__file__).resolve().parents[2] / "packaging" / "gateway"
_START_S = 20.0


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on just now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@contextmanager
def nginx(folder: Path, gateway_port: int, certificate: Certificate) -> Iterator[int]:
    """Give the TLS port of nginx with our example, changed as its first lines tell IT to; skips without nginx."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("nginx is not installed here (apt-get install nginx-light)")
    tls_port, plain_port = free_ports(2)
    site = _replace(
        (EXAMPLES / "nginx.conf").read_text(),
        (r"practice\.example", "localhost"),
        (r"/etc/ssl/practice/chain\.pem", str(certificate.chain)),
        (r"/etc/ssl/practice/key\.pem", str(certificate.key)),
        (r"127\.0\.0\.1:8470", f"127.0.0.1:{gateway_port}"),
        (r"/var/log/nginx/vestibule\.log", str(folder / "error.log")),
        (r"listen \[::\]:\d+[^;]*;\n", ""),
        (r"listen 443 ", f"listen 127.0.0.1:{tls_port} "),
        (r"listen 80;", f"listen 127.0.0.1:{plain_port};"),
    )
    temporary = "".join(
        f"{kind}_temp_path {folder / kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    main.write_text(
        f"daemon off;\nmaster_process off;\npid {folder / 'pid'};\nerror_log {folder / 'main.log'};\n"
        f"events {{ worker_connections 1024; }}\nhttp {{\n{temporary}{site}\n}}\n"
    )
    with _running([program, "-p", str(folder), "-c", str(main), "-e", str(folder / "main.log")], tls_port):
        yield tls_port


@contextmanager
def caddy(folder: Path, gateway_port: int, certificate: Certificate) -> Iterator[int]:
    """Give the TLS port of Caddy with our example; the certificate is the test's own, because none can be fetched."""
    program = shutil.which("caddy")
    if program is None:
        pytest.skip("Caddy is not installed here (apt-get install caddy)")
    (tls_port,) = free_ports(1)
    site = _replace(
        (EXAMPLES / "Caddyfile").read_text(),
        (r"practice\.example \{", f"https://localhost:{tls_port} {{\n\ttls {certificate.chain} {certificate.key}"),
        (r"127\.0\.0\.1:8470 ", f"127.0.0.1:{gateway_port} "),
        (r"\n\{\n", "\n{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n"),
    )
    config = folder / "Caddyfile"
    config.write_text(site)
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "PATH": "/usr/bin"}
    with _running([program, "run", "--config", str(config), "--adapter", "caddyfile"], tls_port, home):
        yield tls_port


def _replace(text: str, *pairs: tuple[str, str]) -> str:
    for pattern, value in pairs:
        text, count = re.subn(pattern, value, text)
        assert count, f"the example no longer has {pattern}"
    return text


@contextmanager
def _running(command: list[str], port: int, environment: dict[str, str] | None = None) -> Iterator[None]:
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=subprocess.STDOUT, env=environment, text=True) as process:
        try:
            _wait_for(port, process)
            yield
        finally:
            process.terminate()
            said, _ = process.communicate(timeout=_START_S)
    # Neither may have written whom it served: every client of these tests comes from 127.0.0.x with x above 1.
    assert not re.search(r"127\.0\.0\.([2-9]|\d\d)", said), said


def _wait_for(port: int, process: subprocess.Popen[str]) -> None:
    until_s = time.monotonic() + _START_S
    while time.monotonic() < until_s:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the proxy did not start")
