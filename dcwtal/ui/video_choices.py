"""The list of videos to pick from, each with what the run's own detections found (✓ of all) and got wrong (✗)."""

from dcwtal.core.detections import Detections
from dcwtal.core.errors import UserError
from dcwtal.formats.activitynet import read_detections
from dcwtal.pipeline.browse import BrowsedRun
from dcwtal.ui.catalog import Catalog
from dcwtal.ui.explore_view import playable_videos
from dcwtal.views.detection_rows import detection_rows, hit_counts
from dcwtal.views.video_answer import MATCH_TIOU


def video_choices(catalog: Catalog, run_key: str) -> list[tuple[str, str]]:
    """(shown, id) of every playable video of a run; counts come from the run's ``detections.json`` if it is there."""
    run = catalog.run(run_key)
    detections = stored_detections(run)
    opened = {video.id: video.title for video in catalog.opened(run_key)}
    choices = []
    for video_id in playable_videos(catalog, run_key):
        if video_id in opened:
            choices.append((f"{opened[video_id]} · your own", video_id))
        else:
            choices.append((_described(run, video_id, detections), video_id))
    return choices


def stored_detections(run: BrowsedRun) -> Detections | None:
    """The run's own detections of its final stage, or None where they are missing or unreadable."""
    try:
        return read_detections(run.folder.detections)
    except UserError:
        return None


def _described(run: BrowsedRun, video_id: str, detections: Detections | None) -> str:
    info = run.dataset.video(video_id)
    parts = [video_id]
    if detections is not None:
        rows = detection_rows(
            detections.of_video(video_id), run.dataset.instances.of_video(video_id), tiou=MATCH_TIOU
        )
        counts = hit_counts(rows).values()
        hits, wrong, missed = (sum(c[key] for c in counts) for key in ("hits", "wrong", "missed"))
        parts.append(f"{hits}/{hits + missed} ✓ {wrong} ✗")
    parts.append(", ".join(info.labels))
    return " · ".join(part for part in parts if part)
