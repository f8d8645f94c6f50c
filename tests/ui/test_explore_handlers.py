"""Handlers called as functions: what every control shows after each choice."""

from dataclasses import replace

import pytest

from dcwtal.ui.catalog import Catalog
from dcwtal.ui.explore_handlers import OUTPUTS, choose_run, choose_video, open_address, step_video
from dcwtal.ui.explore_view import ExploreView, view_from_address
from dcwtal.views.run_notes import FOREIGN_CAVEAT, WORLD_CAVEAT

VIEW = ExploreView("run", "clip_even", "HighJump", "F1", "vlp", "peer", ("cbp", "ghosts"))


def shown(answer: list) -> dict:
    """Output name → the value its control gets (the timeline: its whole value)."""
    named = dict(zip(OUTPUTS, answer, strict=True))
    return {name: update if name == "timeline" else update.get("value") for name, update in named.items()}


def choices(answer: list, name: str) -> list:
    return answer[OUTPUTS.index(name)]["choices"]


def test_an_empty_address_opens_the_first_test_video_at_the_final_stage(catalog):
    answer = open_address(catalog, {})
    values = shown(answer)
    assert (values["run"], values["video"], values["class_name"]) == ("run", "clip_even", "HighJump")
    assert (values["stage"], values["source"], values["mode"]) == ("F2", "cbp", "paper")
    assert choices(answer, "stage") == [
        ("warm-up", "warmup"),
        ("B1", "B1"),
        ("F1", "F1"),
        ("B2", "B2"),
        ("F2 ★", "F2"),
    ]
    timeline = values["timeline"]
    assert timeline["data_url"].endswith("/runs/run/videos/clip_even/data")
    assert timeline["view"]["stage"] == "F2" and timeline["view"]["time"] is None


def test_an_address_is_obeyed(catalog):
    query = {
        "run": "run-2",
        "video": "clip_uneven",
        "class": "Diving",
        "stage": "B1",
        "of": "fused",
        "mode": "peer",
        "t": "1.5",
    }
    values = shown(open_address(catalog, query))
    found = [values[name] for name in ("run", "video", "class_name", "stage", "source", "mode")]
    assert found == ["run-2", "clip_uneven", "Diving", "B1", "fused", "peer"]
    assert values["timeline"]["view"]["time"] == 1.5


@pytest.mark.parametrize("time", ["", "soon", "-3", "nan", "inf", "1e999"])
def test_a_time_that_is_none_is_ignored(catalog, time):
    assert view_from_address(catalog, {"t": time}).time is None


def test_another_video_keeps_stage_and_branch_but_takes_one_of_its_own_classes(catalog):
    values = shown(choose_video(catalog, replace(VIEW, video="clip_uneven")))
    assert (values["video"], values["class_name"]) == ("clip_uneven", "GolfSwing")
    assert (values["stage"], values["source"], values["mode"]) == ("F1", "vlp", "peer")
    view = values["timeline"]["view"]
    assert (view["curves"], view["ghosts"], view["time"]) == (["cbp"], True, None)


def test_another_video_keeps_a_class_that_it_has_too(catalog):
    assert shown(choose_video(catalog, replace(VIEW, class_name="Diving")))["class_name"] == "Diving"


def test_classes_of_the_video_come_first_and_are_marked(catalog):
    offered = choices(open_address(catalog, {}), "class_name")
    assert {shown for shown, _ in offered[:2]} == {"HighJump (here)", "Diving (here)"}
    assert len(offered) == 5


def test_videos_are_listed_with_what_was_found(catalog):
    offered = {value: text for text, value in choices(open_address(catalog, {}), "video")}
    assert offered["clip_even"] == "clip_even · 4/4 ✓ 4 ✗ · HighJump, Diving"
    assert list(offered) == ["clip_even", "clip_uneven", "clip_held_out"]


def test_stepping_goes_round(catalog):
    seen, view = [], VIEW
    for _ in range(4):
        answer = step_video(catalog, view, 1)
        view = replace(view, video=shown(answer)["video"])
        seen.append(view.video)
    assert seen == ["clip_uneven", "clip_held_out", "clip_even", "clip_uneven"]
    assert shown(step_video(catalog, VIEW, -1))["video"] == "clip_held_out"


def test_another_run_opens_at_its_own_stage_and_branch(catalog):
    values = shown(choose_run(catalog, "run-2"))
    assert (values["run"], values["stage"], values["source"]) == ("run-2", "F2", "cbp")


def test_without_a_run_the_page_says_how_to_get_one():
    answer = open_address(Catalog([]), {"video": "x"})
    assert "dcwtal train" in answer[-1]["message"]
    assert all(update["interactive"] is False for update in answer[:-1])


def test_a_run_without_videos_says_where_to_put_them(catalog):
    catalog.run("run").video_files.clear()
    values = shown(open_address(catalog, {}))
    assert "data/videos" in values["timeline"]["message"]
    assert shown(choose_run(catalog, "run-2"))["video"] == "clip_even"


def test_a_damaged_video_leaves_the_choices_usable(catalog, tmp_path):
    broken = tmp_path / "clip_even.npz"
    broken.write_bytes(b"nonsense")
    catalog.run("run").score_files["clip_even"] = broken
    answer = open_address(catalog, {})
    assert "clip_even.npz" in answer[-1]["message"]
    assert len(choices(answer, "video")) == 3
    assert shown(step_video(catalog, VIEW, 1))["timeline"]["video"] == "clip_uneven"


def test_the_world_is_called_a_teaching_set(catalog):
    value = shown(open_address(catalog, {}))["timeline"]
    assert WORLD_CAVEAT not in value["notes"]
    object.__setattr__(catalog.run("run"), "is_world", True)
    value = shown(open_address(catalog, {}))["timeline"]
    assert value["notes"][1] == WORLD_CAVEAT and "test split (2 videos)" in value["notes"][0]


def test_a_foreign_video_under_a_world_run_is_told_to_mean_nothing(catalog):
    object.__setattr__(catalog.run("run"), "is_world", True)
    video = catalog.video("run", "clip_even")
    catalog.add_opened("run", replace(video, id="opened-1", truth=None, subset=""))
    value = shown(open_address(catalog, {"video": "opened-1"}))["timeline"]
    assert value["notes"][1] == FOREIGN_CAVEAT


def test_an_unreadable_detections_file_costs_only_the_counts(catalog, tmp_path):
    run = catalog.run("run")
    object.__setattr__(run, "folder", type(run.folder)(tmp_path))
    offered = {value: text for text, value in choices(open_address(catalog, {}), "video")}
    assert offered["clip_even"] == "clip_even · HighJump, Diving"
