"""Everything a desk does with conversations: opened, answered, held, sent, found, taken in and handed out.

May import what ``app.services`` may. Trust: all text from outside enters through ``texts``.
"""
