"""The patient channel of the desk: handshake, frames, chains, attachments, and the process that carries them.

May import ``crypto``, ``isolation``, ``config`` and ``domain``. Nothing here opens a socket but the confined ``link``
child, which is handed one that is connected and holds no key. Trust begins where a signature inside a frame has been
checked against who may sign (``resources/docs/channel.md``); everything before that is ``untrusted_*``.
"""
