"""One draft: passages found, the model asked, its marks and facts judged, and what may be offered.

May import what ``app.services`` may. Trust: every text of a model is untrusted until ``judging`` has let it through.
"""
