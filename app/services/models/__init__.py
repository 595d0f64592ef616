"""The models of this machine: what ships, what was imported, how fast, how much memory, how well they drive.

May import what ``app.services`` may. Trust: a model file is untrusted until it was read in confinement and its
passport holds.
"""
