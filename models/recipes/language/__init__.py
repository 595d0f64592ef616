"""How the names, places and firms of the anonymiser are learnt: sources, generated chats, noise, training, measures.

Needs spaCy and Faker (for this recipe only; the product needs spaCy alone). One command, see ``train``.
"""
