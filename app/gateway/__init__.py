"""The blind post office: the patient page and mailboxes of ciphertext.

May import ``config``, ``domain`` and ``isolation``, Starlette and uvicorn; no key, no vault and no protocol of the two
ends. It trusts nobody: what arrives is counted, bounded and kept as bytes. It runs as a program of its own, on any
machine, and says nothing about anybody: no access log, no address and no mailbox in any line it writes.
"""
