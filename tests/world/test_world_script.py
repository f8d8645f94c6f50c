"""Scripts are data: what they promise is checked over many seeds without drawing a pixel."""

from itertools import pairwise

import numpy as np
import pytest

from dcwtal.core.errors import UserError
from dcwtal.world.plan import plan_world
from dcwtal.world.script import CUE_IN_ATTEMPT, CUE_WHILE_WAITING, Script, write_script
from dcwtal.world.shots import CutawayShot, SceneShot
from dcwtal.world.skeleton import skeletons
from dcwtal.world.stage import CLASS_NAMES, CUTAWAY_KINDS, GROUND_Y, SCENE_WIDTH, WAITING_KINDS


@pytest.fixture(scope="module")
def scripts() -> list[Script]:
    return [plan.script() for plan in plan_world(n_train=40, n_val=None, n_test=20, seed=3)]


def frames_of(runs) -> int:
    return sum(run.end - run.start for run in runs)


def test_runs_cover_every_frame_once(scripts):
    for script in scripts:
        runs = script.runs()
        assert runs[0].start == 0
        assert runs[-1].end == script.frames
        assert all(before.end == after.start for before, after in pairwise(runs))
        assert all(run.end - run.start >= 3 for run in runs)


def test_annotations_are_the_foreground_frames(scripts):
    for script in scripts:
        foreground = []
        for shot in script.shots:
            if isinstance(shot, CutawayShot):
                foreground += [""] * shot.frames
            else:
                for clip in shot.clips:
                    foreground += [clip.sport if clip.is_action else ""] * clip.frames
        annotated = [""] * script.frames
        for annotation in script.annotations():
            start, end = (round(second * script.fps) for second in annotation["segment"])
            assert annotated[start:end] == [""] * (end - start), "instances overlap"
            annotated[start:end] = [annotation["label"]] * (end - start)
        assert annotated == foreground


def test_segments_lie_inside_the_video_and_never_touch(scripts):
    for script in scripts:
        segments = [annotation["segment"] for annotation in script.annotations()]
        assert all(0 <= start < end <= script.duration for start, end in segments)
        assert all(2.8 <= end - start <= 5.5 for start, end in segments)
        assert all(before[1] < after[0] for before, after in pairwise(segments))


def test_labels_are_exactly_the_annotated_classes(scripts):
    for script in scripts:
        assert {annotation["label"] for annotation in script.annotations()} == set(script.labels)
        assert list(script.labels) == sorted(script.labels)


def test_foreign_venues_are_no_label_and_have_no_action_and_no_cue(scripts):
    foreign = [(script, run) for script in scripts for run in script.runs() if run.foreign]
    assert foreign
    for script, run in foreign:
        assert run.scene not in script.labels
        assert not run.is_action
        assert not run.cue
    for script in scripts:
        own = [run for run in script.runs() if not run.foreign and run.scene != "cutaway"]
        assert all(run.scene in script.labels for run in own)


def test_peaks_lie_inside_their_actions_and_are_a_part_of_them(scripts):
    shares = []
    for script in scripts:
        for run in script.runs():
            if not run.is_action:
                assert run.peak is None
                continue
            assert run.peak is not None
            assert run.start <= run.peak[0] < run.peak[1] <= run.end
            shares.append((run.peak[1] - run.peak[0]) / (run.end - run.start))
    assert 0.25 < np.mean(shares) < 0.5
    assert max(shares) < 0.75


def test_shares_of_time(scripts):
    runs = [run for script in scripts for run in script.runs()]
    total = frames_of(runs)

    def share(condition) -> float:
        return frames_of(run for run in runs if condition(run)) / total

    assert 0.26 < share(lambda run: run.is_action) < 0.35
    assert 0.15 < share(lambda run: run.scene == "cutaway") < 0.26
    assert 0.05 < share(lambda run: run.foreign) < 0.13
    assert 0.03 < share(lambda run: run.kind == "mock") < 0.12
    assert 46 < np.mean([script.duration for script in scripts]) < 56
    assert 2.5 < np.mean([len(script.annotations()) for script in scripts]) < 5.5
    assert {run.kind for run in runs} == {"action", *WAITING_KINDS, *CUTAWAY_KINDS}


def test_the_cue_is_usually_true_and_sometimes_false(scripts):
    runs = [run for script in scripts for run in script.runs() if run.scene != "cutaway" and not run.foreign]
    attempts = [run.cue for run in runs if run.is_action]
    waiting = [run.cue for run in runs if not run.is_action]
    assert abs(np.mean(attempts) - CUE_IN_ATTEMPT) < 0.06
    assert abs(np.mean(waiting) - CUE_WHILE_WAITING) < 0.03
    assert not any(run.cue for script in scripts for run in script.runs() if run.scene == "cutaway")


def test_bodies_move_smoothly_and_stay_on_the_stage(scripts):
    """No joint teleports inside a shot, no foot sinks into the ground."""
    for script in scripts[:24]:
        for shot in script.shots:
            if not isinstance(shot, SceneShot):
                continue
            body = np.concatenate([skeletons(clip) for clip in shot.clips])
            hidden = np.concatenate([clip.hidden for clip in shot.clips])
            assert np.isfinite(body).all()
            assert (body[..., 0] > 0).all()
            assert (body[..., 0] < SCENE_WIDTH).all()
            steps = np.linalg.norm(np.diff(body, axis=0), axis=2)
            assert steps[~hidden[1:]].max() < 45, shot.venue
            if shot.venue != "Diving":
                assert (body[..., 1] < GROUND_Y).all()


def test_the_same_seed_writes_the_same_script():
    def written(entropy: int) -> list:
        return write_script(("Diving", "HighJump"), np.random.SeedSequence(entropy)).runs()

    assert written(5) == written(5)
    assert written(5) != written(6)


@pytest.mark.parametrize("seconds", [4.0, 8.0, 25.0])
def test_short_videos_are_short_and_complete(seconds):
    script = write_script(("LongJump",), np.random.SeedSequence(1), seconds=seconds)
    assert len(script.annotations()) >= 1
    assert script.duration < seconds + 10


def test_every_class_has_videos_in_every_split_of_eight():
    for seed in range(6):
        plans = plan_world(n_train=16, n_val=8, n_test=8, seed=seed)
        for subset, least in (("train", 2), ("validation", 1), ("test", 1)):
            shown = [label for plan in plans if plan.subset == subset for label in plan.labels]
            assert all(shown.count(name) >= least for name in CLASS_NAMES)


def test_about_a_third_of_the_videos_show_two_classes():
    plans = plan_world(n_train=40, n_val=None, n_test=20, seed=1)
    assert 0.25 <= np.mean([len(plan.labels) == 2 for plan in plans]) <= 0.35
    assert [plan.subset for plan in plans].count("validation") == 10
    assert len({plan.video_id for plan in plans}) == len(plans)


def test_tiny_worlds_test_only_what_training_shows():
    for seed in range(20):
        plans = plan_world(n_train=2, n_val=1, n_test=1, seed=seed)
        trained = {label for plan in plans if plan.subset == "train" for label in plan.labels}
        assert {label for plan in plans for label in plan.labels} == trained


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"n_train": 0}, "at least 1 training video"),
        ({"n_test": -1}, "negative"),
        ({"n_val": -2}, "negative"),
        ({"n_train": 10**7}, "At most"),
        ({"seed": -1}, "seed"),
        ({"seconds": 0.0}, "length"),
        ({"seconds": float("nan")}, "length"),
    ],
)
def test_impossible_wishes_are_refused_with_one_message(change, words):
    wishes = {"n_train": 2, "n_val": 1, "n_test": 1, "seed": 0} | change
    with pytest.raises(UserError, match=words):
        plan_world(**wishes)
