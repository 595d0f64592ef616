"""Documents of the office taken in as approved answers: read, compared, then taken by a person.

May import what ``app.services`` may. Trust: documents are read in a confined child; what comes back is checked again
by ``records``.
"""
