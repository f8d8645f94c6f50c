"""Writes a sports world to disk: videos, `annotations.json` (ActivityNet's form) and `world.json`.

`world.json` (the recipe and every video's timeline) is written first and `annotations.json` last, so an
interrupted world is recognised and goes on where it stopped: videos are renamed into place only when whole.
"""

import json
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from dcwtal.core.errors import UserError
from dcwtal.core.files import write_json_atomic
from dcwtal.world.encode import write_mp4
from dcwtal.world.plan import VideoPlan, plan_world
from dcwtal.world.script import USUAL_SECONDS, Script
from dcwtal.world.stage import FRAME_HEIGHT, FRAME_WIDTH, FRAMES_PER_SECOND

VERSION = "dcwtal sports world 1"

OnProgress = Callable[[int, int, str], None]  # (videos done, videos in all, message)


def write_world(
    directory: Path,
    *,
    n_train: int,
    n_val: int | None = None,
    n_test: int,
    seed: int,
    workers: int = 2,
    on_progress: OnProgress | None = None,
    seconds: float = USUAL_SECONDS,
) -> Path:
    """Renders the world into `directory` and returns the path of its `annotations.json`.

    The same arguments give the same frames and annotations whatever the number of `workers` (processes; 1
    renders here). `n_val` defaults to a quarter of `n_train`, on top of it. A directory that holds a part of
    the same world is completed; one that holds anything else is refused. The worker processes are spawned, so
    a calling script needs the usual `if __name__ == "__main__":`.
    """
    directory = Path(directory)
    if workers < 1:
        raise UserError(f"Rendering needs at least 1 worker; got {workers}.")
    plans = plan_world(n_train=n_train, n_val=n_val, n_test=n_test, seed=seed, seconds=seconds)
    scripts = {plan.video_id: plan.script() for plan in plans}
    recipe = describe_world(plans, scripts)
    _claim(directory, recipe)
    missing = [plan for plan in plans if not video_path(directory, plan.video_id).exists()]
    report = on_progress or (lambda done, total, message: None)
    done = len(plans) - len(missing)
    report(done, len(plans), f"{done} of {len(plans)} videos are already there" if done else "rendering")
    for video_id in _render_all(directory, missing, workers):
        done += 1
        report(done, len(plans), f"rendered {video_id}")
    annotations = directory / "annotations.json"
    write_json_atomic(annotations, annotate_world(plans, scripts))
    return annotations


def video_path(directory: Path, video_id: str) -> Path:
    return directory / "videos" / f"{video_id}.mp4"


def annotate_world(plans: list[VideoPlan], scripts: dict[str, Script]) -> dict:
    """The ground truth in ActivityNet's form."""
    database = {}
    for plan in plans:
        script = scripts[plan.video_id]
        database[plan.video_id] = {
            "subset": plan.subset,
            "duration": script.seconds(script.frames),
            "resolution": f"{FRAME_WIDTH}x{FRAME_HEIGHT}",
            "fps": FRAMES_PER_SECOND,
            "labels": list(script.labels),
            "annotations": script.annotations(),
        }
    classes = sorted({label for plan in plans for label in plan.labels})
    return {"version": VERSION, "classes": classes, "database": database}


def describe_world(plans: list[VideoPlan], scripts: dict[str, Script]) -> dict:
    """The recipe, and what happens in every video from its first to its last frame."""
    counts = dict.fromkeys(("train", "validation", "test"), 0)
    videos = {}
    for plan in plans:
        counts[plan.subset] += 1
        script = scripts[plan.video_id]
        videos[plan.video_id] = {
            "subset": plan.subset,
            "labels": list(script.labels),
            "frames": script.frames,
            "timeline": _timeline(script),
        }
    return {
        "version": VERSION,
        "seed": plans[0].seed_path[0],
        "seconds": plans[0].seconds,
        "fps": FRAMES_PER_SECOND,
        "counts": counts,
        "videos": videos,
    }


def _timeline(script: Script) -> list[dict]:
    return [
        {
            "start": script.seconds(run.start),
            "end": script.seconds(run.end),
            "kind": run.kind,
            "scene": run.scene,
            "peak": [script.seconds(frame) for frame in run.peak] if run.peak else None,
            "cue": run.cue,
            "foreign": run.foreign,
        }
        for run in script.runs()
    ]


def _claim(directory: Path, recipe: dict) -> None:
    """Refuses a directory that holds something else, otherwise leaves `world.json` there."""
    stamp = directory / "world.json"
    if stamp.exists():
        try:
            found = json.loads(stamp.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise UserError(f"{stamp} cannot be read ({error}). Choose an empty directory.") from error
        if found != recipe:
            raise UserError(
                f"{directory} already holds another sports world (other seed, sizes or version). "
                "Choose an empty directory or delete that one."
            )
        return
    if directory.exists() and not directory.is_dir():
        raise UserError(f"{directory} is a file; a sports world needs a directory.")
    if (directory / "annotations.json").exists() or any(directory.glob("videos/*")):
        raise UserError(f"{directory} holds other data already. Choose an empty directory.")
    write_json_atomic(stamp, recipe)


def _render_all(directory: Path, plans: list[VideoPlan], workers: int) -> Iterator[str]:
    """Yields the id of each video once its file is in place."""
    for plan in plans:  # what a killed process could not tidy up
        for stale in (directory / "videos").glob(f".{plan.video_id}-*.mp4"):
            stale.unlink(missing_ok=True)
    if workers == 1 or len(plans) < 2:
        for plan in plans:
            yield render_video(directory, plan)
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(workers, len(plans)), mp_context=context, initializer=_leave_with_parent)
    try:
        for job in as_completed([pool.submit(render_video, directory, plan) for plan in plans]):
            yield job.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _leave_with_parent() -> None:
    """In a worker: end when the parent process ends, however it ends; otherwise a killed job leaves orphans."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait_and_leave() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait_and_leave, daemon=True).start()


def render_video(directory: Path, plan: VideoPlan) -> str:
    """One video, start to end; runs in a worker process."""
    from dcwtal.world.render import Renderer  # planning a world does not need OpenCV

    script = plan.script()
    path = video_path(directory, plan.video_id)
    write_mp4(path, Renderer().script(script), script.fps, (FRAME_WIDTH, FRAME_HEIGHT))
    return plan.video_id
