"""From open text to the word vectors that find approved answers by meaning: ``python -m models.recipes.retrieval.run``.

May import: ``app.knowledge`` (the reader of the table, the index it serves), ``models.recipes`` (kinds of answers),
PyTorch, SciPy. Trust boundary: the data folder and WordNet's files are public material named in
``models/retrieval/README.md``; no client text ever enters here, and the questions of ``resources/demo`` are only ever
measured on.
"""
