"""Where to listen and what to show: parsed strictly, refused in words that IT can act on."""

import ssl

import pytest

from app.gateway.errors import ListenError, ListenProblem
from app.gateway.listening import Certificate, Listen, bind, make_context
from tests.support.certificates import make_certificate


@pytest.mark.parametrize(
    ("text", "listen"),
    [
        ("127.0.0.1:8470", Listen("127.0.0.1", 8470)),
        ("localhost:0", Listen("localhost", 0)),
        ("[::1]:443", Listen("::1", 443)),
        ("0.0.0.0:65535", Listen("0.0.0.0", 65_535)),
    ],
)
def test_an_address_is_host_and_port(text, listen):
    assert Listen.parse(text) == listen


@pytest.mark.parametrize(
    "text", ["", ":", "8470", ":8470", "localhost", "localhost:", "::1:443", "a:65536", "a:-1", "a:٣"]
)
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError):
        Listen.parse(text)


def test_a_certificate_that_cannot_be_used_is_refused(tmp_path):
    good, other = make_certificate(tmp_path / "a"), make_certificate(tmp_path / "b")
    assert make_context(good).minimum_version is ssl.TLSVersion.TLSv1_2
    for wrong in (
        Certificate(good.chain, other.key),
        Certificate(tmp_path / "none", good.key),
        Certificate(good.key, good.chain),
    ):
        with pytest.raises(ListenError) as caught:
            make_context(wrong)
        assert caught.value.code is ListenProblem.CERTIFICATE


def test_the_folders_of_a_certificate_follow_its_links(tmp_path):
    real = make_certificate(tmp_path / "archive")
    live = tmp_path / "live"
    live.mkdir()
    (live / "chain.pem").symlink_to(real.chain)
    (live / "key.pem").symlink_to(real.key)
    folders = Certificate(live / "chain.pem", live / "key.pem").folders
    assert set(folders) == {live, real.chain.parent}


@pytest.mark.loopback
def test_an_address_that_is_taken_or_not_ours_is_told_apart():
    with bind(Listen("127.0.0.1", 0)) as taken:
        with pytest.raises(ListenError) as caught:
            bind(Listen("127.0.0.1", taken.getsockname()[1]))
        assert caught.value.code is ListenProblem.IN_USE
    for host in ("192.0.2.1", "no.such.host.invalid"):
        with pytest.raises(ListenError) as caught:
            bind(Listen(host, 0))
        assert caught.value.code is ListenProblem.NO_SUCH_ADDRESS
