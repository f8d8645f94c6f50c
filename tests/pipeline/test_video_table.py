"""The table of videos: one row by hand, what is unknown stays empty, and jobs in the background."""

import json
import time

import numpy as np
import pytest
from scored_run import CLASSES, flat_scores, random_scores, random_truth, write_run

from dcwtal.core.errors import DataError
from dcwtal.pipeline.browse import open_run
from dcwtal.pipeline.what_if import video_table, video_table_jobs
from dcwtal.pipeline.what_if.prepared_sets import PreparedSets
from dcwtal.pipeline.what_if.question import read_body, what_if_of
from dcwtal.pipeline.what_if.video_table import table_chunks
from dcwtal.pipeline.what_if.video_table_jobs import TableJobs

COLUMNS = {
    *(
        "id",
        "title",
        "subset",
        "labels",
        "duration",
        "ap",
        "foreground_iou",
        "background_iou",
        "over_complete",
    ),
    *(
        "incomplete",
        "fragments",
        "merges",
        "deletes",
        "missed",
        "disagreement",
        "confident_share",
        "kinds",
        "spark",
    ),
    "notice",
}


def rows_of(run, **body):
    asked = what_if_of(run, read_body(body))
    return [row for chunk in table_chunks(run, asked) for row in chunk]


def painted(video):
    """Truth 2-10 and 12-16 of 20 s. CBP: 2-6 (half of the first), and 17-19 (nothing)."""
    scores = flat_scores(video)
    scores.class_scores["cbp"][:, 2:6, 0] = 0.9
    scores.class_scores["cbp"][:, 17:19, 0] = 0.6
    scores.class_scores["vlp"][:, 2:16, 0] = 0.85
    return scores


def test_one_row_by_hand(tmp_path):
    run = open_run(write_run(tmp_path, [painted("v")], {"v": [("Dive", 2, 10), ("Dive", 12, 16)]}))
    (row,) = rows_of(run)
    assert set(row) == COLUMNS
    assert (row["id"], row["subset"], row["labels"], row["duration"]) == ("v", "test", ["Dive"], 20.0)
    assert row["ap"] == 0.5 and row["missed"] == 1
    assert row["incomplete"] == 4 and row["over_complete"] == 0
    assert (row["fragments"], row["merges"], row["deletes"]) == (0, 0, 1)
    assert row["kinds"] == {"true positive": 1, "background": 1}
    # Frames at 25 a second: 4 of 12 s of action found, 2 s called action wrongly, of 20 s.
    assert row["foreground_iou"] == pytest.approx(4 / 14) and row["background_iou"] == pytest.approx(6 / 16)
    assert row["confident_share"] == 1.0
    cbp, vlp = np.full(20, 0.05), np.full(20, 0.05)
    cbp[2:6], cbp[17:19], vlp[2:16] = 0.9, 0.6, 0.85
    assert row["disagreement"] == pytest.approx(np.abs(cbp - vlp).mean(), abs=1e-3)
    assert row["spark"]["label"] == "Dive" and len(row["spark"]["cbp"]) == len(row["spark"]["vlp"]) == 48
    assert (row["spark"]["cbp"][7], row["spark"]["cbp"][47]) == (229, 13)  # of float16 .9 and .05


def test_the_branch_that_is_localized_is_rated(tmp_path):
    run = open_run(write_run(tmp_path, [painted("v")], {"v": [("Dive", 2, 10), ("Dive", 12, 16)]}))
    (row,) = rows_of(run, settings={"branch": "vlp"})
    assert row["foreground_iou"] == pytest.approx(12 / 14) and row["merges"] == 1


def test_what_nobody_annotated_is_empty(tmp_path):
    """No truth in "test" at all; "validation" has some, so that its empty video counts as background."""
    videos = [painted("t"), painted("u"), painted("w")]
    subset = {"u": "validation", "w": "validation"}
    run = open_run(write_run(tmp_path, videos, {"u": [("Dive", 2, 10)]}, subset=subset))
    rows = {row["id"]: row for row in rows_of(run)}
    assert [*rows] == ["t", "u", "w"]
    for name in ("ap", "over_complete", "fragments", "missed", "kinds", "foreground_iou", "confident_share"):
        assert rows["t"][name] is None, name
    assert rows["t"]["disagreement"] > 0 and rows["t"]["spark"]["label"] == "Dive"
    assert rows["w"]["ap"] is None and rows["w"]["kinds"] == {"background": 2} and rows["w"]["missed"] == 0
    json.dumps(rows, allow_nan=False)


def test_a_damaged_file_costs_its_own_row(tmp_path):
    run = open_run(write_run(tmp_path, [painted("a"), painted("b")], {"a": [("Dive", 2, 6)], "b": []}))
    run.score_files["b"].write_bytes(b"nonsense")
    good, bad = rows_of(run)
    assert good["ap"] == 1.0 and good["notice"] == ""
    assert bad["ap"] is None and "not a score file" in bad["notice"] and set(bad) == COLUMNS


def test_one_snippet_and_an_unknown_data_set(tmp_path):
    run_folder = write_run(tmp_path, [flat_scores("v", n=1)], {"v": [("Dive", 0.2, 0.9)]})
    (row,) = rows_of(open_run(run_folder))
    assert len(row["spark"]["cbp"]) == 48
    (tmp_path / "data" / "annotations.json").unlink()
    (row,) = rows_of(open_run(run_folder))
    assert row["ap"] is None and row["labels"] == [] and row["spark"]["label"] == "Dive"


@pytest.fixture
def many(tmp_path, monkeypatch):
    monkeypatch.setattr(video_table, "VIDEOS_AT_ONCE", 3)
    videos = [random_scores(f"v{number}", number, n=30) for number in range(10)]
    truth = {scores.video: random_truth(n, end=scores.grid.end) for n, scores in enumerate(videos)}
    return open_run(write_run(tmp_path, videos, truth))


def test_chunks_make_no_difference(many, monkeypatch):
    found = rows_of(many, settings={"theta_cls": 0.3, "mode": "peer"})
    monkeypatch.setattr(video_table, "VIDEOS_AT_ONCE", 100)
    assert rows_of(many, settings={"theta_cls": 0.3, "mode": "peer"}) == found
    assert [row["id"] for row in found] == many.video_ids


def collect(jobs, run, client="c", **body):
    rows, end = [], time.monotonic() + 20
    while time.monotonic() < end:
        reply = jobs.of(run, what_if_of(run, read_body(body)), client=client).after(len(rows), seconds=0.5)
        rows += reply["rows"]
        if len(rows) == reply["total"]:
            return rows
    raise AssertionError("the table was not made in time")


def test_a_job_hands_out_rows_as_they_come(many):
    jobs = TableJobs(PreparedSets())
    rows = collect(jobs, many)
    assert [row["id"] for row in rows] == many.video_ids
    done = jobs.of(many, what_if_of(many, read_body({})), client=None).after(9, seconds=0)
    assert done["done"] == done["total"] == 10 and [row["id"] for row in done["rows"]] == ["v9"]


def test_a_newer_question_of_the_client_ends_its_older_table(many, monkeypatch):
    slow = table_chunks

    def slowly(*arguments, **options):
        for rows in slow(*arguments, **options):
            time.sleep(0.2)
            yield rows

    monkeypatch.setattr(video_table_jobs, "table_chunks", slowly)
    jobs = TableJobs(PreparedSets())
    old = jobs.of(many, what_if_of(many, read_body({})), client="c")
    assert len(collect(jobs, many, settings={"mode": "peer"})) == 10
    with pytest.raises(DataError, match="replaced by a newer one"):
        old.after(10, seconds=20)
    assert len(collect(jobs, many)) == 10, "asked again, it is made again"
    assert len(jobs._jobs) <= video_table_jobs.TABLES_KEPT


def test_a_bug_in_the_background_is_told(many, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(video_table_jobs, "table_chunks", broken)
    with pytest.raises(DataError, match="could not be made: oops"):
        TableJobs(PreparedSets()).of(many, what_if_of(many, read_body({})), client=None).after(0, seconds=20)
    assert CLASSES.names[0] == "Dive"
