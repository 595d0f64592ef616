"""The people of a vault and its door: who may stand there, and who looks after whom.

May import what ``app.services`` may. Trust: a role is believed only where a signed slot says it.
"""
