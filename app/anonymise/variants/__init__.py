"""How people write what an office knows: days, numbers, addresses, e-mail addresses and names, in their many forms.

Each module knows one kind. It reads a text once, whatever the number of known things, and yields spans on
``Ground.KNOWN``. ``app.anonymise.known`` asks them all. May import this room and the standard library; trust ends here
as it does in the detectors: texts are hostile, so nothing looks back further than a fixed number of tokens.
"""

from app.anonymise.variants.days import KnownDays
from app.anonymise.variants.mail import KnownMail
from app.anonymise.variants.nicknames import KnownNicknames
from app.anonymise.variants.numbers import KnownNumbers
from app.anonymise.variants.streets import KnownStreets

__all__ = ["KnownDays", "KnownMail", "KnownNicknames", "KnownNumbers", "KnownStreets"]
