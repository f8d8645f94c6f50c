"""``python -m dcwtal``."""

from dcwtal.cli import main

if __name__ == "__main__":
    main()
