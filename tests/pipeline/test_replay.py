"""A replay shows the snapshots in order of training and the stages between them."""

from dataclasses import replace

import numpy as np
import pytest
import synthetic_run

from dcwtal.core.timegrid import TimeGrid
from dcwtal.data.score_store import VideoScores, read_scores, write_scores
from dcwtal.jobs.run_folder import RunFolder
from dcwtal.pipeline.replay import replay_blob, snapshots_of, steps_of
from dcwtal.views.binary_blob import unpack_blob

SETTINGS = {"train": {"warmup_steps": 60, "b_steps": 75, "f_steps": 50}}
STAGES = synthetic_run.STAGES


def one_stage(scores: VideoScores, stage: str, value: float) -> VideoScores:
    """Scores of one stage, every curve at ``value``."""
    shape = (1, scores.grid.n, len(scores.classes))
    return replace(
        scores,
        stages=(stage,),
        class_scores={branch: np.full(shape, value, np.float32) for branch in ("cbp", "vlp")},
        video_scores={branch: np.full(shape[::2], value, np.float32) for branch in ("cbp", "vlp")},
    )


@pytest.fixture
def scores(tmp_path) -> VideoScores:
    write_scores(tmp_path / "scores.npz", synthetic_run.make_scores("clip_even"))
    return read_scores(tmp_path / "scores.npz")


@pytest.fixture
def traced(tmp_path, scores) -> RunFolder:
    """A run with snapshots at 25, 50, 75 … as training writes them, the one at the end of a phase included."""
    folder = RunFolder(tmp_path / "run")
    for stage, steps in (("F1", (25, 50)), ("warmup", (25, 50, 60)), ("B1", (25, 50, 75))):
        for step in steps:
            path = folder.trace / f"{stage}-{step:06d}" / "clip_even.npz"
            write_scores(path, one_stage(scores, stage, step / 100))
    (folder.trace / "notes").mkdir()
    return folder


def test_order_and_titles(traced):
    found = [(s.stage, s.step, s.title) for s in snapshots_of(traced, "clip_even", STAGES, SETTINGS)]
    assert found == [
        ("warmup", 25, "warm-up, step 25 of 60"),
        ("warmup", 50, "warm-up, step 50 of 60"),
        ("warmup", 60, "warm-up"),
        ("B1", 25, "B1, step 25 of 75"),
        ("B1", 50, "B1, step 50 of 75"),
        ("B1", 75, "B1"),
        ("F1", 25, "F1, step 25 of 50"),
        ("F1", 50, "F1"),
        ("B2", 75, "B2"),
        ("F2", 50, "F2"),
    ]


def test_without_a_schedule_every_snapshot_stays(traced):
    found = snapshots_of(traced, "clip_even", STAGES, {})
    assert [s.title for s in found][4:8] == ["B1, step 25", "B1, step 50", "B1, step 75", "B1"]
    assert len(found) == 8 + len(STAGES)


@pytest.mark.parametrize("settings", [{}, {"train": None}, {"train": {"b_steps": "many"}}, []])
def test_settings_that_say_nothing(settings):
    assert steps_of("B1", settings) is None


def test_curves_are_those_of_trace_and_scores(traced, scores):
    header, arrays = unpack_blob(replay_blob(traced, scores, settings=SETTINGS, stage="F2"))
    assert header["classes_sent"] == [0, 1, 2, 3, 4] and header["notice"] == ""
    row_of = {entry["title"]: row for row, entry in enumerate(header["snapshots"])}
    for branch in ("cbp", "vlp"):
        assert arrays[branch].shape == (10, scores.grid.n, 5)
        assert np.all(arrays[branch][row_of["B1, step 25 of 75"]] == np.float16(0.25))
        assert np.all(arrays[f"{branch}_video"][row_of["F1, step 25 of 50"]] == np.float32(0.25))
        for stage, row in (("warmup", row_of["warm-up"]), ("F2", row_of["F2"])):
            np.testing.assert_array_equal(arrays[branch][row], scores.at(stage, branch).class_scores)
            np.testing.assert_array_equal(
                arrays[f"{branch}_video"][row], scores.at(stage, branch).video_scores
            )


def test_a_video_that_is_no_probe_has_its_stages(tmp_path, scores):
    header, arrays = unpack_blob(
        replay_blob(RunFolder(tmp_path / "nowhere"), scores, settings=SETTINGS, stage="F2")
    )
    assert [entry["stage"] for entry in header["snapshots"]] == list(STAGES)
    np.testing.assert_array_equal(arrays["vlp"], scores.class_scores["vlp"])


def test_a_damaged_snapshot_is_left_out_and_named(traced, scores):
    (traced.trace / "B1-000050" / "clip_even.npz").write_bytes(b"PK nonsense")
    other = replace(scores, grid=TimeGrid(0.0, 0.3, scores.grid.n))
    write_scores(traced.trace / "F1-000025" / "clip_even.npz", one_stage(other, "F1", 0.5))
    header, arrays = unpack_blob(replay_blob(traced, scores, settings=SETTINGS, stage="F2"))
    titles = [entry["title"] for entry in header["snapshots"]]
    assert len(titles) == 8 == len(arrays["cbp"])
    assert not {"B1, step 50 of 75", "F1, step 25 of 50"} & set(titles)
    assert "2 snapshots are left out" in header["notice"] and "B1-000050" in header["notice"]


def test_a_large_replay_is_thinned_first_and_narrowed_then(traced, scores):
    one = 2 * scores.grid.n * 5

    def sent(most_values):
        blob = replay_blob(
            traced, scores, settings=SETTINGS, stage="F2", labels=("Diving",), most_values=most_values
        )
        header, arrays = unpack_blob(blob)
        assert arrays["cbp"].size + arrays["vlp"].size <= most_values
        return [entry["title"] for entry in header["snapshots"]], header["classes_sent"]

    assert len(sent(10 * one)[0]) == 10
    titles, columns = sent(7 * one)
    assert titles == ["warm-up, step 25 of 60", "warm-up", "B1", "F1, step 25 of 50", "F1", "B2", "F2"]
    assert len(columns) == 5
    titles, columns = sent(2 * one)
    assert len(titles) == 5 and len(columns) == 2 and 1 in columns  # 1 is Diving
