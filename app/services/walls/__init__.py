"""Walls round conversations, and emergency access through them.

May import: ``domain``, ``store``, and the services that it stands beside. Trust: who is named is decided by whoever is
within; a second person counts once their own password has opened their slot at this desk.
"""
