"""Walls: confined child processes, framed pipes to them, and the egress wall of the console.

May import ``domain`` and the standard library only: everything here runs before, or instead of, third-party code.
Trust begins at the kernel's seccomp and Landlock and ends at the pipe: whatever comes out of a child is untrusted.
"""
