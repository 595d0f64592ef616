"""Finding and replacing what identifies a person, before anything may leave the vault.

May import ``domain`` and the standard library, python-stdnum and phonenumbers (both pure arithmetic: no socket, no
download). Text comes in as it was written and is never trusted: zero-width characters, look-alike letters and
right-to- left marks are read through (``reading``), and every span lies within the original text. What is found is
decided by many small detectors (``detectors``) and one merge (``merge``); the rule is to redact when unsure.
"""
