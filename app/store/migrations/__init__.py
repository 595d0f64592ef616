"""Alembic's scripts for the vault's database: one numbered file per step, each with a test from the step before.

Only the store's migration runner comes here. It hands over an open, keyed connection; a URL would carry no key.
"""
