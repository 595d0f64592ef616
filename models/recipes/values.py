"""Random values for generated passages: times, money, telephone numbers, invented names and addresses.

Values are drawn anew for every passage, so that copying from the passage is the only way to answer rightly. All people
and places are invented: names are built from syllables, a few common first names apart.
"""

from collections.abc import Callable
from random import Random


def words(text: str) -> list[str]:
    """Return the words of ``text``; keeps long lists readable."""
    return text.split()


_ONSETS = words("b c d f g h j k l m n p r s t v w z br ch cl cr dr fl gr kl kr pr sh st th tr vl")
_VOWELS = words("a e i o u a e i o ai ea ee ie oo ou y")
_CODAS = ["", "", "", "", "", "", "n", "r", "l", "s", "m", "t", "k", "nd", "rt", "ck", "ss", "ll", "x", "th"]
_SURNAME_ENDS = words(
    "son man er ley ton ova ski ez ham berg sen field ards ini u ic ano eau wood well ock ford escu a i"
)
_FIRST_NAMES = words(
    """
    Anna Ben Clara Daniel Eva Farid Grace Hugo Ines Jonas Katya Leo Maya Nadia Omar Petra Quentin Rosa Samir
    Tessa Uma Viktor Wanda Xenia Yusuf Zoe Aisha Bruno Chloe Dmitri Elena Finn Greta Hana Ivan Julia Kofi Lena
    Marek Nora Olga Pablo Priya Ruth Sofia Tomas Vera Wei Yara Amir Beth Carlo Dina Emil Freya Gita Henrik Isla
    Jamal Karin Luca Mina
    """
)
_SURNAMES = words(
    """
    Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker White
    Roberts Green Hall Wood Khan Lewis Harris Clarke Jackson Turner Hill Cooper Ward Morris Moore Clark King
    Baker Harrison Morgan Allen Bennett Cook Price Parker Shaw Ellis Murphy Foster Hughes Simpson Marsh Okafor
    Mensah Adeyemi Nakamura Tanaka Chen Wang Li Nguyen Tran Kim Park Singh Sharma Rao Iyer Hussain Rahman Haddad
    Nasser Aziz Yilmaz Demir Novak Kowalski Nowak Horvat Petrov Ivanova Popescu Rossi Bianchi Moretti Silva
    Santos Costa Garcia Martinez Lopez Fernandez Dubois Moreau Laurent Weber Schmidt Fischer Becker Hoffmann
    Lindqvist Andersson Nilsson Hansen Olsen Virtanen Bakker Visser Peeters O'Brien Byrne Kelly Walsh MacLeod
    Fraser Campbell Stewart
    """
)
_STREET_ENDS = words(
    """
    Street Road Lane Avenue Square Way Close Terrace Walk Gardens Court Hill Row Parade Crescent
    """
)
_TOWN_ENDS = words("ford ham ton bury wick by mouth dale port field stead worth ley minster")
_HOUSES = words("House Building Centre Chambers Court Hall Tower Lodge")
_MONTHS = words("January February March April May June July August September October November December")
WEEKDAYS = words("Monday Tuesday Wednesday Thursday Friday")
DAYS = [*WEEKDAYS, "Saturday", "Sunday"]
_NUMBER_WORDS = words("two three four five six seven eight nine ten twelve")
_FLOORS = words("ground first second third fourth fifth sixth top")
_CURRENCIES = ["£", "£", "£", "€", "$"]


def syllable(rng: Random) -> str:
    """Return one invented syllable, lower case."""
    return rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_CODAS)


def surname(rng: Random) -> str:
    """Return a family name: a common one, or invented, of two to four syllables."""
    if rng.random() < 0.3:
        return rng.choice(_SURNAMES)
    stem = "".join(syllable(rng) for _ in range(rng.choice((1, 1, 1, 2, 2))))
    ending = rng.choice(_SURNAME_ENDS) if rng.random() < 0.7 else syllable(rng)
    name = (stem + ending).capitalize()
    return f"{name}-{surname(rng)}" if rng.random() < 0.03 else name


def first_name(rng: Random) -> str:
    """Return a first name, invented half of the time."""
    return rng.choice(_FIRST_NAMES) if rng.random() < 0.5 else (syllable(rng) + syllable(rng)).capitalize()


def person(rng: Random) -> str:
    """Return a full name."""
    return f"{first_name(rng)} {surname(rng)}"


def doctor(rng: Random) -> str:
    """Return a titled professional's name."""
    title = rng.choice(("Dr", "Dr", "Dr", "Dr.", "Ms", "Mr", "Mrs", "Prof."))
    return f"{title} {person(rng) if rng.random() < 0.4 else surname(rng)}"


def staff(rng: Random) -> str:
    """Return how an office names a member of staff."""
    return rng.choice((person, person, doctor))(rng)


def town(rng: Random) -> str:
    """Return an invented place name."""
    return (syllable(rng) + rng.choice(("", "", syllable(rng))) + rng.choice(_TOWN_ENDS)).capitalize()


def street(rng: Random) -> str:
    """Return a street name."""
    stem = (
        rng.choice((surname, town))(rng)
        if rng.random() < 0.8
        else rng.choice(("Mill", "Church", "Station", "High", "Park", "Bridge"))
    )
    return f"{stem} {rng.choice(_STREET_ENDS)}"


def address(rng: Random) -> str:
    """Return house number and street, sometimes with a house name."""
    number = rng.randint(1, 240)
    tail = f"{number} {street(rng)}" if rng.random() < 0.8 else f"{number}{rng.choice('ABC')} {street(rng)}"
    return f"{building(rng)}, {tail}" if rng.random() < 0.15 else tail


def building(rng: Random) -> str:
    """Return the name of a building."""
    return f"{rng.choice((surname, town))(rng)} {rng.choice(_HOUSES)}"


def organisation(rng: Random) -> str:
    """Return the invented name of a company or office."""
    ends = (
        "Ltd",
        "& Partners",
        "Group",
        "Services",
        "Laboratory",
        "Insurance",
        "Associates",
        "Pharmacy",
        "Trust",
        "Bank",
    )
    return f"{surname(rng)} {rng.choice(ends)}"


def clock(rng: Random, low: int, high: int) -> str:
    """Return a time of day between two hours (24-hour clock), in one of several spellings."""
    hour, minute = rng.randint(low, high), rng.choice((0, 0, 0, 30, 30, 15, 45, rng.randrange(0, 60, 5)))
    return _spell_time(rng, hour, minute)


def _spell_time(rng: Random, hour: int, minute: int) -> str:
    style, half = rng.random(), "am" if hour < 12 else "pm"
    hour12 = (hour - 1) % 12 + 1
    if style < 0.45:
        return f"{hour}:{minute:02}" if rng.random() < 0.7 else f"{hour:02}:{minute:02}"
    short = f"{hour12}" if minute == 0 else f"{hour12}{rng.choice(':.')}{minute:02}"
    if style < 0.95:
        return short + rng.choice((" ", " ", "")) + half
    return {0: f"{hour12} o'clock", 30: f"half past {hour12}"}.get(minute, f"{hour12}:{minute:02} {half}")


def money(rng: Random) -> str:
    """Return an amount with its currency."""
    amount = rng.choice((rng.randint(3, 99), rng.randint(5, 60) * 5, rng.randint(100, 1200), rng.randint(10, 40) * 100))
    digits = f"{amount:,}" if rng.random() < 0.6 else str(amount)
    if rng.random() < 0.15:
        digits += f".{rng.choice((50, 20, 75, 95, 40, 80))}"
    if rng.random() < 0.12:
        return f"{digits} {rng.choice(('euros', 'pounds', 'dollars'))}"
    return rng.choice(_CURRENCIES) + digits


def phone(rng: Random) -> str:
    """Return a telephone number of one of several shapes; digits are random."""
    shape = rng.choice(
        (
            "020 #### ####",
            "0#### ######",
            "0### ### ####",
            "0## ### ## ##",
            "###-####",
            "(###) ###-####",
            "0##-#######",
            "01### ### ###",
        )
    )
    return "".join(str(rng.randint(0, 9)) if char == "#" else char for char in shape)


def _host(rng: Random) -> str:
    return "".join(char for char in surname(rng).lower() if char.isalpha())


def mailbox(rng: Random) -> str:
    """Return an e-mail address under a reserved domain."""
    box = rng.choice(
        ("info", "desk", "office", "records", "accounts", "hello", "reception", "billing", "post", _host(rng))
    )
    return f"{box}@{_host(rng)}.{rng.choice(('example', 'example.org', 'example.com'))}"


def website(rng: Random) -> str:
    """Return a web address under a reserved domain."""
    return f"www.{_host(rng)}.example" + rng.choice(("", "", "/forms", "/book", "/fees", "/join"))


def date(rng: Random) -> str:
    """Return a day and month, sometimes with a year."""
    day, month = rng.randint(1, 28), rng.choice(_MONTHS)
    base = f"{day} {month}" if rng.random() < 0.8 else f"{month} {day}"
    return f"{base} {rng.randint(2024, 2031)}" if rng.random() < 0.15 else base


def count(rng: Random, low: int, high: int) -> str:
    """Return a small number as digits, or as a word now and then."""
    number = rng.randint(low, high)
    if number <= 10 and number >= 2 and rng.random() < 0.45:
        return _NUMBER_WORDS[number - 2]
    return str(number)


def span(rng: Random) -> str:
    """Return a length of time."""
    unit, low, high = rng.choice(
        (
            ("hours", 2, 72),
            ("working days", 2, 15),
            ("days", 2, 30),
            ("weeks", 2, 12),
            ("minutes", 10, 90),
            ("months", 2, 18),
        )
    )
    return f"{count(rng, low, high)} {unit}"


def weekdays(rng: Random) -> str:
    """Return an opening pattern in words."""
    first = rng.randrange(0, 3)
    last = rng.randrange(first + 1, 7)
    return f"{DAYS[first]} to {DAYS[last]}"


def code(rng: Random) -> str:
    """Return a form, room or reference code."""
    return rng.choice("ABCDEFGHKLMNPRSTW") + rng.choice(("", "-", rng.choice("ABCDEFG"))) + str(rng.randint(1, 999))


KINDS: dict[str, Callable[[Random], str]] = {
    "name": person,
    "doctor": doctor,
    "staff": staff,
    "surname": surname,
    "first": first_name,
    "town": town,
    "street": street,
    "address": address,
    "building": building,
    "org": organisation,
    "morning": lambda rng: clock(rng, 7, 10),
    "noon": lambda rng: clock(rng, 11, 14),
    "evening": lambda rng: clock(rng, 16, 21),
    "time": lambda rng: clock(rng, 7, 20),
    "money": money,
    "phone": phone,
    "email": mailbox,
    "web": website,
    "date": date,
    "month": lambda rng: rng.choice(_MONTHS),
    "day": lambda rng: rng.choice(WEEKDAYS),
    "anyday": lambda rng: rng.choice(DAYS),
    "days": weekdays,
    "span": span,
    "hours": lambda rng: f"{count(rng, 2, 72)} hours",
    "minutes": lambda rng: f"{count(rng, 5, 90)} minutes",
    "wdays": lambda rng: f"{count(rng, 2, 15)} working days",
    "weeks": lambda rng: f"{count(rng, 2, 14)} weeks",
    "months": lambda rng: f"{count(rng, 2, 24)} months",
    "years": lambda rng: f"{count(rng, 2, 20)} years",
    "num": lambda rng: count(rng, 2, 12),
    "ordinal": lambda rng: f"{rng.randint(4, 20)}th",
    "big": lambda rng: str(rng.randint(10, 400)),
    "age": lambda rng: str(rng.randint(5, 85)),
    "percent": lambda rng: f"{rng.randint(2, 60)}" + rng.choice(("%", "%", " per cent")),
    "floor": lambda rng: rng.choice(_FLOORS),
    "room": lambda rng: f"{rng.randint(1, 420)}" if rng.random() < 0.7 else code(rng),
    "code": code,
    "bus": lambda rng: str(rng.randint(1, 180)) + rng.choice(("", "", "", "A", "X")),
}
"""Slot type → how a value of it is drawn; the types that the ``.kinds`` files may name."""
