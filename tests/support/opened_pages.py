"""Every byte of an SQLCipher file in the clear: pages in use, pages that are free, and what was left within them.

SQLCipher itself shows only what SQL can reach. A page is AES-256-CBC under the raw key; its last 80 bytes are the
initialisation vector (16) and the MAC (64), and the first 16 bytes of the file are the salt.

Source: SQLCipher design, "Database file format" (version 4); OpenSSL ``EVP_DecryptInit_ex(3)``.
"""

import ctypes
import ctypes.util
from collections.abc import Iterator

import pytest

from app.store.inspection import PAGE_BYTES

_RESERVED_BYTES, _VECTOR_BYTES, _SALT_BYTES = 80, 16, 16


def opened_pages(data: bytes, key: bytes) -> Iterator[bytes]:
    """Yield each page of ``data`` in the clear; nonsense where it was sealed under another key."""
    library = ctypes.util.find_library("crypto")
    if library is None:
        pytest.skip("no OpenSSL on this machine to open pages with")
    crypto = ctypes.CDLL(library)
    crypto.EVP_CIPHER_CTX_new.restype = crypto.EVP_aes_256_cbc.restype = ctypes.c_void_p
    for start in range(0, len(data), PAGE_BYTES):
        page = data[start : start + PAGE_BYTES]
        sealed = page[_SALT_BYTES if start == 0 else 0 : -_RESERVED_BYTES]
        vector = page[-_RESERVED_BYTES : -_RESERVED_BYTES + _VECTOR_BYTES]
        yield _decrypt(crypto, key, vector, sealed)


def _decrypt(crypto: ctypes.CDLL, key: bytes, vector: bytes, sealed: bytes) -> bytes:
    context = ctypes.c_void_p(crypto.EVP_CIPHER_CTX_new())
    try:
        opened, length = ctypes.create_string_buffer(len(sealed) + 32), ctypes.c_int()
        crypto.EVP_DecryptInit_ex(context, ctypes.c_void_p(crypto.EVP_aes_256_cbc()), None, key, vector)
        crypto.EVP_CIPHER_CTX_set_padding(context, 0)
        crypto.EVP_DecryptUpdate(context, opened, ctypes.byref(length), sealed, len(sealed))
        return opened.raw[: length.value]
    finally:
        crypto.EVP_CIPHER_CTX_free(context)
