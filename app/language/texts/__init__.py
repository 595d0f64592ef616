"""Personal data in texts: found and replaced in a confined child of its own.

May import ``app.domain``, ``app.isolation``, ``app.anonymise``, and, in the child only and behind the walls, spaCy.

The child is confined like the one that reads documents, and is another process: a hostile document must not share its
memory with what patients write. Trust ends at the pipe: what the child answers (``protocol.py``) is checked against
the text that was sent, offset by offset, and nothing that it says can put an unmarked stretch in another's place.
"""
