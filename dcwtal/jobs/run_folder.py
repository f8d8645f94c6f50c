"""RunFolder: the names of a run's files, in one place. It opens none of them."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class RunFolder:
    """A run's folder; every stage of the river leaves its file here."""

    path: Path

    @property
    def settings(self) -> Path:
        """The whole resolved settings."""
        return self.path / "settings.json"

    @property
    def info(self) -> Path:
        """``run.json``: data set, classes, stages, selection rule and chosen stage, versions, seed."""
        return self.path / "run.json"

    @property
    def events(self) -> Path:
        """Append-only JSON lines."""
        return self.path / "events.jsonl"

    @property
    def stop_request(self) -> Path:
        """Exists: please stop after this step."""
        return self.path / "stop"

    @property
    def checkpoints(self) -> Path:
        """One folder a stage."""
        return self.path / "checkpoints"

    @property
    def trace(self) -> Path:
        """Scores of the probe videos at every snapshot."""
        return self.path / "trace"

    @property
    def scores(self) -> Path:
        """One npz a video, all stages."""
        return self.path / "scores"

    @property
    def detections(self) -> Path:
        """ActivityNet-style JSON of the final stage."""
        return self.path / "detections.json"

    @property
    def report(self) -> Path:
        """The metrics of the run with their protocol."""
        return self.path / "report.json"

    def scores_of(self, video_id: str) -> Path:
        """The score file of one video."""
        return self.scores / f"{video_id}.npz"
