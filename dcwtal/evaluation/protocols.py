"""Protocols as data: the unit, the videos and the filters that a printed mAP depends on.

On THUMOS14 the protocol alone moves mAP@0.5 of the same detections by almost 3 points, so no number is shown
without its protocol.
"""

import difflib
from dataclasses import dataclass
from typing import Any, Literal

from dcwtal.core.errors import UserError
from dcwtal.evaluation.tiou_thresholds import ACTIVITYNET, THUMOS14

# Annotated past their video's end; SSN, STPN and all that copied their lists leave them out of the test.
THUMOS14_DROPPED_BY_SSN = ("video_test_0000270", "video_test_0001496")


@dataclass(frozen=True)
class Protocol:
    """How detections meet ground truth.

    ``unit``: "seconds", or "snippets" with the truth rounded to whole ones (CO2-Net and its descendants);
    ``exact_borders`` then also takes the rounding error out of the detections' borders, so that a tIoU of
    exactly one half counts as such (worth almost 1 point of mAP@0.5). ``videos``: all that the subset lists
    (detections in one without instances are false positives, as in the ActivityNet evaluator), or only
    those with an instance. ``without_videos`` are left out of truth and detections. ``ambiguous_label``:
    spans of this label are no truth; with ``drop_ambiguous``, detections that overlap one are left out.
    ``expected_videos``: how many the published list has.
    """

    name: str
    title: str
    unit: Literal["seconds", "snippets"] = "seconds"
    snippets_per_second: float = 25 / 16
    exact_borders: bool = False
    videos: Literal["listed", "with_instances"] = "with_instances"
    without_videos: tuple[str, ...] = ()
    ambiguous_label: str | None = None
    drop_ambiguous: bool = False
    expected_videos: int | None = None
    tious: tuple[float, ...] = THUMOS14

    def describe(self) -> dict[str, Any]:
        """Plain values for a report."""
        return {
            "name": self.name,
            "title": self.title,
            "unit": self.unit,
            "video_rule": _VIDEO_RULES[self.videos],
            "without_videos": list(self.without_videos),
            "ambiguous": _ambiguous_rule(self),
            "matching": "ActivityNet: by score, highest tIoU first, an instance once; tIoU without +1",
            "ap": "interpolated (precision envelope), mean over classes with instances",
        }


_VIDEO_RULES = {
    "listed": "all videos that the subset lists",
    "with_instances": "videos of the subset with at least one instance",
}


def _ambiguous_rule(protocol: Protocol) -> str:
    if protocol.ambiguous_label is None:
        return "no such label"
    rule = "detections that overlap one are left out" if protocol.drop_ambiguous else "detections are kept"
    return f"{protocol.ambiguous_label!r} is no class; {rule}"


_THUMOS = {"ambiguous_label": "Ambiguous", "tious": THUMOS14}
PROTOCOLS: dict[str, Protocol] = {
    protocol.name: protocol
    for protocol in (
        Protocol("activitynet", "ActivityNet evaluator, seconds", videos="listed"),
        Protocol(
            "activitynet/tight",
            "ActivityNet evaluator, seconds, tIoU 0.5:0.95",
            videos="listed",
            tious=ACTIVITYNET,
        ),
        Protocol(
            "seconds/212",
            "THUMOS14 test, seconds (ActionFormer, W-TALC's list)",
            expected_videos=212,
            **_THUMOS,
        ),
        Protocol(
            "seconds/212/ambiguous",
            "THUMOS14 test, seconds, detections on ambiguous spans left out",
            drop_ambiguous=True,
            expected_videos=212,
            **_THUMOS,
        ),
        Protocol(
            "snippet/212",
            "THUMOS14 test, whole snippets of 0.64 s (CO2-Net, DELU, RSKP, P-MIL, PVLR)",
            unit="snippets",
            expected_videos=212,
            **_THUMOS,
        ),
        Protocol(
            "snippet/212/exact",
            "THUMOS14 test, whole snippets of 0.64 s, borders without rounding error",
            unit="snippets",
            exact_borders=True,
            expected_videos=212,
            **_THUMOS,
        ),
        Protocol(
            "seconds/210",
            "THUMOS14 test, seconds, without two videos (UM, BaS-Net, CoLA, ASM-Loc)",
            without_videos=THUMOS14_DROPPED_BY_SSN,
            expected_videos=210,
            **_THUMOS,
        ),
    )
}


def find_protocol(name: str) -> Protocol:
    """The protocol of this name; an unknown one is a UserError that suggests the nearest."""
    if name in PROTOCOLS:
        return PROTOCOLS[name]
    near = difflib.get_close_matches(name, PROTOCOLS, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(PROTOCOLS)}"
    raise UserError(f"unknown protocol {name!r}; {hint}")
