"""Which country is in force: chosen, by the locale, or ours; and which one's law."""

import pytest

from app.config.country import country_of, country_of_law


@pytest.mark.parametrize(
    ("chosen", "lang", "country", "law"),
    [
        ("gb", "de_DE.UTF-8", "gb", "gb"),
        ("", "en_GB.UTF-8", "gb", "gb"),
        ("", "de_DE.UTF-8", "eu", "de"),
        ("eu", "fr_FR", "eu", "fr"),
        ("eu", "en_US.UTF-8", "eu", "eu"),
        ("eu", "C.UTF-8", "eu", "eu"),
        ("", "C", "us", "us"),
        ("bakery", "es_ES", "es", "es"),
    ],
)
def test_the_country_in_force_and_the_one_whose_law_counts(chosen: str, lang: str, country: str, law: str) -> None:
    environment = {"LANG": lang}
    assert country_of(chosen, environment) == country
    assert country_of_law(chosen, environment) == law


def test_the_stronger_variable_wins() -> None:
    assert country_of_law("", {"LANG": "en_US", "LC_ALL": "de_AT"}) == "at"
