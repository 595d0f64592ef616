"""Numbers as people write them: telephone, policy, docket, card, money."""

from collections.abc import Callable, Sequence
from random import Random

_WORDS = ("oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_IDS = (
    "##-####-##", "???######", "#########", "?##-#####", "#### ####", "?? ### ???", "? ## ? ## ?", "######", "#####",
    "???-####", "??########", "#-###-###", "### ### ####", "??? ### ####", "##########", "?######", "######-?",
    "????-#####",
    "## ### ##", "###-##-?", "??-##/####", "####-####", "????##", "##??##",
)  # fmt: skip
_SSN = (
    "###-##-####",
    "### ## ####",
    "#########",
    "?? ## ## ## ?",
    "### ### ####",
    "?########",
    "########?",
    "## ## ## ## ##",
    "?### #### ####",
)
_DOCKETS = (
    "#:##-cv-#####", "##-cv-#####", "##CV####", "FA-##-#######-S", "###-FA-##-#######-?", "####/##", "##-#####",
    "CR-##-####",
    "20##-CA-######", "20## CV #####", "A-##-######-C", "#### of 20##", "######/20##", "##?####", "???-###-##",
    "?-####-##",
)  # fmt: skip
_CARDS = ("4### #### #### ####", "5###############", "4###-####-####-####", "37## ###### #####", "5### #### #### ####")
_PLATES = ("???-####", "?? ## ???", "### ???", "????###", "#???###", "??##???")
_PHONES = (
    "(2##) 555-####", "3##-555-####", "4##.555.####", "5##555####", "+1 6## 555 ####", "1-7##-555-####",
    "07### ######", "020 7### ####",
    "+44 7### ######", "555-####", "0#### ######", "+91 9#### #####", "+49 ### #######", "6## ### ###",
    "8## 555 ####", "04## ### ###",
    "+34 6## ## ## ##", "06 ## ## ## ##", "9#########", "3########", "7######", "2## 555-#### ext ##",
)  # fmt: skip


def shaped(rng: Random, shapes: Sequence[str]) -> str:
    """Return one of ``shapes`` with a digit for each # and a letter for each ?."""
    return "".join(
        rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") if char == "?" else str(rng.randrange(10)) if char == "#" else char
        for char in rng.choice(shapes)
    )


def phone(rng: Random) -> str:
    """Return a telephone number; now and then digit by digit, or in words."""
    number = shaped(rng, _PHONES)
    roll = rng.random()
    if roll < 0.06:
        return " ".join(char for char in number if char.isdigit())
    if roll < 0.12:
        return " ".join(_WORDS[int(char)] for char in number if char.isdigit())
    return number


def money(rng: Random) -> str:
    """Return an amount as judgments give it."""
    amount = f"{rng.randint(1, 900_000):,}"
    names = (
        "euros (EUR)",
        "Turkish liras (TRY)",
        "Polish zlotys (PLN)",
        "pounds sterling",
        "US dollars",
        "Swiss francs",
    )
    codes = ("EUR", "TRY", "PLN", "GBP", "USD", "CHF", "Rs.", "£", "€")
    return f"{amount} {rng.choice(names)}" if rng.random() < 0.5 else f"{rng.choice(codes)} {amount}"


MAKERS: dict[str, tuple[str | None, Callable[[Random], str]]] = {
    "phone": ("PHONE", phone),
    "id": ("ID", lambda rng: shaped(rng, _IDS)),
    "ssn": ("ID", lambda rng: shaped(rng, _SSN)),
    "docket": ("ID", lambda rng: shaped(rng, _DOCKETS)),
    "appno": ("ID", lambda rng: shaped(rng, ("#####/##", "####/##"))),
    "rx": ("ID", lambda rng: shaped(rng, ("#######", "######", "RX#######", "## #####"))),
    "anum": ("ID", lambda rng: shaped(rng, ("A#########", "A ### ### ###", "MSC##########", "A##-###-###"))),
    "num9": ("ID", lambda rng: shaped(rng, ("#########", "##-##-##", "########"))),
    "num4": ("ID", lambda rng: shaped(rng, ("####",))),
    "plate": ("ID", lambda rng: shaped(rng, _PLATES)),
    "card": ("CARD", lambda rng: shaped(rng, _CARDS)),
    "exp": ("DATE", lambda rng: f"{rng.randint(1, 12):02d}/{rng.randint(26, 33)}"),
    "money": ("QUANTITY", money),
    "pct": ("QUANTITY", lambda rng: rng.choice((f"{rng.randint(2, 99)}%", f"{rng.randint(2, 99)} per cent"))),
}
"""Slot → label and maker."""
