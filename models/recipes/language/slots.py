"""Values for the slots of sentence families: names of many cultures, places, firms, numbers as people write them.

First names and surnames come from Faker's lists (one culture a person) and, by frequency,
from the US Census; places from
GeoNames by their inhabitants; everything else from ``values.toml``. All is drawn with the generator that is given.
"""

import importlib
import itertools
import pkgutil
import tomllib
from collections.abc import Callable
from random import Random

import faker.providers.person

from models.recipes.language import moments, numbers
from models.recipes.language.inventing import Inventor, misspelled
from models.recipes.language.words import HERE, census_names, faker_names, list_of, places, regions

Drawn = tuple[str, str | None]
"""A value and its label; None: no identifier."""
_DIGITS = {
    "zip": ("#####", "#####", "#####-####", "??# #??", "??## #??", "?#? #?#", "######", "####"),
    "num4": ("####",),
}
_NEAR = frozenset({"US", "GB", "IE", "CA", "AU"})
MIN_LOCALE_NAMES = 20
INVENTED_SHARE = 0.12
MISSPELLED_SHARE = 0.06
"""Of the people, so many have a name that no list holds."""


class Slots:
    """Draws the value of a slot by its name."""

    def __init__(self) -> None:
        self._values: dict[str, list[str]] = tomllib.loads((HERE / "values.toml").read_text(encoding="utf-8"))
        self._cultures = _cultures()
        self._first = [
            name.title() for name in (*census_names("female.first")[:1500], *census_names("male.first")[:900])
        ]
        self._last = [name.title() for name in census_names("all.last")[:12_000]]
        self._nicks = [name.title() for name in list_of("first_names.txt")[0].split()]
        self._wide = [name.title() for name in list_of("first_names.txt")[1].split()]
        cities = places(_NEAR)
        self._cities = list(cities)
        self._city_weights = list(itertools.accumulate(people**0.5 for people in cities.values()))
        self._regions = regions()
        self._countries = self._regions[:250]
        self._nations = [word.capitalize() for line in list_of("nations.txt") for word in line.split()]
        self._roles = [word for line in list_of("roles.txt") for word in line.split()]
        self._invent = Inventor([*self._first, *self._wide, *(name for both in self._cultures for name in both[0])])
        self._invent_last = Inventor([*self._last, *(name for both in self._cultures for name in both[1])])
        self._make = self._makers()

    def draw(self, slot: str, rng: Random) -> Drawn:
        """Return a value for ``slot`` and what it is."""
        label, make = self._make[slot]
        return make(rng), label

    def _makers(self) -> dict[str, tuple[str | None, Callable[[Random], str]]]:
        pick = self._pick
        person: dict[str, Callable[[Random], str]] = {
            "full": self._full, "first": self._one_first, "last": self._one_last, "initials": self._initials,
            "nick": lambda rng: rng.choice(self._nicks), "spelled": self._spelled,
            "invented": self._invented, "wname": lambda rng: pick("word_names", rng),
            "wsur": lambda rng: pick("word_surnames", rng),
        }  # fmt: skip
        orgs: dict[str, Callable[[Random], str]] = {
            "clinic": self._clinic, "firm": self._firm, "company": self._company, "pcompany": self._company,
            "court": lambda rng: f"{self._city(rng)} {pick('court_kinds', rng)}",
            "pcourt": lambda rng: rng.choice((f"{self._city(rng)} ", "", "Federal ")) + pick("pcourt_kinds", rng),
            "insurer": lambda rng: pick("insurers", rng), "bank": lambda rng: pick("banks", rng),
            "pharmacy": lambda rng: pick("pharmacies", rng), "agency": lambda rng: pick("agencies", rng),
            "school": self._school, "ministry": lambda rng: pick("ministries", rng),
            "republic": lambda rng: f"the Republic of {rng.choice(self._countries)}",
            "police": lambda rng: f"{self._city(rng)} {pick('police', rng)}",
            "party": lambda rng: f"{rng.choice(self._nations)} {pick('parties', rng)}",
            "lcompany": lambda rng: self._company(rng).lower(), "lclinic": lambda rng: self._clinic(rng).lower(),
            "lschool": lambda rng: self._school(rng).lower(), "lhome": lambda rng: self._pair(rng)[1].lower(),
            "lpharmacy": self._shop, "linsurer": lambda rng: self._insurer(rng).lower(),
        }  # fmt: skip
        other: dict[str, tuple[str | None, Callable[[Random], str]]] = {
            "city": ("LOCATION", self._city), "state": ("LOCATION", lambda rng: rng.choice(self._regions[250:300])),
            "stateabbr": ("LOCATION", lambda rng: pick("states", rng)),
            "country": ("LOCATION", lambda rng: rng.choice(self._countries)),
            "street": ("ADDRESS", self._street), "streetname": ("ADDRESS", self._street_name),
            "zip": ("ZIP", lambda rng: numbers.shaped(rng, _DIGITS["zip"])),
            "nrp": ("NRP", lambda rng: rng.choice((rng.choice(self._nations), pick("religions", rng)))),
            "nation": ("NRP", lambda rng: rng.choice(self._nations)), "religion": ("NRP",
            lambda rng: pick("religions", rng)),
            "role": ("NRP", lambda rng: rng.choice(self._roles)),
            "email": ("EMAIL", self._email), "username": ("USERNAME", self._username),
            "age": ("AGE", lambda rng: str(rng.randint(1, 99))),
            "condition": (None, lambda rng: pick("conditions", rng)), "illness": (None,
            lambda rng: pick("illnesses", rng)),
            **{name: (None, lambda rng, name=name: pick(f"{name}s", rng)) for name in ("adj", "verb", "thing")},
            "petname": (None, lambda rng: pick("petnames", rng)), "number": (None, lambda rng: str(rng.randint(2,
            200))),
            "area": ("QUANTITY", lambda rng: f"{rng.randint(60, 9000)} square metres"),
            **numbers.MAKERS, **moments.MAKERS,
        }  # fmt: skip
        return (
            {name: ("PERSON", make) for name, make in person.items()}
            | {name: ("ORG", make) for name, make in orgs.items()}
            | other
        )

    def _pick(self, name: str, rng: Random) -> str:
        return rng.choice(self._values[name])

    def _pair(self, rng: Random) -> tuple[str, str]:
        """Return a first name and a surname that go together; now and then invented, or misspelled."""
        first, last = self._listed_pair(rng)
        roll = rng.random()
        if roll < INVENTED_SHARE:
            return self._invented(rng), self._invent_last.draw(rng)
        if roll < INVENTED_SHARE + MISSPELLED_SHARE:
            return misspelled(rng, first), misspelled(rng, last)
        return first, last

    def _invented(self, rng: Random) -> str:
        return self._invent.draw(rng)

    def _listed_pair(self, rng: Random) -> tuple[str, str]:
        roll = rng.random()
        if roll < 0.14:
            return self._pick("word_names", rng), rng.choice(
                (self._pick("word_surnames", rng), _skewed(rng, self._last))
            )
        if roll < 0.40:
            return _skewed(rng, self._first), _skewed(rng, self._last)
        if roll < 0.48:
            return rng.choice(self._wide), rng.choice((_skewed(rng, self._last), rng.choice(self._wide)))
        if roll < 0.53:
            return _skewed(rng, self._first), self._pick("word_surnames", rng)
        first, last = rng.choice(self._cultures)
        return rng.choice(first), rng.choice(last)

    def _full(self, rng: Random) -> str:
        first, last = self._pair(rng)
        roll = rng.random()
        if roll < 0.72:
            return f"{first} {last}"
        forms = (
            f"{first} {rng.choice('ABCDEFGHJKLMNPRSTW')}. {last}", f"{first} {self._pair(rng)[0]} {last}",
            f"{last}, {first}", f"{first} {last}-{self._pair(rng)[1]}", f"{first}-{self._pair(rng)[0]} {last}",
            f"{first} {last} {self._pair(rng)[1]}", f"{first} {last} Jr.", f"{first} {last[0]}.", f"{first[0]}. {last}",
            f"{first} {self._pick('particles', rng)} {last}",
        )  # fmt: skip
        return (
            rng.choice(forms)
            .replace("O " + last, "O'" + last)
            .replace("Mc " + last, "Mc" + last)
            .replace("al " + last, "al-" + last)
        )

    def _one_first(self, rng: Random) -> str:
        roll = rng.random()
        if roll < 0.12:
            return self._pick("word_names", rng)
        if roll < 0.22:
            return rng.choice(self._nicks)
        return self._pair(rng)[0]

    def _one_last(self, rng: Random) -> str:
        return self._pick("word_surnames", rng) if rng.random() < 0.12 else self._pair(rng)[1]

    def _initials(self, rng: Random) -> str:
        first, last = self._pair(rng)
        middle = rng.choice("ABCDEGHJKLMNPRST")
        return rng.choice(
            (f"{first[0]}. {last}", f"{first[0]}. {middle}. {last}", f"{first[0]}.{last[0]}.", f"{first[0]} {last}")
        )

    def _spelled(self, rng: Random) -> str:
        return rng.choice(("-", " ", ". ")).join(self._one_last(rng).upper()[:9])

    def _city(self, rng: Random) -> str:
        return rng.choices(self._cities, cum_weights=self._city_weights)[0]

    def _street_name(self, rng: Random) -> str:
        name = self._pick("streets", rng) if rng.random() < 0.55 else self._pair(rng)[1]
        if rng.random() < 0.08:
            name = rng.choice(("1st", "2nd", "5th", "42nd", "12th", "Third"))
        if rng.random() < 0.06:
            return rng.choice((f"Calle {name}", f"Rue de {name}", f"{name}straße", f"Via {name}", f"Avenida {name}"))
        return f"{rng.choice(('', '', '', '', 'North ', 'W ', 'East ', 'Old '))}{name} {self._pick('street_ends', rng)}"

    def _street(self, rng: Random) -> str:
        street, number = self._street_name(rng), str(rng.choice((rng.randint(1, 99), rng.randint(100, 9999))))
        if street.startswith(("Calle", "Via", "Avenida")) or street.endswith("straße"):
            return f"{street} {number}"
        if rng.random() < 0.2:
            number = rng.choice(
                (f"Flat {rng.randint(1, 40)}, {number}", f"{number}{rng.choice('ab')}", f"{number}/{rng.randint(1, 9)}")
            )
        unit = rng.choice(("Apt {}", ", Apt {}", ", Unit {}", " #{}", " Suite {}", ", apt {}B", " floor {}")).format(
            rng.randint(1, 40)
        )
        return f"{number} {street}{unit if rng.random() < 0.25 else ''}"

    def _clinic(self, rng: Random) -> str:
        place = rng.choice(
            (self._pair(rng)[1], self._city(rng), "St. " + self._pair(rng)[0], self._pick("company_words", rng))
        )
        return f"{place} {self._pick('clinic_kinds', rng)}"

    def _firm(self, rng: Random) -> str:
        last = [self._pair(rng)[1] for _ in range(rng.randint(1, 3))]
        if len(last) > 1 and rng.random() < 0.5:
            return rng.choice((" & ", " and ", ", ")).join(last)
        return f"{' '.join(last)} {self._pick('firm_kinds', rng)}"

    def _company(self, rng: Random) -> str:
        roll = rng.random()
        if roll < 0.25:
            return self._pick("known_companies", rng)
        if roll < 0.6:
            return f"{self._pick('company_words', rng)} {self._pick('company_kinds', rng)}"
        return f"{rng.choice((self._pair(rng)[1], self._city(rng)))} {self._pick('company_kinds', rng)}"

    def _insurer(self, rng: Random) -> str:
        if rng.random() < 0.5:
            return self._pick("insurers", rng)
        name = rng.choice((self._pick("company_words", rng), self._pair(rng)[1], self._invented(rng)))
        return f"{name} {rng.choice(('health', 'mutual', 'insurance', 'life', 'assurance', 'dental', ''))}".strip()

    def _shop(self, rng: Random) -> str:
        if rng.random() < 0.4:
            return self._pick("pharmacies", rng).lower()
        name = rng.choice((self._pick("company_words", rng), self._pair(rng)[1], self._city(rng)))
        return f"{name} {rng.choice(('pharmacy', 'chemist', 'drugs', 'apothecary', 'drugstore'))}".lower()

    def _school(self, rng: Random) -> str:
        kind = rng.choice(
            ("Elementary", "High School", "Middle School", "Primary", "Academy", "School", "College", "Nursery")
        )
        return rng.choice((self._pick("schools", rng), f"{rng.choice((self._city(rng), self._pair(rng)[1]))} {kind}"))

    def _email(self, rng: Random) -> str:
        first, last = (_ascii(part) for part in self._pair(rng))
        user = rng.choice(
            (
                f"{first}.{last}",
                f"{first}{last}",
                f"{first[0]}{last}",
                f"{last}{rng.randint(1, 99)}",
                f"{first}_{rng.randint(50, 2010)}",
            )
        )
        host = rng.choice(
            (
                "gmail.com",
                "yahoo.com",
                "hotmail.com",
                "outlook.com",
                "icloud.com",
                "aol.com",
                f"{last}.com",
                "example.org",
                f"{last}law.co.uk",
            )
        )
        email = f"{user}@{host}"
        forms = (
            email, email, email, email.replace("@", " at ").replace(".", " dot "), email.replace("@", " @ "),
            email.replace("@", " ").replace(".", " "), email.replace("@", "(at)"), email.replace("@", " at "),
        )  # fmt: skip
        return rng.choice(forms)

    def _username(self, rng: Random) -> str:
        first, last = (_ascii(part) for part in self._pair(rng))
        return rng.choice(
            (
                f"@{first}_{last}",
                f"{first}{rng.randint(1, 2010)}",
                f"{first[0]}{last}{rng.randint(1, 99)}",
                f"{first}.{last}",
            )
        )


def _cultures() -> list[tuple[list[str], list[str]]]:
    """Return first names and surnames of each of Faker's locales in Latin script that has enough of both."""
    found = []
    for module in pkgutil.iter_modules(faker.providers.person.__path__):
        first, last = faker_names(module.name)
        pair = [sorted(name for name in names if _is_latin(name)) for names in (first, last)]
        if min(map(len, pair)) >= MIN_LOCALE_NAMES:
            found.append((pair[0], pair[1]))
    return found


def _is_latin(name: str) -> bool:
    return all(ord(char) < 0x250 for char in name) and 1 < len(name) < 24 and name[0].isalpha()


def _skewed(rng: Random, names: list[str]) -> str:
    """Frequent ones more often: the list is sorted by frequency."""
    return names[int(len(names) * rng.random() ** 2.2)]


def _ascii(name: str) -> str:
    plain = importlib.import_module("app.anonymise.word_classes").plain
    return "".join(char for char in plain(name) if char.isascii() and char.isalnum()) or "x"
