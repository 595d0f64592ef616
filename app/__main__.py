"""``python -m app`` is the ``vestibule`` command."""

from app.bootstrap import main

if __name__ == "__main__":
    main()
