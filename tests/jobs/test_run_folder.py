"""The names of a run's files, as scripts and the studio rely on them (design, section 7)."""

from pathlib import Path

from dcwtal.jobs.run_folder import RunFolder


def test_names_are_the_documented_ones():
    run = RunFolder(Path("R"))
    names = {
        "settings": "settings.json",
        "info": "run.json",
        "events": "events.jsonl",
        "stop_request": "stop",
        "checkpoints": "checkpoints",
        "trace": "trace",
        "scores": "scores",
        "detections": "detections.json",
        "report": "report.json",
    }
    assert {key: getattr(run, key) for key in names} == {key: Path("R") / name for key, name in names.items()}
    assert run.scores_of("video_1") == Path("R/scores/video_1.npz")


def test_naming_opens_nothing(tmp_path):
    assert RunFolder(tmp_path / "new").scores_of("a").name == "a.npz" and not (tmp_path / "new").exists()
