"""What the desk knows of a person besides the name: checked at the door, kept under the key of the conversation.

May import: ``domain``, ``store``, ``services.ledger`` and ``services.errors``; phonenumbers for the numbering plans.
Trust begins at ``checking``: what people type or a file brings is untrusted until it has become ``ContactDetails``.
"""
