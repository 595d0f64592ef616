"""Replacing what was found: one file per way to say something else in its place."""
