"""What an office can prove: the audit log, its checkpoints, and requests about own data.

May import what ``app.services`` may. Trust: nothing here shows a word of a message to a role that may not read it.
"""
