"""Under which addresses patients may be invited."""

import pytest

from app.services.channel.gateway_place import is_page_url


@pytest.mark.parametrize(
    "url",
    ["https://chat.example", "https://chat.example/", "https://chat.example:8443/", "http://127.0.0.1:8470/",
     "http://localhost:8470", "http://[::1]:8470/"],
)  # fmt: skip
def test_a_page_is_reached_by_tls_or_on_this_machine(url):
    assert is_page_url(url)


@pytest.mark.parametrize(
    "url",
    ["", "chat.example", "http://chat.example/", "https://", "https:///c", "ftp://chat.example/", "javascript://x/",
     "https://chat.example/page", "https://chat.example/?x=1", "https://chat.example/#1", "https://me@chat.example/",
     "https://chat.example:0/", "https://chat.example:99999/", "https://[chat.example/"],
)  # fmt: skip
def test_nothing_else_becomes_part_of_an_invitation(url):
    assert not is_page_url(url)
