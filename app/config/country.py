"""Which country's emergency numbers an office says when nobody has chosen one: by the locale of the machine."""

from collections.abc import Mapping

COUNTRIES = ("us", "ca", "gb", "ie", "es", "mx", "eu")
"""Codes of ``resources/phrases/emergency/numbers.json``; "eu" stands for every other country with 112."""

DEFAULT_COUNTRY = "us"

_WITH_112 = frozenset(
    "at be bg ch cy cz de dk ee fi fr gr hr hu is it li lt lu lv mt nl no pl pt ro se si sk".split()  # noqa: SIM905  a list of thirty short words
)


def country_of(chosen: str, environment: Mapping[str, str]) -> str:
    """Return the country in force: the chosen one, else that of the locale ("en_GB.UTF-8" is "gb"), else ours."""
    if chosen in COUNTRIES:
        return chosen
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        _language, _, rest = environment.get(name, "").partition("_")
        code = rest[:2].lower()
        if code in COUNTRIES:
            return code
        if code in _WITH_112:
            return "eu"
    return DEFAULT_COUNTRY
