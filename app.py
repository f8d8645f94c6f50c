"""Open the studio on the bundled trained run: ``python app.py``, the same as ``dcwtal ui`` with all its options."""

import sys

from dcwtal.cli import main

if __name__ == "__main__":
    sys.argv[1:1] = ["ui"]
    main()
