"""Chats as clinics and law firms get them: sentence families with slots, values from Faker and our own lists.

The families stand in ``chats.txt``, one a line; ``[name]`` is a slot (see ``Chats``). Each fifth is held out.
"""

import re
from collections.abc import Callable
from pathlib import Path
from random import Random

from faker import Faker

from models.recipes.language.marked import Mark, Marked

FAMILIES = tuple(
    line
    for line in (Path(__file__).parent / "chats.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("//")
)
HELD_OUT_EVERY = 5
Slot = tuple[str | None, Callable[[Random], str]]
"""What the value of a slot is called, and how one is drawn."""
LOCALES = (
    "en_US", "en_US", "en_US", "en_GB", "en_GB", "es_MX", "es_MX", "es_ES", "en_IN", "en_IN", "de_DE", "fr_FR",
    "it_IT", "vi_VN", "pl_PL",
    "en_NG", "yo_NG", "ha_NG", "zu_ZA", "tr_TR", "ro_RO", "pt_BR", "nl_NL", "ga_IE", "id_ID",
)  # fmt: skip
_ASIAN = (
    "Wei Zhang", "Li Na Wang", "Min-jun Kim", "Seo-yeon Park", "Hiroshi Tanaka", "Yuki Sato", "Xiu Ying Chen",
    "Jing Liu", "Jia Hui Lim", "Aiko Mori",
    "Omar Haddad", "Fatima Al-Sayed", "Ahmed Mansour", "Layla Nasser", "Yusuf Demir", "Mohammed Rahman",
    "Aisha Siddiqui", "Tenzin Dorje", "Somchai Wongsa",
    "Kwame Mensah", "Abena Owusu", "Tariq Aziz", "Noor Hassan", "Sanjay Reddy", "Priya Nair", "Lakshmi Iyer",
    "Arjun Mehta", "Bo Li", "An Ng", "Ha Tran",
)  # fmt: skip
_WORD_NAMES = (
    "Will", "Rose", "May", "Chase", "Grace", "Mark", "Grant", "Hope", "Faith", "Joy", "Summer", "April", "June",
    "Bill", "Frank", "Pat", "Sue", "Rob", "Drew",
    "Art", "Dawn", "Heather", "Holly", "Ivy", "Jade", "Miles", "Hunter", "Mason", "Carter", "Page", "Rich", "Gene",
    "Dean", "Earl", "Penny", "Ruby", "Violet", "Wade",
)  # fmt: skip
_WORD_SURNAMES = (
    "Price", "Banks", "Young", "Long", "Short", "Brown", "Green", "White", "Black", "King", "Rich", "Wise", "Bush",
    "Hill", "Wood", "Stone", "Field", "Park", "Day",
    "Winter", "Summers", "Power", "Law", "Judge", "Cook", "Baker", "Bell", "Fox", "Wolf", "Rice", "Love", "Moody",
    "Best", "Case", "Church",
)  # fmt: skip
_NICKNAMES = (
    "Bobby", "Jimmy", "Lizzie", "Manny", "Chuy", "Pepe", "Lupe", "Nacho", "Kate", "Deb", "Steph", "Mo", "Ali",
    "Alex", "Sam", "Toni", "Gus", "Vince", "Bex", "Jaz",
)  # fmt: skip
_CLINICS = (
    "Clinic",
    "Medical Center",
    "Hospital",
    "Family Practice",
    "Dental Care",
    "Pharmacy",
    "Pediatrics",
    "Health Partners",
    "Urgent Care",
    "Eye Institute",
)
_FIRMS = (
    "LLP",
    "Law Group",
    "& Partners",
    "Solicitors",
    "Legal Aid",
    "Insurance",
    "Bank",
    "Credit Union",
    "Holdings Inc",
    "Logistics",
    "Foods",
    "Roofing",
    "School District",
)
_COURTS = (
    "Superior Court",
    "District Court",
    "County Court",
    "Family Court",
    "Magistrates' Court",
    "Probate Court",
    "Housing Court",
)
_CONDITIONS = (
    "asthma",
    "diabetes",
    "migraines",
    "a sprained ankle",
    "high blood pressure",
    "back pain",
    "eczema",
    "anxiety",
)
_NATIONS = (
    "Mexican", "Irish", "Indian", "Polish", "Nigerian", "Vietnamese", "Brazilian", "Syrian", "Turkish", "Catholic",
    "Muslim", "Jewish", "Hindu", "Democrat",
    "Ukrainian", "Filipino", "Somali", "Romanian", "Korean",
)  # fmt: skip


class Chats:
    """Draws chat lines; everything is decided by the random number generator that it is given."""

    def __init__(self, seed: int) -> None:
        self._fakers = {locale: Faker(locale) for locale in dict.fromkeys(LOCALES)}
        for number, faker in enumerate(self._fakers.values()):
            faker.seed_instance(seed + number)
        self._slots: dict[str, Slot] = {
            "full": ("PERSON", self._full),
            "first": ("PERSON", self._first),
            "last": ("PERSON", lambda rng: self._full(rng).split()[-1]),
            "initials": ("PERSON", lambda rng: f"{chr(65 + rng.randrange(26))}. {self._full(rng).split()[-1]}"),
            "nick": ("PERSON", lambda rng: rng.choice(_NICKNAMES)),
            "city": ("LOCATION", lambda rng: self._faker(rng, LOCALES[:9]).city()),
            "state": ("LOCATION", lambda _rng: self._fakers["en_US"].state()),
            "country": ("LOCATION", lambda _rng: self._fakers["en_US"].country()),
            "street": (
                "ADDRESS",
                lambda rng: self._fakers[rng.choice(("en_US", "en_US", "en_GB"))].street_address().replace("\n", ", "),
            ),
            "zip": ("ZIP", lambda rng: self._fakers[rng.choice(("en_US", "en_US", "en_GB"))].postcode()),
            "clinic": ("ORG", lambda rng: f"{self._place(rng)} {rng.choice(_CLINICS)}"),
            "firm": ("ORG", self._firm),
            "court": ("ORG", lambda rng: f"{self._fakers['en_US'].city()} {rng.choice(_COURTS)}"),
            "company": ("ORG", lambda rng: self._fakers[rng.choice(("en_US", "en_GB"))].company()),
            "nrp": ("NRP", lambda rng: rng.choice(_NATIONS)),
            "email": ("EMAIL", self._email),
            "phone": ("PHONE", self._phone),
            "id": ("ID", self._id),
            "date": ("DATE", self._date),
            "age": ("AGE", lambda rng: str(rng.randint(1, 99))),
            "condition": (None, lambda rng: rng.choice(_CONDITIONS)),
            "number": (None, lambda rng: str(rng.randint(2, 60))),
        }

    def draw(self, rng: Random, *, is_held_out: bool = False) -> Marked:
        """Return one chat line of a family for training, or of one that is held out."""
        family = rng.choice([n for n in range(len(FAMILIES)) if (n % HELD_OUT_EVERY == 0) is is_held_out])
        parts: list[str] = []
        marks: list[Mark] = []
        length = 0
        for place, piece in enumerate(re.split(r"\[(\w+)\]", FAMILIES[family])):
            text = piece
            if place % 2:
                label, make = self._slots[piece]
                text = make(rng)
                if label is not None:
                    marks.append(Mark(length, length + len(text), label))
            parts.append(text)
            length += len(text)
        return Marked("".join(parts), tuple(marks), f"chat-{family}")

    def _faker(self, rng: Random, locales: tuple[str, ...] = LOCALES) -> Faker:
        return self._fakers[rng.choice(locales)]

    def _full(self, rng: Random) -> str:
        roll = rng.random()
        if roll < 0.12:
            return rng.choice(_ASIAN)
        if roll < 0.24:
            return f"{rng.choice(_WORD_NAMES)} {rng.choice(_WORD_SURNAMES)}"
        faker = self._faker(rng)
        return f"{faker.first_name()} {faker.last_name()}"

    def _first(self, rng: Random) -> str:
        return rng.choice(_WORD_NAMES) if rng.random() < 0.25 else self._full(rng).split()[0]

    def _place(self, rng: Random) -> str:
        return rng.choice(
            (
                self._fakers["en_US"].last_name(),
                self._fakers["en_US"].city(),
                "St. " + self._fakers["en_US"].first_name(),
            )
        )

    def _firm(self, rng: Random) -> str:
        names = [self._fakers["en_US"].last_name() for _ in range(rng.randint(1, 3))]
        return f"{' '.join(names)} {rng.choice(_FIRMS)}" if rng.random() < 0.6 else " & ".join(names)

    def _email(self, rng: Random) -> str:
        email = str(self._fakers["en_US"].email())
        return rng.choice(
            (
                email,
                email,
                email.replace("@", " at ").replace(".", " dot "),
                email.replace("@", " ").replace(".com", "com"),
            )
        )

    def _phone(self, rng: Random) -> str:
        digits = f"{rng.randint(201, 989)}555{rng.randint(0, 9999):04d}"
        return rng.choice(
            (
                digits,
                f"({digits[:3]}) {digits[3:6]}-{digits[6:]}",
                f"{digits[:3]}-{digits[3:6]}-{digits[6:]}",
                " ".join(digits),
                f"0{digits[:4]} {digits[4:]}",
            )
        )

    def _id(self, rng: Random) -> str:
        kinds = ("##-####-##", "???######", "#########", "?##-#####", "#### ####", "?? ### ???", "? ## ? ## ?")
        shape = rng.choice(kinds)
        return "".join(
            chr(65 + rng.randrange(26)) if c == "?" else str(rng.randrange(10)) if c == "#" else c for c in shape
        )

    def _date(self, rng: Random) -> str:
        day = self._fakers["en_US"].date_object()
        forms = ("%d %B %Y", "%B %-d", "%m/%d/%Y", "%-d %b", "%d.%m.%y", "%A", "%B %-d, %Y", "the %-dth")
        return day.strftime(rng.choice(forms)).removeprefix("the ")
