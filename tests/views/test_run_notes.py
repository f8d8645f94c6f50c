"""Every number's protocol says data set, split, videos and how the stage was chosen."""

import pytest

from dcwtal.views.run_notes import protocol_line, selection_line, stage_title

INFO = {
    "dataset_name": "sports-world",
    "final_stage": "F2",
    "selection": {"rule": "best-on-held-out", "subset": "validation", "videos": 10},
}


def test_protocol_names_data_split_and_rule():
    assert protocol_line(INFO, subset="test", videos=20) == (
        "sports-world · test split (20 videos) · ★ F2 = best on held-out videos (10 validation videos)"
    )


def test_a_stage_chosen_on_test_videos_is_shouted():
    line = selection_line(INFO | {"selection": {"rule": "best-on-test", "videos": 20, "subset": "test"}})
    assert "TEST videos" in line


@pytest.mark.parametrize(
    ("info", "part"),
    [
        ({"final_stage": "F1", "selection": {"rule": "last"}}, "F1 = the last stage"),
        ({}, "rule not recorded"),
    ],
)
def test_what_is_unknown_is_said_to_be(info, part):
    assert part in selection_line(info)


def test_own_videos_have_no_split():
    assert "a video of your own" in protocol_line(INFO, subset="", videos=0)


def test_stage_titles():
    assert [stage_title(s, final="F1") for s in ("warmup", "B1", "F1")] == ["warm-up", "B1", "F1 ★"]
