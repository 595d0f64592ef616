"""Which country's emergency numbers an office says when nobody has chosen one: by the locale of the machine."""

from collections.abc import Iterator, Mapping

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
    for code in _of_locale(environment):
        if code in COUNTRIES:
            return code
        if code in _WITH_112:
            return "eu"
    return DEFAULT_COUNTRY


def country_of_law(chosen: str, environment: Mapping[str, str]) -> str:
    """Return the same for rules of law, which "eu" does not tell apart: there the locale says which of its countries.

    ``"eu"`` stays for one that the locale does not name.
    """
    country = country_of(chosen, environment)
    if country != "eu":
        return country
    return next((code for code in _of_locale(environment) if code in _WITH_112), country)


def _of_locale(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield the country codes that the variables of the locale name, the strongest first."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        _language, _, rest = environment.get(name, "").partition("_")
        yield rest[:2].lower()
