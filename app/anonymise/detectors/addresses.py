"""Street addresses and postal codes: Safe Harbor B.

``14 Larch Hill Road, Apt 3``, ``P.O. Box 771``, ``Flat 2, 9 Quay St``, ``Calle Mayor 12``, ``Lindenstraße 4``. Postal codes: US ZIP
``06103-1234`` (five digits need a state or a word beside them), UK ``SW1A 1AA``, Canada ``K1A 0B6``, Ireland's Eircode ``D02
AF30``, five and four digits elsewhere with their words.

Out of scope: names of towns without a street (the trained pipeline), landmarks.
"""

from app.anonymise.detectors.patterns import Pattern, shape, words
from app.anonymise.labels import Label
from app.anonymise.spans import Ground

_STREET = (
    r"(?:street|st|avenue|ave|av|road|rd|lane|ln|drive|dr|court|ct|place|pl|boulevard|blvd|way|terrace|ter|circle|cir|highway|hwy|"
    r"parkway|pkwy|square|sq|close|crescent|cres|gardens|gdns|row|mews|walk|trail|trl|turnpike|tpke|alley|loop|quay|wharf|hill|"
    r"grove|rise|heights|hts|green|park|pike|plaza|path|point|run|ridge|view|yard|crossing|bypass|expressway)"
)
_STATES = r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|PR|RI|S[CD]|T[NX]|UT|V[AIT]|W[AIVY])"
_LONG_STREET = r"(?:street|avenue|road|lane|drive|boulevard|blvd|terrace|crescent|parkway|pkwy|highway|turnpike|close|mews|gardens|walk|quay|alley|ave|rd|ln|stret|raod)"
_COUNT = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|twenty|thirty|forty|fifty)"
_UNIT = r"(?:apt|apartment|suite|ste|unit|flat|floor|fl|room|rm|no|\#)\.?\s?\#?\s?[\w-]{1,6}"

PATTERNS = (
    Pattern(
        "address.street",
        Label.ADDRESS,
        shape(
            rf"""(?<![\w.,$£€/:-])(?:{_UNIT},?\s)?\d{{1,6}}(?:-\d{{1,4}})?[a-d]?\s(?:[nsew]\.?\s|north\s|south\s|east\s|west\s)?
            (?:(?!(?:and|or|on|at|is|the|my|i|for|in|to|of|from|a)\s)(?:\d{{1,3}}(?:st|nd|rd|th)|[a-z][\w'.-]{{0,24}})\s){{1,4}}{_STREET}\b\.?(?:\s(?:[nsew]|ne|nw|se|sw|north|south|east|west)\b)?(?:,?\s(?:bldg|building)\s\w{{1,3}}\b)?(?:,?\s{_UNIT}\b)?"""
        ),
        Ground.SHAPE,
        needs="0",
    ),
    Pattern(
        "address.corner",
        Label.ADDRESS,
        shape(
            r"\b(?:corner\sof|intersection\sof|between)\s(?P<id>(?:\d{1,3}(?:st|nd|rd|th)|[a-z][\w'-]{2,20}(?:\s(?:st|ave|street|avenue|road|rd))?)\s(?:and|&)\s(?:\d{1,3}(?:st|nd|rd|th)|[a-z][\w'-]{2,20})(?:\s(?:st|ave|street|avenue|road|rd))?)\b"
        ),
        Ground.SHAPE,
        context=words("corner", "intersection", "streets?", "avenues?"),
        needs_context=True,
        cues=("corner", "intersection", "between"),
    ),
    Pattern(
        "address.numbered_in_words",
        Label.ADDRESS,
        shape(rf"\b{_COUNT}\s(?:[a-z][\w'.-]{{2,24}}\s){{1,3}}{_LONG_STREET}\b"),
        Ground.SHAPE,
        cues=(
            "street",
            "avenue",
            "road",
            "lane",
            "drive",
            "boulevard",
            "blvd",
            "terrace",
            "crescent",
            "parkway",
            "pkwy",
            "highway",
            "turnpike",
            "close",
            "mews",
            "gardens",
            "walk",
            "quay",
            "alley",
            " ave",
            " rd",
            " ln",
            "stret",
            "raod",
        ),
    ),
    Pattern(
        "address.lot",
        Label.ADDRESS,
        shape(
            r"\b(?:lot|trailer|pitch|plot|house|flat|apartment|room|cabin)\s(?:no\.?\s|number\s)?(?P<id>\d{1,4}[a-d]?\s(?:at|in|on)\s(?!the\b)[a-z][\w'-]{2,20}(?:\s[a-z][\w'-]{2,20})?)"
        ),
        Ground.GUESS,
        needs="0",
        cues=("lot", "trailer", "pitch", "plot", "house", "flat", "apartment", "room", "cabin"),
    ),
    Pattern(
        "address.capital",
        Label.ADDRESS,
        shape(
            r"(?<![\w.])(?:(?:North|South|East|West|Old|New|Upper|Lower|[NSEW]\.?)\s)?[A-Z][\w'\u2019-]{2,24}(?:\s[A-Z][\w'\u2019-]{1,24})?\s(?:Street|Avenue|Road|Lane|Drive|Boulevard|Blvd|Terrace|Crescent|Parkway|Close|Mews|Quay|Ave|Rd|Ln)\b",
            is_case_free=False,
        ),
        Ground.SHAPE,
        cues=(
            "street",
            "avenue",
            "road",
            "lane",
            "drive",
            "boulevard",
            "blvd",
            "terrace",
            "crescent",
            "parkway",
            "close",
            "mews",
            "quay",
            " ave",
            " rd",
            " ln",
        ),
    ),
    Pattern(
        "address.box",
        Label.ADDRESS,
        shape(r"\b(?:p\.?\s?o\.?\s?box|post(?:al)?\sbox|apartado)\s?\#?\s?\d{1,8}\b"),
        Ground.PROOF,
        needs="0",
        cues=("box", "apartado"),
    ),
    Pattern(
        "address.spanish",
        Label.ADDRESS,
        shape(
            r"\b(?:calle|c/|avenida|avda\.?|plaza|paseo|camino|carrer|rue|via|viale|piazza)\s(?:[\w'.-]{1,20}\s){0,4}?[\w'.-]{2,20},?\s(?:n[ºo°.]?\s?)?\d{1,4}\b(?:,\s\d{1,2}\s?(?:izq|dcha|[a-d])\b)?|(?<![\w.])\d{1,4}(?:\sbis)?,?\s(?:rue|avenue|boulevard|place|all[eé]e|chemin|impasse|quai)\s(?:des?\s|du\s|de\sla\s|l')?[\w'-]{2,24}(?:\s[A-Z][\w'-]{2,24})?"
        ),
        Ground.SHAPE,
        needs="0",
        cues=(
            "calle",
            "c/",
            "aven",
            "avda",
            "plaza",
            "paseo",
            "camino",
            "carrer",
            "rue",
            "via",
            "piazza",
            "boulevard",
            "place",
            "all",
            "chemin",
            "impasse",
            "quai",
        ),
    ),
    Pattern(
        "address.german",
        Label.ADDRESS,
        shape(
            r"\b[a-zäöüß][\wäöüß.-]{2,30}(?:straße|strasse|str\.|weg|platz|gasse|allee|ring|damm|ufer)\s\d{1,4}\s?[a-z]?\b"
        ),
        Ground.SHAPE,
        needs="0",
        cues=("stra", "str.", "weg", "platz", "gasse", "allee", "ring", "damm", "ufer"),
    ),
    Pattern(
        "address.unit",
        Label.ADDRESS,
        shape(r"\b(?:apt|apartment|suite|flat)\.?\s?\#?\s?\d{1,5}[a-z]?\b"),
        Ground.SHAPE,
        needs="0",
        cues=("apt", "apartment", "suite", "flat"),
    ),
    Pattern("zip.us_plus", Label.ZIP, shape(r"(?<![\w-])\d{5}-\d{4}(?![\w-])"), Ground.PROOF, needs="0", digits=9),
    Pattern(
        "zip.us_state",
        Label.ZIP,
        shape(rf"\b{_STATES},?\s{{1,2}}(?P<id>\d{{5}})(?![\w-])", is_case_free=False),
        Ground.PROOF,
        needs="0",
        digits=5,
    ),
    Pattern(
        "zip.after_state",
        Label.ZIP,
        shape(rf"(?<=[a-z,])\s{_STATES},?\s(?P<id>\d{{5}})(?![\w-])"),
        Ground.GUESS,
        needs="0",
        digits=5,
    ),
    Pattern(
        "address.town",
        Label.LOCATION,
        shape(rf",\s(?P<id>[a-z][\w'.-]{{2,20}}(?:\s[a-z][\w'.-]{{2,20}})?),?\s{_STATES},?\s\d{{5}}(?![\w-])"),
        Ground.SHAPE,
        needs="0",
        digits=5,
    ),
    Pattern(
        "zip.german",
        Label.ZIP,
        shape(r"(?:straße|strasse|str\.|weg|platz|gasse|allee)\s\d{1,4}\s?[a-z]?,?\s(?:D-)?(?P<id>\d{5})\b"),
        Ground.SHAPE,
        needs="0",
        digits=6,
        cues=("stra", "str.", "weg", "platz", "gasse", "allee"),
    ),
    Pattern(
        "zip.named",
        Label.ZIP,
        shape(r"(?<![\w.,$£€-])\d{4,6}(?![\w-]|\.\d)"),
        Ground.SHAPE,
        context=words(r"zip\s?(?:code)?", r"post(?:al)?\s?code", r"c[oó]digo postal", "plz"),
        needs_context=True,
        needs="0",
        digits=4,
        cues=("zip", "post", "postal", "plz"),
    ),
    Pattern(
        "zip.gb",
        Label.ZIP,
        shape(
            r"\b(?:gir\s?0aa|[a-pr-uwyz](?:\d{1,2}|[a-hk-y]\d|[a-hk-y]\d\d|\d[a-hjkps-uw]|[a-hk-y]\d[abehmnprv-y])\s?\d[abd-hjlnp-uw-z]{2})\b"
        ),
        Ground.PROOF,
        needs="0",
    ),
    Pattern(
        "zip.ca",
        Label.ZIP,
        shape(r"\b[abceghj-nprstvxy]\d[abceghj-nprstv-z][\s-]?\d[abceghj-nprstv-z]\d\b"),
        Ground.PROOF,
        needs="0",
        digits=3,
    ),
    Pattern(
        "zip.ie",
        Label.ZIP,
        shape(r"\b(?:[ac-fhknprtv-y]\d{2}|d6w)\s?[0-9ac-fhknprtv-y]{4}\b"),
        Ground.SHAPE,
        context=words("eircode", "post ?code"),
        needs_context=True,
        needs="0",
    ),
)
