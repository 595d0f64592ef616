"""A second kind of model: texts to vectors, for finding approved answers by meaning.

May import: ``app.domain``, ``app.isolation``, the header check and the loader of ``app.inference``. Trust begins with a
GGUF file whose header was checked and ends at vectors of bounded length; the process that loads the file is confined
like the model worker, and what it answers is parsed before it is used.
"""

from app.inference.embedding.embedder import Embedder, EmbeddingError
from app.inference.embedding.protocol import EmbeddingProblem

__all__ = ["Embedder", "EmbeddingError", "EmbeddingProblem"]
