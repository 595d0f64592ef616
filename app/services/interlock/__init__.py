"""The emergency interlock: its phrase books, its scripts, and the version that the office has signed.

May import what ``app.services`` may. Trust: a phrase book is untrusted until it was parsed here.
"""
