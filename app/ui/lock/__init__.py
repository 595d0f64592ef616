"""The lock screen: says why it is there, takes a password or the recovery code, and hands over an open desk.

May import: ``services``, ``ui.components``, ``ui.theme``. Trust: before unlocking nothing personal is shown, not even
the name of the office; refusals are our own words, chosen by code.
"""
