"""Nothing outside the catalog can be named."""

import pytest

from dcwtal.core.errors import DataError
from dcwtal.pipeline.browse import load_unlabelled
from dcwtal.ui.catalog import VIDEOS_KEPT, Catalog


def test_runs_of_one_name_get_distinct_keys(catalog):
    assert list(catalog.runs) == ["run", "run-2"]


def test_unknown_names_are_refused(catalog):
    with pytest.raises(DataError, match="known: run, run-2"):
        catalog.run("../run")
    with pytest.raises(DataError, match="no scores of video"):
        catalog.video("run", "../../etc/passwd")


def test_videos_are_read_once_and_not_for_ever(catalog):
    first = catalog.video("run", "clip_even")
    assert catalog.video("run", "clip_even") is first
    for number in range(VIDEOS_KEPT):
        catalog._recent["run", f"filler-{number}"] = first
    catalog.video("run", "clip_uneven")
    assert len(catalog._recent) == VIDEOS_KEPT


def test_opened_videos_belong_to_their_run(catalog):
    source = catalog.video("run", "clip_even")
    video = load_unlabelled(source.path, source.scores, title="mine")
    assert not catalog.is_opened("run", video.id)
    catalog.add_opened("run", video)
    assert catalog.is_opened("run", video.id) and not catalog.is_opened("run-2", video.id)
    assert catalog.video("run", video.id).truth is None
    assert [one.title for one in catalog.opened("run")] == ["mine"]


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(DataError):
        Catalog([tmp_path])
