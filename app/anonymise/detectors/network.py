"""Web addresses, IP addresses, hardware addresses: Safe Harbor N and O; IP addresses are personal data (CJEU C-582/14).

``https://harbour.example/p/7731``, ``www.example.org``, ``192.0.2.7``, ``2001:db8::7``, ``00:00:5e:00:53:af``.

Out of scope: bare file names (``notes.txt``), version numbers of three parts (``3.11.2``).
"""

import ipaddress

from app.anonymise.detectors.patterns import Pattern, shape, words
from app.anonymise.labels import Label
from app.anonymise.spans import Ground

MIN_V6_CHARS = 4
"""Shorter ones ("::1") are addresses of nobody, and clock times look like them."""


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True


PATTERNS = (
    Pattern(
        "url",
        Label.URL,
        shape(r"\b(?:https?|ftp|sftp|wss?)\s?:\s?//[^\s<>\"']{1,2000}(?<![.,;:!?)\]])"),
        Ground.PROOF,
        needs=":",
    ),
    Pattern(
        "url.www", Label.URL, shape(r"(?<![\w@.])www\d?\.[^\s<>\"']{2,500}(?<![.,;:!?)\]])"), Ground.PROOF, needs="wW"
    ),
    Pattern(
        "url.bare",
        Label.URL,
        shape(
            r"""(?<![\w@.-])(?:[a-z0-9-]{2,63}\.){1,4}
            (?:com|org|net|gov|edu|info|biz|example|co\.uk|org\.uk|nhs\.uk|law|health|clinic|online|app|dev|io)
            (?:/[^\s<>"']{0,500})?(?<![.,;:!?)\]])(?![\w@-])"""
        ),
        Ground.SHAPE,
        needs=".",
    ),
    Pattern(
        "ip.v4",
        Label.IP,
        shape(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2})?(?![\w.]?\d)"),
        check=lambda t: _is_address(t.split("/")[0]),
        needs=".",
    ),
    Pattern(
        "ip.v6",
        Label.IP,
        shape(r"(?<![\w:])(?=[0-9a-f]*:[0-9a-f:]*:)[0-9a-f:]{2,39}(?:\.\d{1,3}){0,3}(?![\w:])"),
        check=lambda text: len(text) >= MIN_V6_CHARS and _is_address(text),
        needs=":",
    ),
    Pattern(
        "hardware_address",
        Label.ID,
        shape(r"(?<![\w:-])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:-])"),
        Ground.PROOF,
        needs=":-",
    ),
    Pattern(
        "imei",
        Label.ID,
        shape(r"\b\d{2}[\s-]?\d{6}[\s-]?\d{6}[\s-]?\d\b"),
        context=words("imei", "handset"),
        needs_context=True,
        needs="0",
        digits=15,
    ),
)
