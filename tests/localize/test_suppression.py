"""Which candidates survive, as rows of the input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dcwtal.localize.nms import canonical_order, gaussian_soft_nms, hard_nms
from dcwtal.localize.settings import LocalizeSettings
from dcwtal.localize.suppression import suppress

ROWS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(1, 6), st.integers(-1, 5)).map(
        lambda row: (float(row[0]), float(row[0] + row[1]), row[2] / 5)
    ),
    max_size=12,
)
KINDS = st.sampled_from(["gaussian", "hard", "none"])


def columns(rows):
    table = np.array(rows, dtype=float).reshape(-1, 3)
    return table[:, :2], table[:, 2]


@pytest.mark.parametrize(
    ("options", "rows", "kept_scores"),
    [
        ({"nms": "none"}, [3, 1, 2], [0.9, 0.8, 0.3]),
        ({"nms": "none", "min_score": 0.3}, [3, 1, 2], [0.9, 0.8, 0.3]),  # the bound itself stays
        ({"nms": "none", "min_score": 0.31}, [3, 1], [0.9, 0.8]),
        ({"nms": "hard"}, [3, 2], [0.9, 0.3]),
        ({"nms": "hard", "nms_tiou": 0.9}, [3, 1, 2], [0.9, 0.8, 0.3]),
        ({"nms": "gaussian"}, [3, 2, 1], [0.9, 0.3, 0.8 * np.exp(-(0.9**2) / 0.3)]),
        ({"nms": "gaussian", "min_score": 0.1}, [3, 2], [0.9, 0.3]),  # .054 after decay
    ],
)
def test_by_hand(options, rows, kept_scores):
    segments, scores = columns([(40, 50, 0.0005), (0, 9, 0.8), (20, 30, 0.3), (0, 10, 0.9)])
    kept, decayed = suppress(segments, scores, LocalizeSettings(**options))
    assert kept.tolist() == rows and decayed == pytest.approx(kept_scores)


@given(ROWS, KINDS, st.sampled_from([0.0, 0.001, 0.2]))
def test_it_is_the_minimum_score_and_then_the_named_kind(rows, kind, min_score):
    settings = LocalizeSettings(nms=kind, min_score=min_score, sigma=0.5, nms_tiou=0.4)
    segments, scores = columns(rows)
    kept, decayed = suppress(segments, scores, settings)
    high = scores >= min_score
    passed, above = segments[high], scores[high]
    if kind == "gaussian":
        expected, values = gaussian_soft_nms(passed, above, sigma=0.5, min_score=min_score)
    else:
        expected = canonical_order(passed, above) if kind == "none" else hard_nms(passed, above, max_tiou=0.4)
        values = above[expected]
    assert segments[kept].tolist() == passed[expected].tolist() and decayed.tolist() == values.tolist()
    assert len(set(kept.tolist())) == len(kept)


@given(ROWS, KINDS, st.integers(1, 6))
def test_a_limit_keeps_the_beginning_of_the_same_answer(rows, kind, limit):
    segments, scores = columns(rows)
    settings = LocalizeSettings(nms=kind)
    kept, decayed = suppress(segments, scores, settings)
    first, first_decayed = suppress(segments, scores, settings, limit=limit)
    assert first.tolist() == kept[:limit].tolist() and first_decayed.tolist() == decayed[:limit].tolist()


@pytest.mark.parametrize("kind", ["gaussian", "hard", "none"])
def test_all_equal_scores_come_in_order_of_time(kind):
    segments, scores = columns([(8, 9, 0.5), (4, 6, 0.5), (0, 2, 0.5)])
    assert suppress(segments, scores, LocalizeSettings(nms=kind))[0].tolist() == [2, 1, 0]


@pytest.mark.parametrize("kind", ["gaussian", "hard", "none"])
@pytest.mark.parametrize("options", [{"sigma": 1e-9}, {"sigma": 10}, {"nms_tiou": 0}, {"nms_tiou": 1}])
@pytest.mark.parametrize("min_score", [0, 1])
def test_settings_at_their_bounds(kind, options, min_score):
    segments, scores = columns([(0, 10, 1.0), (0, 9, 0.5), (1, 10, 0.0), (20, 30, 1.0), (20, 31, -0.5)])
    settings = LocalizeSettings(nms=kind, min_score=min_score, **options)
    kept, decayed = suppress(segments, scores, settings)
    assert kept.tolist()[:2] == [0, 3] and len(set(kept.tolist())) == len(kept)
    assert (decayed >= min_score).all() and (np.diff(decayed) <= 0).all() and 4 not in kept
    assert len(kept) == 2 if min_score else len(kept) >= 2
