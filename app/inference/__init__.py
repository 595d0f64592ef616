"""The room of the text model: a confined child process that runs llama.cpp, and its supervisor.

May import ``domain``, ``isolation`` and the standard library; only ``native``, ``engine``, ``context`` and
``vocabulary``, which run in the child, touch llama.cpp. Trust ends at the pipe: the child's answers are parsed and
bounded before use, model files are checked by ``gguf`` before llama.cpp sees them, and text from people reaches the
tokeniser as plain text only.
"""
