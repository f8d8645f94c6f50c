"""Which detection a suppressed candidate lost against, by hand."""

import numpy as np
import pytest

from dcwtal.localize.settings import LocalizeSettings
from dcwtal.localize.suppression import suppress
from dcwtal.pipeline.why_missed.suppressor import suppressor_of


def blamed(segments, scores, lost, **settings):
    segments, scores, chosen = np.array(segments, float), np.array(scores), LocalizeSettings(**settings)
    kept, _ = suppress(segments, scores, chosen)
    assert lost not in kept
    return suppressor_of(lost, segments, scores, kept, chosen)


def test_the_detection_that_decayed_it_most_is_blamed_though_ranked_below_it():
    """exp(-.25² / .05) leaves .26 of .9; then 7-17, by now ahead with .46, leaves nothing."""
    by, tiou = blamed([[0, 10], [6, 16], [7, 17]], [1.0, 0.9, 0.85], 1, sigma=0.05)
    assert by == 2 and tiou == pytest.approx(9 / 11)


def test_what_comes_after_its_end_is_not_blamed():
    """The first one alone takes 3-13 below min_score; 4-14 overlaps it more, but comes when it is gone."""
    by, tiou = blamed([[0, 10], [3, 13], [4, 14]], [1.0, 0.9, 0.89], 1, sigma=0.3, min_score=0.4)
    assert by == 0 and tiou == pytest.approx(7 / 13)


def test_hard_nms_blames_the_first_that_overlaps_too_much():
    by, tiou = blamed([[0, 10], [2, 12], [20, 30]], [1.0, 0.9, 1.5], 1, nms="hard", nms_tiou=0.6)
    assert by == 0 and tiou == pytest.approx(8 / 12)
