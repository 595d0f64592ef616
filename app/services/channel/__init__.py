"""The patient channel at a desk: keys of the office, invitations, what comes in and what goes out.

Here the protocol (``app.channel``) and the vault (``app.store.channel``) meet. Everything that is said is an event of
its conversation; a frame, the session after it, and the acknowledgement that it causes are written in one transaction,
and only then is the gateway told that it may forget. What goes out is sealed in the transaction of its event and kept
until it has arrived.

May import: what ``app.services`` may. Trust: whatever the link hands over is untrusted until a session has opened it;
the gateway is trusted with nothing. Only ``link`` children talk to it, through ``ports.ChannelLink``.
"""
