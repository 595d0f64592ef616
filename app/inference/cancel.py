"""The flag that stops llama.cpp in the middle of a batch."""

import ctypes


class CancelFlag:
    """llama.cpp looks at it between the steps of a computation, so that a long prompt can be stopped in it.

    llama.cpp calls ``bool callback(void *data)``. A Python callback there would cost more than a small model's whole
    token; so the callback is C's own ``strlen`` and the data our two bytes: an empty string (0, false) or "x" (1,
    true).
    """

    def __init__(self) -> None:
        self._bytes = ctypes.create_string_buffer(2)
        self.data = ctypes.addressof(self._bytes)
        self.callback_address = ctypes.cast(ctypes.CDLL(None).strlen, ctypes.c_void_p).value

    @property
    def is_up(self) -> bool:
        """Whether somebody wants the end."""
        return self._bytes[0] != b"\0"

    def put_up(self) -> None:
        """Ask for the end."""
        self._bytes[0] = b"x"

    def take_down(self) -> None:
        """Start anew."""
        self._bytes[0] = b"\0"
