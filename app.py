"""Open the studio on the bundled trained run: ``python app.py``. Other runs: ``dcwtal ui --run RUN``."""

from dcwtal.ui.app import launch

if __name__ == "__main__":
    launch(runs=[])
