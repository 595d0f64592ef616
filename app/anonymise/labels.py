"""What a span is called; the same names on the command line, in reports and in training material."""

from enum import Enum


class Label(Enum):
    """Kinds of identifying text (design.md §6). The HIPAA Safe Harbor letter stands beside those that have one."""

    PERSON = "PERSON"  # A
    LOCATION = "LOCATION"  # B: places below a state
    ADDRESS = "ADDRESS"  # B: street addresses
    ZIP = "ZIP"  # B: postal codes
    ORG = "ORG"
    DATE = "DATE"  # C
    AGE = "AGE"  # C: over 89
    PHONE = "PHONE"  # D, E
    EMAIL = "EMAIL"  # F
    ID = "ID"  # G to M, R: any number that a register keeps about somebody
    CARD = "CARD"  # J
    IBAN = "IBAN"  # J
    URL = "URL"  # N
    IP = "IP"  # O
    USERNAME = "USERNAME"
    NRP = "NRP"  # nationality, religion, politics, profession
    QUANTITY = "QUANTITY"
    MISC = "MISC"
