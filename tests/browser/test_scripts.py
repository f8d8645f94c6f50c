"""The page's small scripts against Python, number for number: they are loaded alone, without the page."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_run import uneven_times

from dcwtal.core.class_activation import ClassActivationSequence
from dcwtal.core.class_names import ClassNames
from dcwtal.core.timegrid import TimeGrid
from dcwtal.localize.fusion import pick_branch
from dcwtal.training.pseudo_labels import ternary_labels
from dcwtal.training.settings import PseudoLabelSettings
from dcwtal.ui.routes import script_url

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def run_script(context, studio):
    """Evaluates the body of an async function that gets one of our modules and one value."""
    tab = context.new_page()
    tab.goto(studio.rstrip("/") + script_url("scores.js"))

    def run(module: str, body: str, value):
        return tab.evaluate(
            f"async (value) => {{ const m = await import({script_url(module)!r}); {body} }}", value
        )

    yield run
    tab.close()


def as_activation(curve: np.ndarray) -> ClassActivationSequence:
    grid = TimeGrid(0.0, 0.32, len(curve))
    return ClassActivationSequence(
        curve[:, None], curve.max(initial=0, keepdims=True), grid, ClassNames(("a",))
    )


@pytest.mark.parametrize("weight", [0.0, 0.3, 0.5, 0.7, 1.0])
def test_fusion_is_bit_for_bit_that_of_the_detections(run_script, weight):
    dice = np.random.default_rng(5)
    cbp, vlp = dice.random((2, 500)).astype(np.float32)
    found = run_script(
        "scores.js",
        "return Array.from(m.fuse(Float32Array.from(value.cbp), Float32Array.from(value.vlp), value.weight));",
        {"cbp": cbp.tolist(), "vlp": vlp.tolist(), "weight": weight},
    )
    fused = pick_branch(as_activation(cbp), as_activation(vlp), branch="fused", weight=weight)
    assert found == fused.class_scores[:, 0].tolist()


@pytest.mark.parametrize("minmax", [False, True])
@pytest.mark.parametrize(("high", "low"), [(0.3, 0.1), (0.5, 0.25), (0.7, 0.0)])
def test_ternary_maps_are_those_of_training(run_script, high, low, minmax):
    dice = np.random.default_rng(6)
    curve = np.concatenate([dice.random(400), [0.5, 0.25, 0.3, 0.1, 0.7, 0.0, 1.0]]).astype(np.float32)
    rules = PseudoLabelSettings(delta_h=high, delta_l=low, minmax=minmax)
    expected = ternary_labels(curve[:, None], np.ones(1), rules)[:, 0]
    found = run_script(
        "scores.js",
        "return Array.from(m.ternary(Float32Array.from(value.curve), value));",
        {"curve": curve.tolist(), "high": high, "low": low, "minmax": minmax},
    )
    assert found == expected.tolist()


def test_frames_are_found_at_every_time(run_script):
    times = np.array(uneven_times(80))
    asked = np.random.default_rng(7).uniform(-0.5, times[-1] + 0.5, 300)
    found = run_script(
        "frame_clock.js",
        """const clock = new m.FrameClock(Float64Array.from(value.times), value.end);
           return value.asked.map((t) => [clock.frameAt(t), clock.nearest(t), clock.middleOf(clock.frameAt(t))]);""",
        {"times": times.tolist(), "end": float(times[-1] + 0.04), "asked": asked.tolist()},
    )
    for time, (frame, nearest, middle) in zip(asked, found, strict=True):
        expected = max([i for i, start in enumerate(times) if start <= time], default=0)
        assert frame == expected
        assert abs(times[nearest] - time) == pytest.approx(np.abs(times - time).min())
        end = times[frame + 1] if frame + 1 < len(times) else times[-1] + 0.04
        assert middle == pytest.approx((times[frame] + end) / 2)


@settings(max_examples=25)
@given(
    moves=st.lists(
        st.tuples(st.sampled_from(["zoom", "pan", "show"]), st.floats(-3, 3), st.floats(0, 50)), max_size=12
    )
)
def test_zoom_and_pan_never_leave_the_video(run_script, moves):
    views = run_script(
        "time_axis.js",
        """const axis = new m.TimeAxis(); axis.reset(50); axis.left = 100; axis.width = 1000;
           return value.map(([kind, amount, time]) => {
             if (kind === "zoom") axis.zoom(Math.exp(amount), time);
             else if (kind === "pan") axis.pan(amount * 10);
             else axis.show(time, 5 + amount);
             return [axis.start, axis.end, axis.toTime(axis.toPixel(time)) - time, axis.ticks().length];
           });""",
        [list(move) for move in moves],
    )
    for start, end, drift, ticks in views:
        assert 0 <= start < end <= 50 + 1e-9 and end - start >= 0.4 - 1e-9
        assert abs(drift) < 1e-6 and 1 <= ticks <= 16


def test_times_are_written_as_minutes_and_seconds(run_script):
    cases = [(0, 2), (59.994, 2), (59.996, 2), (61.5, 0), (3599.99, 1), (3661, 0), (7325.04, 2), (-1, 2)]
    found = run_script("time_axis.js", "return value.map(([t, digits]) => m.clockText(t, digits));", cases)
    assert found == ["0:00.00", "0:59.99", "1:00.00", "1:02", "1:00:00.0", "1:01:01", "2:02:05.04", "0:00.00"]


@settings(max_examples=25)
@given(
    bars=st.lists(
        st.tuples(st.integers(0, 40), st.integers(1, 9)).map(lambda pair: (pair[0], pair[0] + pair[1])),
        max_size=25,
    )
)
def test_bars_of_one_row_never_overlap_and_the_first_get_the_top(run_script, bars):
    detections = [
        {"start": start, "end": end, "label": "a", "score": -place} for place, (start, end) in enumerate(bars)
    ]
    most, placed = run_script("scene.js", "return [m.DRAWN_ROWS, m.placed(value, ['a'])];", detections)
    assert [(one["start"], one["end"]) for one in placed] == bars
    for position, one in enumerate(placed):
        for higher in range(one["row"]):
            blocking = [other for other in placed[:position] if other["row"] == higher]
            assert any(other["start"] < one["end"] and one["start"] < other["end"] for other in blocking)
        if one["row"] == most:
            continue
        same = [other for other in placed if other is not one and other["row"] == one["row"]]
        assert all(other["end"] <= one["start"] or other["start"] >= one["end"] for other in same)
        following = [other["start"] for other in same if other["start"] >= one["end"]]
        assert one["free"] == (min(following) if following else pytest.approx(1.7976931348623157e308))


@settings(max_examples=25)
@given(
    curve=st.lists(st.sampled_from([0.0, 0.2, 0.3, 0.5, 1.0]), min_size=1, max_size=20),
    truth=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=5),
)
def test_ribbons_say_what_every_instant_says(run_script, curve, truth):
    duration = 0.32 * len(curve) - 0.1  # the last snippet reaches past the end, as in most videos
    rows = [{"start": start / 10, "end": (start + length) / 10} for start, length in truth]
    pieces = run_script(
        "ribbons.js",
        "return m.ribbonOf(Float32Array.from(value.curve), 0.3, (i) => 0.32 * i, value.rows, value.duration);",
        {"curve": curve, "rows": rows, "duration": duration},
    )
    assert pieces[0]["start"] == 0 and pieces[-1]["end"] == pytest.approx(duration)
    for one, following in itertools.pairwise(pieces):
        assert one["end"] == following["start"] and one["kind"] != following["kind"]
    for instant in np.random.default_rng(8).uniform(0, duration, 40):
        fired = np.float32(curve[int(instant / 0.32)]) >= np.float32(0.3)
        real = any(row["start"] <= instant < row["end"] for row in rows)
        expected = {(True, True): "TP", (True, False): "FP", (False, True): "FN", (False, False): "TN"}
        (kind,) = [piece["kind"] for piece in pieces if piece["start"] <= instant < piece["end"]]
        assert kind == expected[bool(fired), real]


ADDRESSES = [
    {"run": "a b", "video": "<i>&=?#", "classes": ["x,y", "z"], "stage": "B1", "panel": "why", "t": 3.25},
    {"settings": {"theta_loc": 0.5, "branch": "vlp", "theta_list": [0.1, 0.2], "relative_cls": None}},
    {
        "high": 0.4,
        "low": 0.05,
        "tiou": 0.3,
        "zoom": [1.5, 20],
        "curves": ["cbp"],
        "tracks": ["truth", "curves"],
    },
    {"compare": {"run": "r", "stage": "F1", "settings": "own", "layout": "split"}, "sheet": "videos"},
]


@pytest.mark.parametrize("view", ADDRESSES)
def test_an_address_holds_what_was_put_into_it(run_script, view):
    back = run_script(
        "view_address.js",
        """const rest = { ...value, settings: value.settings ?? {} };
           const href = m.addressOf(rest, "http://x/?__theme=dark");
           return [m.viewFromAddress(new URL(href).search), href];""",
        view,
    )
    assert back[0] == view
    assert "__theme=dark" in back[1]
