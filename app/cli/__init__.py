"""The command line: ``vestibule`` and its commands.

May import: everything below, and Typer and rich, which appear only here. Whatever is heavy is imported inside the
command that needs it, so that ``--help`` is quick. Trust: arguments and files are untrusted until the service that
takes them has checked them; what goes to a terminal is stripped of control characters first.
"""

from app.cli.main import main
from app.cli.toolbox import Toolbox

__all__ = ["Toolbox", "main"]
