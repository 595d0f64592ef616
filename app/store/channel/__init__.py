"""The transport of the patient channel: sessions, frames that wait, keys, invitations, files.

May import the other modules of ``store``, ``crypto``, ``domain`` and the standard library; nothing here knows the
protocol: sessions, frames and keys are bytes. What was said is in the event log. These tables hold how it travels, are
no projection and survive a rebuild. They change in the transaction of the events that they belong to (``also`` of
``EventLog.append``).

Trust: rows are sealed under the key of their conversation (``sealing``), so an erased conversation takes them along, in
backups too; frames and chunks of files are ciphertext anyway. Keys of the office are sealed under keys of their own in
the keyring, which nobody has who never sees a message.
"""
