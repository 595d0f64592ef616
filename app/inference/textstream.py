"""From token bytes to text that may be shown: whole characters only, and nothing of a stop string."""

import codecs
from collections.abc import Sequence


class TextStream:
    """Collects the pieces of one reply.

    A token may end in the middle of a UTF-8 character, and a stop string may be spread over tokens; both are held back
    until it is clear what they are. Bytes that can be no character come out as U+FFFD.
    """

    def __init__(self, stops: Sequence[str] = ()) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.stops = tuple(stop for stop in stops if stop)
        self._pending = ""
        self.is_stopped = False

    def feed(self, piece: bytes) -> None:
        """Add the bytes of one token. Sets ``is_stopped`` when a stop string is complete; then feed no more."""
        self._pending += self._decoder.decode(piece)
        if self.stops:
            self._cut_at_stop()

    def take(self) -> str:
        """Return what can be shown now, each character once."""
        held = 0 if self.is_stopped else self._held_back()
        border = len(self._pending) - held
        ready, self._pending = self._pending[:border], self._pending[border:]
        return ready

    def finish(self) -> str:
        """Return the rest, once no more tokens come."""
        if not self.is_stopped:
            self._pending += self._decoder.decode(b"", True)
            self._cut_at_stop()
        ready, self._pending = self._pending, ""
        return ready

    def _cut_at_stop(self) -> None:
        places = [place for stop in self.stops if (place := self._pending.find(stop)) >= 0]
        if places:
            self._pending = self._pending[: min(places)]
            self.is_stopped = True

    def _held_back(self) -> int:
        """Return the length of the longest end of the text that may be the beginning of a stop string."""
        longest = 0
        for stop in self.stops:
            for size in range(min(len(stop) - 1, len(self._pending)), longest, -1):
                if self._pending.endswith(stop[:size]):
                    longest = size
                    break
        return longest
