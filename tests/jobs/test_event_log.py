"""The event log is readable while it is written, and after any accident."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dcwtal.core.errors import DiskError
from dcwtal.jobs.event_log import EventLog, read_events


@pytest.fixture
def log(tmp_path):
    return EventLog(tmp_path / "run" / "events.jsonl", clock=lambda: 12.34567)


def test_events_come_back_in_order_with_kind_and_time(log):
    log.write("phase", stage="B1", steps=3)
    log.write("step", losses={"kd": 0.5}, text="zwei\nZeilen \u2028 é")
    assert read_events(log.path)[0] == [
        {"kind": "phase", "at": 12.346, "stage": "B1", "steps": 3},
        {"kind": "step", "at": 12.346, "losses": {"kd": 0.5}, "text": "zwei\nZeilen \u2028 é"},
    ]
    assert log.path.read_text().count("\n") == 2


def test_reading_goes_on_where_it_was(log):
    log.write("a")
    first, offset = read_events(log.path)
    assert offset == log.path.stat().st_size
    assert read_events(log.path, offset) == ([], offset)
    log.write("b")
    second, end = read_events(log.path, offset)
    assert [event["kind"] for event in first + second] == ["a", "b"] and end == log.path.stat().st_size


def test_a_half_written_last_line_waits(log):
    log.write("a")
    whole = log.path.stat().st_size
    with open(log.path, "ab") as stream:
        stream.write(b'{"kind": "b", "te')
    events, offset = read_events(log.path)
    assert [event["kind"] for event in events] == ["a"] and offset == whole
    with open(log.path, "ab") as stream:
        stream.write(b'xt": "\xc3\xa9"}\n')
    assert read_events(log.path, offset)[0] == [{"kind": "b", "text": "é"}]


@given(st.lists(st.text(max_size=20), min_size=1, max_size=6), st.lists(st.integers(0, 400), max_size=8))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_however_the_file_grows_every_event_is_read_once(tmp_path, texts, cuts):
    """The bytes arrive in arbitrary portions; polling after each one gives all events, none twice."""
    path = tmp_path / "events.jsonl"
    path.unlink(missing_ok=True)
    for text in texts:
        EventLog(path).write("e", text=text)
    content = path.read_bytes()
    path.unlink()
    seen, offset = [], 0
    for end in [*sorted(min(cut, len(content)) for cut in cuts), len(content)]:
        path.write_bytes(content[:end])
        events, offset = read_events(path, offset)
        seen += [event["text"] for event in events]
    assert seen == texts


def test_a_line_cut_off_by_an_accident_spoils_nothing_after_it(log):
    """A full disk or a kill leaves half a line; the resumed run writes on."""
    log.write("a")
    with open(log.path, "ab") as stream:
        stream.write(b'{"kind": "lost", "losses": {"kd": 0.')
    log.write("b")
    log.write("c")
    events, offset = read_events(log.path)
    assert [event["kind"] for event in events] == ["a", "b", "c"] and offset == log.path.stat().st_size


def test_a_missing_log_is_empty(tmp_path):
    assert read_events(tmp_path / "none.jsonl") == ([], 0)
    assert read_events(tmp_path / "none.jsonl", 7) == ([], 7)


def test_a_full_disk_is_told(log, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    log.write("a")
    monkeypatch.setattr("builtins.open", full)
    with pytest.raises(DiskError, match=r"cannot write .*events\.jsonl: No space left.*then resume"):
        log.write("b")


def test_what_is_not_a_number_in_json_is_refused_before_anything_is_written(log):
    log.write("a")
    with pytest.raises(ValueError, match="JSON"):
        log.write("step", loss=float("nan"))
    assert [json.loads(line)["kind"] for line in log.path.read_text().splitlines()] == ["a"]
