"""The rules of law and office policy that stored conversations are kept, held and erased by: pure decisions.

May import: ``app.domain`` and the standard library. Opens no file, holds no key, reads no clock: what is known comes in
as arguments, what is to be done goes out as records; ``app.services`` acts.

Trust: a file of rules that an office has edited is untrusted until ``parse_rules`` has read it. Nothing is applied by
it before an administrator has signed it.
"""
