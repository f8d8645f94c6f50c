"""A report as aligned plain text for the terminal: the mAP block, the Table-3 block, and what they rest on."""

from typing import Any

_RATES = (
    ("foreground_iou", "fgIoU"),
    ("background_iou", "bgIoU"),
    ("true_positive_rate", "TPR"),
    ("true_negative_rate", "TNR"),
)


def format_report(report: dict[str, Any]) -> str:
    """Text of a report of :func:`dcwtal.pipeline.evaluate.evaluate_detections`; percentages with one decimal."""
    lines = [*_map_block(report), "", *_protocol_lines(report)]
    table3 = report.get("table3")
    if table3:
        lines += ["", *_table3_block(table3, report)]
    if report["protocol"].get("teaching_set"):
        lines += [
            "",
            "The sports world is a teaching set drawn by code: these numbers say nothing about real video.",
        ]
    return "\n".join(lines)


def _map_block(report: dict[str, Any]) -> list[str]:
    names = [f"@{tiou:g}" for tiou in report["tiou"]] + list(report["average"])
    rows = [("detections", [*report["map"], *report["average"].values()])]
    trivial = report.get("trivial_whole_video") or {}
    if "map" in trivial:
        rows.append(("whole video (trivial)", [*trivial["map"], *trivial["average"].values()]))
    rows += [(f"  {label}", list(values)) for label, values in report.get("per_class", {}).items()]
    width = max(len(name) for name, _ in [*rows, ("mAP in %", [])])
    columns = [max(6, len(name) + 1) for name in names]
    head = "mAP in %".ljust(width) + "".join(name.rjust(w) for name, w in zip(names, columns, strict=True))
    body = [
        name.ljust(width) + "".join(_percent(v).rjust(w) for v, w in zip(values, columns, strict=False))
        for name, values in rows
    ]
    note = [f"whole video (trivial): {trivial['note']}"] if "note" in trivial else []
    return [head, *body, *note]


def _protocol_lines(report: dict[str, Any]) -> list[str]:
    protocol = report["protocol"]
    lines = [
        f"protocol   {protocol['name']}: {protocol['title']}",
        f"split      {protocol.get('subset') or 'all videos'} ({protocol.get('subset_rule', '')}) of "
        f"{protocol.get('ground_truth', '')}; unit {protocol['unit']}; {protocol['video_rule']}",
        f"counted    {report['videos']} videos, {report['instances']} instances, "
        f"{report['detections']} detections{_left_out(protocol)}",
        f"selection  {_selection(report)}",
    ]
    if protocol.get("note"):
        lines.append(f"note       {protocol['note']}")
    if protocol.get("unknown_labels"):
        lines.append(f"note       no instance has the label {', '.join(protocol['unknown_labels'])}")
    return lines


def _left_out(protocol: dict[str, Any]) -> str:
    counts = [f"{count} {why.replace('_', ' ')}" for why, count in protocol.get("left_out", {}).items()]
    for key in ("zero_length_annotations", "zero_length_detections"):
        if protocol.get(key):
            counts.append(f"{protocol[key]} {key.replace('_', ' ')}")
    return f"; left out: {', '.join(counts)}" if counts else ""


def _selection(report: dict[str, Any]) -> str:
    produced = report.get("produced_by") or {}
    selection = produced.get("selection")
    if not isinstance(selection, dict):
        return str(selection or "not stated by the detection file")
    text = selection.get("text") or " ".join(
        str(selection[key]) for key in ("rule", "subset", "metric") if selection.get(key)
    )
    stage = produced.get("stage")
    return f"{text or 'not stated'}" + (f"; stage {stage}" if stage else "")


def _table3_block(table3: dict[str, Any], report: dict[str, Any]) -> list[str]:
    if "rows" not in table3:
        return [f"Table 3: {table3['note']}"]
    thresholds = table3["thresholds"]
    head = "".join(short.rjust(7) for _, short in _RATES)
    lines = [
        "Table 3: foreground and background, frame by frame, mean over classes, in %",
        f"{'':23}|{'all frames'.center(len(head))} |{'confident frames only'.center(len(head) + 7)}",
        f"{'stage':8}{'map':15}|{head} |{head}{'share'.rjust(7)}",
    ]
    for row in table3["rows"]:
        everything, confident = row["all_frames"], row["confident_frames"]
        left = "".join(_percent(everything[key]).rjust(7) for key, _ in _RATES)
        right = "".join(_percent(confident[key]).rjust(7) for key, _ in _RATES)
        share = _percent(confident["share"]).rjust(7)
        lines.append(f"{row['stage'] or 'trivial':8}{row['branch']:15}|{left} |{right}{share}")
    lines += [
        f"all frames: {thresholds['all_frames']}; confident frames: {thresholds['confident_frames']}",
        f"split {report['protocol'].get('subset') or 'all videos'}; unit frames at {table3['clock_fps']:g} "
        f"a second; {table3['videos']} videos, {table3['frames']} frames, "
        f"true foreground {_percent(table3['foreground_share'])} %",
        "every stage is shown; the one that the detections use was chosen by: " + _selection(report),
    ]
    if table3.get("classes_without_scores"):
        lines.append(f"classes the run does not know: {', '.join(table3['classes_without_scores'])}")
    return lines


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}"
