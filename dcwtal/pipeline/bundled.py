"""What ships with the repository: the demo data set and the demo run."""

from pathlib import Path

from dcwtal.jobs.run_folder import RunFolder

REPOSITORY = Path(__file__).resolve().parents[2]


def bundled_dataset() -> Path:
    """Test videos of the sports world, their truth, and the features of all its splits."""
    return REPOSITORY / "assets" / "sports-world"


def bundled_runs() -> list[Path]:
    """Trained runs in ``checkpoints/``."""
    found = (REPOSITORY / "checkpoints").glob("*/run.json")
    return sorted(RunFolder(path.parent).path for path in found)
