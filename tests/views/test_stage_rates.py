"""Rates of a video, stage by stage, against counting the frames of a 25 fps clock one by one."""

import numpy as np
import pytest

from dcwtal.core.errors import DataError
from dcwtal.views.stage_rates import CurveRules, rates_at, rates_by_class

NAMES = ("true_positive_rate", "true_negative_rate", "foreground_iou", "background_iou", "confident_share")


def count_frames(curve, step, segments, duration, high, low):
    """The five rates, in order of NAMES, by a loop."""
    table, confident, total = np.zeros((2, 2), int), 0, 0
    for frame in range(round(duration * 25)):
        time = (frame + 0.5) / 25
        value = curve[min(len(curve) - 1, int(time / step + 1e-6))]
        action = any(start <= time < end for start, end in segments)
        table[int(action), int(value >= high)] += 1
        confident, total = confident + (value > high or value < low), total + 1
    (tn, fp), (fn, tp) = table.tolist()
    return tp / (tp + fn), tn / (tn + fp), tp / (tp + fp + fn), tn / (tn + fp + fn), confident / total


def test_rates_are_those_of_counted_frames(scores, truth):
    rules = CurveRules(high=0.45, low=0.2, fusion_weight=0.3)
    found = rates_by_class(scores, truth, rules=rules, duration=12.4)
    assert set(found) == {"dive", "jump"} and list(found["jump"]) == ["warmup", "B1"]
    checked = 0
    for label, by_stage in found.items():
        segments = [
            (s, e) for s, e, name in zip(truth.start, truth.end, truth.label, strict=True) if name == label
        ]
        for row, (stage, by_branch) in enumerate(by_stage.items()):
            cbp, vlp = (scores.class_scores[b][row, :, scores.classes.index(label)] for b in ("cbp", "vlp"))
            curves = {"cbp": cbp, "vlp": vlp, "fused": np.float32(0.3) * cbp + np.float32(0.7) * vlp}
            for branch, curve in curves.items():
                expected = count_frames(curve, 0.32, segments, 12.4, np.float32(0.45), np.float32(0.2))
                rates = by_branch[branch]
                assert set(rates) == set(NAMES)
                assert [rates[name] for name in NAMES] == pytest.approx(expected), (label, stage, branch)
                checked += 1
    assert checked == 12


def test_one_stage_alone_has_the_same_rates(scores, truth):
    rules = CurveRules(high=0.6, low=0.5, fusion_weight=0.9)
    by_class = rates_by_class(scores, truth, rules=rules, duration=12.4)
    for stage in scores.stages:
        found = rates_at(scores, stage, truth, rules=rules, duration=12.4)
        assert found == {label: by_stage[stage] for label, by_stage in by_class.items()}
    with pytest.raises(DataError, match="no stage 'F9'"):
        rates_at(scores, "F9", truth, rules=rules, duration=12.4)


def test_a_video_that_is_all_action_has_no_true_negative_rate(scores, truth):
    whole = type(truth).of([("v", 0.0, 12.4, "jump")])
    rates = rates_by_class(scores, whole, rules=CurveRules(), duration=12.4)["jump"]["B1"]["cbp"]
    assert rates["true_negative_rate"] is None and rates["true_positive_rate"] is not None
    assert rates["background_iou"] is None and rates["foreground_iou"] == rates["true_positive_rate"]


def test_a_true_class_without_a_curve_has_no_rates(scores, truth):
    strange = type(truth).of([("v", 0.0, 2.0, "jump"), ("v", 0.0, 2.0, "swim")])
    assert list(rates_at(scores, "B1", strange, rules=CurveRules(), duration=12.4)) == ["jump"]
