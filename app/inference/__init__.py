"""The room of the text model: a confined child process that runs llama.cpp, and its supervisor.

May import ``domain``, ``isolation`` and the standard library; only ``engine`` (which runs in the child) touches
llama.cpp. Trust ends at the pipe: the child's answers are parsed and bounded before use, model files are checked by
``gguf`` before llama.cpp sees them, and text from people reaches the tokeniser as plain text only.
"""
