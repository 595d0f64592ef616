"""TLS of the link: it speaks to the host that the office trusts, and to nobody else."""

import ssl

import pytest

from app.channel.link import secure
from app.channel.link.errors import LinkCode, SecureError
from app.channel.link.secure import SecurePipe, client_context, trusted_pem
from app.channel.link.wire import Ended, Wire
from app.domain.post_sign_in import DeskSignIn
from app.gateway.listening import make_context
from tests.support.certificates import make_certificate
from tests.support.hostile_gateway import MemoryGateway

_WHO = DeskSignIn(bytes(32), bytes(32))


def code_of(call) -> LinkCode:
    with pytest.raises(SecureError) as caught:
        call()
    return caught.value.code


def ends_with(certificate, pem: str, host: str) -> list[object]:
    gateway = MemoryGateway(Wire(host, 443, client_context(pem), _WHO), certificate)
    return gateway.run()


def test_another_name_and_another_authority_are_refused(tmp_path):
    ours, other = (
        make_certificate(tmp_path / "a", "gateway.example"),
        make_certificate(tmp_path / "b", "gateway.example"),
    )
    pem = ours.chain.read_text()
    assert ends_with(ours, pem, "gateway.example") == []
    assert ends_with(ours, pem, "evil.example") == [Ended(LinkCode.CERTIFICATE)]
    assert ends_with(other, pem, "gateway.example") == [Ended(LinkCode.CERTIFICATE)]


def test_what_is_no_tls_is_told(tmp_path):
    pem = make_certificate(tmp_path).chain.read_text()
    for raw in (b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\0" * 100, b"SSH-2.0-x\r\n"):
        assert Wire("localhost", 1, client_context(pem), _WHO).receive(raw) == [Ended(LinkCode.TLS)]


def test_an_old_tls_is_refused(tmp_path, recwarn):
    certificate = make_certificate(tmp_path, "gateway.example")
    context = make_context(certificate)
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    recwarn.clear()
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = context.wrap_bio(incoming, outgoing, server_side=True)
    pipe = SecurePipe(client_context(certificate.chain.read_text()), "gateway.example")
    incoming.write(pipe.to_send())
    with pytest.raises(ssl.SSLError):
        server.do_handshake()
    assert code_of(lambda: pipe.feed(outgoing.read())) is LinkCode.TLS


def test_a_record_that_was_altered_on_the_way_ends_it(tmp_path):
    certificate = make_certificate(tmp_path, "gateway.example")
    wire = Wire("gateway.example", 443, client_context(certificate.chain.read_text()), _WHO)
    gateway = MemoryGateway(wire, certificate)
    gateway.accept()
    assert gateway._tls is not None
    gateway._tls.write(b"hello")
    raw = bytearray(gateway._outgoing.read())
    raw[-1] ^= 1
    assert wire.receive(bytes(raw)) == [Ended(LinkCode.TLS)]


def test_trust_is_exactly_the_named_file_or_the_systems(tmp_path, monkeypatch):
    file = make_certificate(tmp_path).chain
    assert trusted_pem(file) == file.read_text()
    assert code_of(lambda: trusted_pem(tmp_path / "missing.pem")) is LinkCode.CERTIFICATE
    monkeypatch.setattr(secure, "SYSTEM_TRUST", (tmp_path / "missing.pem", file))
    assert trusted_pem(None) == file.read_text()
    monkeypatch.setattr(secure, "SYSTEM_TRUST", ())
    assert code_of(lambda: trusted_pem(None)) is LinkCode.CERTIFICATE


@pytest.mark.parametrize("pem", ["", "nothing", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_what_holds_no_authority_is_refused(pem):
    assert code_of(lambda: client_context(pem)) is LinkCode.CERTIFICATE
