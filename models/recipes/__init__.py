"""From open dialogues and generated tasks to the starter model: tokenizer, training, export, evaluation.

May import: ``app.domain`` (the prompt layout), PyTorch, tokenizers, gguf; llama.cpp in the evaluation only. The trust
boundary is the data folder: its files are public corpora named in ``models/recipes/README.md``; no client text ever
enters here.
"""
