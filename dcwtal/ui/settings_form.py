"""The what-if form, made from the fields of LocalizeSettings: bounds, choices and help have one source."""

import types
import typing
from typing import Any, Literal

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo

from dcwtal.localize.settings import LocalizeSettings

# Key → (group, what it is called on the page, largest useful value of its slider or None, unit).
_SHOWN: dict[str, tuple[str, str, float | None, str]] = {
    "branch": ("what", "detections of", None, ""),
    "mode": ("what", "mode", None, ""),
    "fusion_weight": ("what", "w, share of CBP in fused", None, ""),
    "theta_cls": ("classes", "θ_cls", None, ""),
    "relative_cls": ("classes", "relative θ_cls", None, ""),
    "class_scores_stage": ("classes", "ŷ from stage", None, ""),
    "class_scores_branch": ("classes", "ŷ from branch", None, ""),
    "theta_loc": ("runs", "θ_loc", None, ""),
    "minmax": ("runs", "min-max before θ_loc", None, ""),
    "theta_list": ("runs", "thresholds", None, ""),
    "smoothing": ("runs", "smoothing", 5, "s"),
    "closing_gap": ("runs", "closing gap", 5, "s"),
    "min_length": ("runs", "minimum length", 5, "s"),
    "score_rule": ("score", "score", None, ""),
    "outer_inner_lambda": ("score", "flank λ", None, ""),
    "outer_inner_gamma": ("score", "γ of ŷ", None, ""),
    "tie_break_weight": ("score", "tie-break", None, ""),
    "multiply_video_score": ("score", "times ŷ", None, ""),
    "nms": ("suppression", "NMS", None, ""),
    "sigma": ("suppression", "σ", 2, ""),
    "nms_tiou": ("suppression", "NMS tIoU", None, ""),
    "min_score": ("suppression", "lowest score", None, ""),
    "max_per_video": ("suppression", "most a video", 400, ""),
}
_ONLY_IN = {
    "theta_loc": {"mode": ["paper"]},
    "minmax": {"mode": ["paper"]},
    "tie_break_weight": {"mode": ["paper"]},
    "theta_list": {"mode": ["peer"]},
    "outer_inner_gamma": {"mode": ["peer"]},
    "sigma": {"nms": ["gaussian"]},
    "nms_tiou": {"nms": ["hard"]},
}


def settings_form() -> list[dict[str, Any]]:
    """One row a field, in the order of the form: ``key group title unit help default kind only``.

    By ``kind`` also ``choices`` (choice), ``min max most step optional`` (number: ``max`` ends the slider, ``most``
    what may be typed, None: no end), nothing more (stage, flag, list).
    ``only`` names the values of other fields without which this one has no effect.
    """
    fields = LocalizeSettings.model_fields
    return [_row(key, fields[key]) for key in _SHOWN]


def _row(key: str, field: FieldInfo) -> dict[str, Any]:
    group, title, largest, unit = _SHOWN[key]
    row = {
        "key": key,
        "group": group,
        "title": title,
        "unit": unit,
        "help": field.description or "",
        "default": field.get_default(),
        "only": _ONLY_IN.get(key, {}),
    }
    kind = field.annotation
    if key == "class_scores_stage":
        return row | {"kind": "stage"}
    if typing.get_origin(kind) is Literal:
        return row | {"kind": "choice", "choices": list(typing.get_args(kind))}
    if kind is bool:
        return row | {"kind": "flag"}
    if typing.get_origin(kind) is tuple:
        return row | {"kind": "list", "default": list(field.get_default())}
    return row | {"kind": "number"} | _bounds(field, largest)


def _bounds(field: FieldInfo, largest: float | None) -> dict[str, Any]:
    kind = field.annotation
    optional = isinstance(kind, types.UnionType) and type(None) in typing.get_args(kind)
    whole = kind is int
    step = 1 if whole else 0.01
    low, high = 0.0, 1.0
    for bound in field.metadata:
        if isinstance(bound, Ge):
            low = bound.ge
        elif isinstance(bound, Gt):
            low = bound.gt + step
        elif isinstance(bound, Le):
            high = bound.le
        elif isinstance(bound, Lt):
            high = bound.lt - step
    most = high if any(isinstance(bound, Le | Lt) for bound in field.metadata) else None
    return {"min": low, "max": largest or high, "most": most, "step": step, "optional": optional}
