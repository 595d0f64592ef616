"""Approved answers at an open desk: written, tried on a question, used, looked back on, withdrawn.

May import what ``app.services`` may. Trust: an answer that came from a file or a reply is untrusted until ``rules``
has taken it.
"""
