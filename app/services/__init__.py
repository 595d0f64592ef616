"""Use cases, free of Qt: unlock, receive, propose, approve, send, search, import.

May import: ``app.domain``, ``app.config`` and the rooms of the row below (``store``, ``knowledge``, ``inference``),
which meet only here. Trust: everything that comes in through these doors is a type of ``domain`` or is checked at once;
every text that a model wrote is checked against its sources before a person sees it.
"""
