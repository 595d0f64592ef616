"""What would leave of a conversation, the office's own rules for it, and files of conversations.

May import what ``app.services`` may. Trust: what a worker found is checked against the text that was sent before
anything is replaced.
"""
