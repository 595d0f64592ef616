"""Erasing and redacting, the hunt for what must be gone, and the certificate of it.

May import what ``app.services`` may. Trust: nothing is called gone before the hunt has looked.
"""
