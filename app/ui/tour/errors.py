"""What can end a tour early.

::

    TourError
    ├── TourStuckError   something that was waited for did not come
    ├── TourUnavailableError   there is no model here
    └── TourUnwritableError   the folder for the pictures cannot be written
"""


class TourError(Exception):
    """The tour did not reach its end; the message is one line for a person."""


class TourStuckError(TourError):
    """A screen that should have appeared did not."""


class TourUnavailableError(TourError):
    """Something that the tour shows is not on this machine."""


class TourUnwritableError(TourError):
    """Pictures or the transcript could not be written."""
