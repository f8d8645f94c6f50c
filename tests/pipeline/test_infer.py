"""``infer_video``: a bare video gets the scores it would have as part of the data set, and intervals from them."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from dcwtal.core.errors import CheckpointError, DataError, SettingsError, UserError, VideoError
from dcwtal.data.score_store import BRANCHES, read_scores
from dcwtal.features.extraction import extract_video
from dcwtal.features.settings import FeatureSettings
from dcwtal.features.store import FeatureStore
from dcwtal.formats.activitynet import read_detection_file
from dcwtal.pipeline import extract
from dcwtal.pipeline.infer import infer_video
from dcwtal.pipeline.localize import localize_run, localize_scores
from dcwtal.pipeline.train import train_run
from dcwtal.training.presets import resolve_settings

QUICK = ["train.warmup_steps=4", "train.b_steps=3", "train.f_steps=3"]
EXTRACT_ONE = extract.extract_one
# Few steps leave low scores: thresholds that find something all the same.
LOOSE = ["localize.theta_loc=0.02", "localize.theta_cls=0.01"]


@pytest.fixture(scope="module")
def place(tiny, tiny_weights, clips, tmp_path_factory):
    """A finished run whose video ``test_0`` is a real clip of 4 s, its features made from it."""
    import dcwtal.features.weights_registry as registry

    root = tmp_path_factory.mktemp("infer")
    data, video = tiny.write_data_set(root / "data"), root / "data" / "videos" / "test_0.mp4"
    video.parent.mkdir()
    colours = np.random.default_rng(0).integers(0, 255, (100, 1, 1, 3), dtype=np.uint8)
    pictures = [
        np.broadcast_to(colour, (64, 96, 3)).copy() for colour in np.repeat(colours[::10], 10, axis=0)
    ]
    clips.write_clip(video, pictures, np.arange(100) / 25)
    encoders = {"image_encoder": tiny.PixelImages(), "window_encoder": tiny.PixelWindows()}
    for features in extract_video(video, **encoders, settings=FeatureSettings()).values():
        FeatureStore(data).write("test_0", features)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "weights_folders", lambda: (tiny_weights,))
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        train_run(data, root / "R", preset="smoke", overrides=[*QUICK, *LOOSE], seed=None)
        torch.set_num_threads(threads)
    return root


@pytest.fixture(autouse=True)
def _pixel_encoders(tiny, with_tiny_weights, one_thread, monkeypatch):
    """Extraction without its child process, by encoders that average pixels."""

    def extract_here(path, *, encoders, settings, on_progress):
        pixel = {"image_encoder": tiny.PixelImages(), "window_encoder": tiny.PixelWindows()}
        return extract_video(path, **pixel, settings=settings, on_progress=on_progress)

    monkeypatch.setattr(extract, "extract_one", extract_here)


def infer(place, *overrides, video="data/videos/test_0.mp4", run="R", **options):
    return infer_video(place / video, place / run, overrides=list(overrides), **options)


def test_scores_are_those_of_the_same_video_in_the_data_set(place):
    """Stored features and stored scores are float16; the bare video's are not."""
    result, stored = infer(place), read_scores(place / "R" / "scores" / "test_0.npz")
    assert result.scores.stages == stored.stages == ("warmup", "B1", "F1")
    assert result.scores.grid == stored.grid and result.video_id == "test_0" and result.stage == "F1"
    assert result.duration == pytest.approx(4.0)
    for branch in BRANCHES:
        np.testing.assert_allclose(result.scores.class_scores[branch], stored.class_scores[branch], atol=5e-3)


def test_through_the_child_process_that_decodes(place, tiny, tmp_path, monkeypatch):
    """As above but for nothing replaced except the encoders themselves; a broken file is the same clear fault."""
    here = infer(place)
    monkeypatch.setattr(extract, "extract_one", EXTRACT_ONE)
    monkeypatch.setattr(extract, "_load_encoders", tiny.load_pixel_encoders)
    monkeypatch.syspath_prepend(str(Path(tiny.__file__).parent))
    assert infer(place).document() == here.document()
    (tmp_path / "text.mp4").write_text("no video")
    with pytest.raises(VideoError, match=r"text\.mp4"):
        infer(place, video=str(tmp_path / "text.mp4"))


@pytest.mark.parametrize(
    "override",
    [
        "localize.theta_loc=0.1",
        "localize.branch=fused",
        "localize.mode=peer",
        "localize.class_scores_stage=warmup",
        "localize.class_scores_branch=vlp",
    ],
)
def test_intervals_are_those_of_localizing_the_scores(place, override):
    result = infer(place, override)
    settings = resolve_settings("smoke", [*LOOSE, override]).localize
    expected = localize_scores(result.scores, "F1", settings, duration=result.duration)
    assert len(expected) > 0 and len(result.detections) == len(expected)
    for column in ("start", "end", "score", "label", "video"):
        assert (getattr(result.detections, column) == getattr(expected, column)).all()


def test_the_class_scores_stage_matters_here(place):
    """Guards the test above: classes chosen at the warm-up differ from those chosen at the end."""
    by_hand = {
        stage: {
            *infer(place, "localize.theta_cls=1", f"localize.class_scores_stage={stage}").detections.label
        }
        for stage in ("same", "warmup")
    }
    scores = infer(place).scores.video_scores["cbp"]
    names = np.array(["Diving", "Shotput"])
    assert by_hand["same"] == {names[scores[2].argmax()]} and by_hand["warmup"] == {names[scores[0].argmax()]}


def test_the_document_is_activitynet_json_like_the_runs(place, tmp_path):
    result = infer(place)
    path = tmp_path / "deep" / "out.json"
    result.write(path)
    document = json.loads(path.read_text())
    assert document == json.loads(json.dumps(result.document(), allow_nan=False))
    assert set(document) == {"version", "results", "external_data"} and list(document["results"]) == [
        "test_0"
    ]
    made_by = document["external_data"]
    assert (made_by["run"], made_by["stage"], made_by["video_seconds"]) == ("R", "F1", pytest.approx(4.0))
    found = read_detection_file(path).detections
    assert len(found) == len(result.detections) > 0 and (found.start == result.detections.start).all()
    assert (found.end <= 4.0 + 1e-6).all() and (found.start >= 0).all()
    ours = read_detection_file(localize_run(place / "R", overrides=[]).path)
    (place / "R" / "detections.json").unlink()
    assert "test_0" in ours.videos


def test_a_video_without_detections_is_listed_and_said(place):
    result = infer(place, "localize.min_score=1", "localize.theta_loc=1")
    assert result.document()["results"] == {"test_0": []}
    assert result.as_text().startswith("test_0: 0 detections (run R, stage F1)")


def test_it_reads_the_run_and_writes_nothing(place):
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*")}
    infer(place)
    assert {path: path.stat().st_mtime_ns for path in place.rglob("*")} == before


def test_progress_ends_at_its_total(place):
    said = []
    infer(place, on_progress=lambda *told: said.append(told))
    assert said[-1][0] == said[-1][1] and all(done <= total for done, total, _ in said)
    assert [done for done, *_ in said] == sorted(done for done, *_ in said)


def test_a_run_that_is_missing_or_not_finished(place, tmp_path):
    with pytest.raises(DataError, match=r"no run folder at .*nowhere; train one"):
        infer(place, run="nowhere")
    run = shutil.copytree(place / "R", place / "unfinished")
    info = json.loads((run / "run.json").read_text())
    del info["final_stage"], info["stages"]
    (run / "run.json").write_text(json.dumps(info))
    with pytest.raises(DataError, match="describes no finished run; finish it"):
        infer(place, run="unfinished")
    shutil.rmtree(run)


@pytest.mark.parametrize(
    ("override", "match"),
    [
        ("train.rounds=3", r"localize"),
        ("localize.theta_lok=0.3", "did you mean 'localize.theta_loc'"),
        ("localize.theta_loc=3", "less than or equal to 1"),
        ("nonsense", "--set expects section.key=value"),
        ("localize.class_scores_stage=F9", "F9"),
    ],
)
def test_overrides_that_do_not_fit(place, override, match):
    with pytest.raises((DataError, SettingsError), match=match):
        infer(place, override)


def test_videos_that_cannot_be_read(place, clips, tmp_path):
    (tmp_path / "text.mp4").write_text("no video")
    clips.write_clip(tmp_path / "short.mp4", [np.zeros((64, 96, 3), np.uint8)] * 3, np.arange(3) / 25)
    for name in ("text.mp4", "none.mp4", "short.mp4"):
        with pytest.raises(VideoError, match=name):
            infer(place, video=str(tmp_path / name))
    assert len(infer(place).detections) > 0  # and a good video still works


def test_encoders_of_another_width_than_the_runs(place, tiny, monkeypatch):
    monkeypatch.setattr(
        tiny.PixelWindows, "encode_windows", lambda self, rgb, flow: np.ones((len(rgb), 9), np.float32)
    )
    monkeypatch.setattr(tiny.PixelWindows, "dim", 9)
    with pytest.raises(
        CheckpointError, match="cbp_dim 6; the features have 9; extract them with the encoders of"
    ):
        infer(place)


def test_encoder_weights_other_than_those_of_the_run_are_told(place, tiny, monkeypatch):
    """Same widths, other weights: the scores would be rubbish without a word."""
    monkeypatch.setattr(tiny.PixelWindows, "weights_sha256", "cc")
    with pytest.raises(UserError, match=r"world-two-stream.*weights"):
        infer(place)


def test_a_name_that_is_hostile_stays_a_name(place, tmp_path):
    video = tmp_path / "<img src=x onerror=alert(1)>.mp4"
    shutil.copy(place / "data" / "videos" / "test_0.mp4", video)
    result = infer(place, video=str(video))
    assert result.video_id == "<img src=x onerror=alert(1)>" and len(result.detections) == len(
        infer(place).detections
    )
    assert infer(place, video=str(video), video_id="clip").video_id == "clip"
