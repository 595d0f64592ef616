"""Frozen records, ids, states and pure rules.

May import: the standard library only. Everything here is plain data that other rooms pass around; nothing here opens a
file, a socket or a clock. Text that came from outside is held in records but never interpreted here.
"""
