"""A data set to stored features: resumable, broken videos told at the end, safe when stopped."""

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from dcwtal.core.errors import CheckpointError, DataError, DiskError, SettingsError, VideoError
from dcwtal.features.settings import FeatureSettings
from dcwtal.features.store import FeatureStore
from dcwtal.pipeline import extract
from dcwtal.pipeline.extract import extract_dataset, extract_one

# Encoders that need no network; in a module of its own, because worker processes import it by name.
FAKE = """
import os
import time
from pathlib import Path

import numpy as np

from dcwtal.core.errors import CheckpointError, SettingsError
from dcwtal.features.recipe import recipes_of

class Images:
    name, dim, input_height, input_width, stride_frames = "fake-image", 3, 32, 32, 8
    weights_sha256 = "aa"

    def encode_images(self, images):
        time.sleep(float(os.environ.get("FAKE_SLEEP", "0")))
        return images.mean(axis=(1, 2)).astype(np.float32)

class Windows:
    name, dim, input_height, input_width, stride_frames = "fake-window", 5, 32, 32, 8
    window_frames, flow, flow_working_size, flow_scale = 16, "dis", (64, 48), 10.0
    weights_sha256 = "bb"

    def encode_windows(self, rgb, flow):
        return np.concatenate([rgb.mean(axis=(1, 2, 3)), flow.mean(axis=(1, 2, 3))], axis=1).astype(np.float32)

def load(names, settings, threads):
    if "absent" in names:
        raise CheckpointError("no weights 'absent'")
    images, windows = Images(), Windows()
    images.weights_sha256 = os.environ.get("FAKE_WEIGHTS", "aa")
    return (images, windows, settings), recipes_of(settings, images, windows)
"""


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """Extraction with the fake encoders."""
    folder = tmp_path / "modules"
    folder.mkdir()
    (folder / "fake_encoders.py").write_text(FAKE)
    monkeypatch.syspath_prepend(str(folder))
    module = importlib.import_module("fake_encoders")
    monkeypatch.setattr(extract, "_load_encoders", module.load)
    yield module
    sys.modules.pop("fake_encoders", None)


@pytest.fixture
def dataset(tmp_path, clips):
    """Four short videos in two subsets."""
    root = tmp_path / "data"
    (root / "videos").mkdir(parents=True)
    database = {}
    for number, subset in enumerate(["train", "train", "test", "test"]):
        clips.write_numbered_clip(
            root / "videos" / f"v{number}.mp4", [i / 25 for i in range(40 + 8 * number)]
        )
        database[f"v{number}"] = {
            "subset": subset,
            "duration": (40 + 8 * number) / 25,
            "annotations": [{"label": "Jump", "segment": [0.1, 0.9]}],
        }
    (root / "annotations.json").write_text(json.dumps({"database": database, "classes": ["Jump"]}))
    return root


def stamps(root):
    return {path: path.stat().st_mtime_ns for path in sorted((root / "features").rglob("*.npz"))}


def test_extracts_all_then_keeps_all(fake, dataset):
    heard = []
    summary = extract_dataset(dataset, workers=2, on_progress=heard.append)
    assert (summary.extracted, summary.kept) == (4, 0)
    assert summary.encoders == ("fake-image", "fake-window")
    store = FeatureStore(dataset)
    for number in range(4):
        both = store.read_aligned(["fake-image", "fake-window"], f"v{number}")
        assert both["fake-image"].grid.n == 5 + number
        assert both["fake-window"].dim == 5
    assert [news.done for news in heard] == sorted(news.done for news in heard)
    fractions = [news.fraction for news in heard]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0
    assert heard[-1].seconds_left == pytest.approx(0.0) and heard[-1].total == 4
    assert {news.message for news in heard if news.message} == {"v0", "v1", "v2", "v3"}

    before = stamps(dataset)
    again = extract_dataset(dataset, workers=2)
    assert (again.extracted, again.kept) == (0, 4)
    assert stamps(dataset) == before


def test_only_what_changed_is_extracted_again(fake, dataset, clips, monkeypatch):
    extract_dataset(dataset, workers=1)
    first = stamps(dataset)
    clips.write_numbered_clip(dataset / "videos" / "v1.mp4", [i / 25 for i in range(80)])  # other content
    (dataset / "features" / "fake-window" / "v2.npz").write_bytes(b"damaged")
    (dataset / "features" / "fake-image" / "v3.npz").unlink()
    summary = extract_dataset(dataset, workers=1)
    assert (summary.extracted, summary.kept) == (3, 1)
    changed = {path.stem for path, stamp in stamps(dataset).items() if first.get(path) != stamp}
    assert changed == {"v1", "v2", "v3"}
    assert FeatureStore(dataset).read("fake-image", "v1").grid.n == 10

    assert extract_dataset(dataset, workers=1, overrides=["features.stride_frames=16"]).extracted == 4
    assert FeatureStore(dataset).read("fake-image", "v1").grid.step == 0.64
    assert extract_dataset(dataset, workers=1, overrides=["features.image_batch=3"]).extracted == 4
    assert extract_dataset(dataset, workers=1, overrides=["features.image_batch=5"]).extracted == 0
    monkeypatch.setenv("FAKE_WEIGHTS", "other")
    assert extract_dataset(dataset, workers=1).extracted == 4


def test_chosen_subsets(fake, dataset):
    assert extract_dataset(dataset, subsets=["test"], workers=1).extracted == 2
    store = FeatureStore(dataset)
    assert store.has("fake-image", "v2") and not store.has("fake-image", "v0")
    with pytest.raises(DataError, match="train, test"):
        extract_dataset(dataset, subsets=["validation"], workers=1)


def test_broken_videos_are_told_at_the_end(fake, dataset):
    (dataset / "videos" / "v0.mp4").write_bytes(b"these are only words")
    (dataset / "videos" / "v2.mp4").unlink()
    heard = []
    with pytest.raises(VideoError) as caught:
        extract_dataset(dataset, workers=2, on_progress=heard.append)
    message = str(caught.value)
    assert message.startswith("2 of 4 videos gave no features (v2, v0); the others are stored. First, v2:")
    assert "no video file for 'v2'" in message
    assert any("v0.mp4 is not a video" in (news.message or "") for news in heard)
    assert heard[-1].done == 4 and heard[-1].failed == 2
    store = FeatureStore(dataset)
    assert [store.has("fake-image", f"v{number}") for number in range(4)] == [False, True, False, True]


def test_too_short_a_video(fake, dataset, clips):
    clips.write_numbered_clip(dataset / "videos" / "v0.mp4", [0, 0.04])
    with pytest.raises(VideoError, match=r"lasts 0\.08 s; expected at least one snippet of 0\.32 s"):
        extract_dataset(dataset, workers=1)


def test_full_disk_stops_at_once_and_leaves_no_half_file(fake, dataset, monkeypatch):
    original = os.replace
    calls = []

    def fills_up(source, target):
        calls.append(target)
        if len(calls) > 3:
            raise OSError(28, "No space left on device")
        return original(source, target)

    monkeypatch.setattr(os, "replace", fills_up)
    with pytest.raises(DiskError, match="disk is full"):
        extract_dataset(dataset, workers=1)
    assert len(calls) == 4
    files = [path for path in (dataset / "features").rglob("*") if path.is_file()]
    assert len(files) == 3 and all(path.suffix == ".npz" and path.name[0] == "v" for path in files)
    monkeypatch.undo()


@pytest.mark.parametrize(
    "arguments,error,message",
    [
        ({"encoders": ["absent"]}, CheckpointError, "no weights 'absent'"),
        ({"overrides": ["features.stride_frame=8"]}, SettingsError, "did you mean 'features.stride_frames'"),
        ({"overrides": ["features.flow=lucas"]}, SettingsError, "features.flow"),
    ],
)
def test_faults_before_any_video(arguments, error, message, fake, dataset):
    with pytest.raises(error, match=message):
        extract_dataset(dataset, workers=1, **arguments)
    assert not (dataset / "features").exists()


def test_no_data_set(tmp_path):
    with pytest.raises(DataError):
        extract_dataset(tmp_path / "absent")


def test_one_file(fake, dataset):
    heard = []
    path = dataset / "videos" / "v3.mp4"
    one = extract_one(path, on_progress=lambda *news: heard.append(news))
    extract_dataset(dataset, workers=1)
    for name, sequence in one.items():
        stored = FeatureStore(dataset).read(name, "v3")
        np.testing.assert_allclose(sequence.values, stored.values, rtol=1e-3, atol=1e-3)
        assert sequence.recipe == stored.recipe and sequence.source_sha256 == stored.source_sha256
    assert heard and heard[-1][1] == pytest.approx(64 / 25)
    assert extract_one(path, settings=FeatureSettings(stride_frames=16))["fake-image"].grid.n == 4
    with pytest.raises(VideoError, match="no video file at"):
        extract_one(dataset / "videos" / "absent.mp4")


INTERRUPTED = """
import sys
from dcwtal.pipeline import extract
import fake_encoders
extract._load_encoders = fake_encoders.load

def say(news):
    print(news.done, flush=True)

if __name__ == "__main__":
    try:
        extract.extract_dataset(sys.argv[1], workers=2, on_progress=say)
    except KeyboardInterrupt:
        sys.exit(130)
"""


def children_of(process_id):
    return [int(word) for word in Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()]


def is_alive(process_id):
    """Whether a process still runs (one that has ended may wait for init to notice)."""
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks for processes in /proc")
def test_ctrl_c_leaves_whole_files_no_processes_and_goes_on(fake, dataset, tmp_path):
    script = tmp_path / "modules" / "interrupted.py"
    script.write_text(INTERRUPTED)
    environment = os.environ | {"FAKE_SLEEP": "0.7", "PYTHONPATH": str(script.parent)}
    process = subprocess.Popen(
        [sys.executable, str(script), str(dataset)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    )
    while process.stdout.readline().strip() != "1":
        assert process.poll() is None
    helpers = children_of(process.pid)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the whole group
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130, errors
    assert len(helpers) >= 2
    assert "Traceback" not in errors
    deadline = time.monotonic() + 10
    while any(is_alive(helper) for helper in helpers):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    files = [path for path in (dataset / "features").rglob("*") if path.is_file()]
    assert files and all(path.suffix == ".npz" and path.name[0] == "v" for path in files)
    summary = extract_dataset(dataset, workers=1)
    assert summary.kept >= 1 and summary.kept + summary.extracted == 4
