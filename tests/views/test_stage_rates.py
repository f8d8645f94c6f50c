"""Rates of a video, stage by stage, against counting the frames of a 25 fps clock one by one."""

import numpy as np
import pytest

from dcwtal.views.stage_rates import CurveRules, rates_by_class


def count_frames(curve, step, segments, duration, high, low):
    """(true-positive rate, true-negative rate, confident share) by a loop."""
    hits = actions = clear = others = confident = total = 0
    for frame in range(round(duration * 25)):
        time = (frame + 0.5) / 25
        value = curve[min(len(curve) - 1, int(time / step + 1e-6))]
        action = any(start <= time < end for start, end in segments)
        called = value >= high
        actions, others = actions + action, others + (not action)
        hits, clear = hits + (action and called), clear + (not action and not called)
        confident, total = confident + (value > high or value < low), total + 1
    return hits / actions, clear / others, confident / total


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
                assert tuple(by_branch[branch].values()) == pytest.approx(expected), (label, stage, branch)
                checked += 1
    assert checked == 12


def test_a_video_that_is_all_action_has_no_true_negative_rate(scores, truth):
    whole = type(truth).of([("v", 0.0, 12.4, "jump")])
    rates = rates_by_class(scores, whole, rules=CurveRules(), duration=12.4)["jump"]["B1"]["cbp"]
    assert rates["true_negative_rate"] is None and rates["true_positive_rate"] is not None
