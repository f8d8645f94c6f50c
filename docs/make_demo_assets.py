"""Make what the demo shows: ``assets/sports-world`` and ``checkpoints/demo-run``.

    python docs/make_demo_assets.py WORK_FOLDER

Draws 40 training, 10 validation and 12 test videos (seed 7), extracts both encoders' features, keeps the features of
all videos and the mp4 files of the test videos, trains the ``studio`` preset with seed 0 and localizes it.
"""

import argparse
import shutil
import sys
from pathlib import Path

from dcwtal.core.files import read_json, write_json_atomic
from dcwtal.pipeline.bundled import REPOSITORY, bundled_dataset
from dcwtal.pipeline.evaluate import evaluate_detections, write_report
from dcwtal.pipeline.extract import extract_dataset
from dcwtal.pipeline.localize import localize_run
from dcwtal.pipeline.make_world import make_world
from dcwtal.pipeline.open_dataset import ANNOTATIONS
from dcwtal.pipeline.train import train_run

RUN = REPOSITORY / "checkpoints" / "demo-run"
TRAIN, VALIDATION, TEST, SEED = 40, 10, 12, 7


def tell(done: int, total: int, message: str) -> None:
    """A line now and then."""
    if done % 10 == 0 or done == total:
        sys.stderr.write(f"[{done}/{total}] {message}\n")


def main() -> None:
    """Draw, extract, keep, train, localize, evaluate."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("work", type=Path, help="folder for the whole data set, with all its videos")
    work = parser.parse_args().work
    make_world(work, n_train=TRAIN, n_val=VALIDATION, n_test=TEST, seed=SEED, workers=2, on_progress=tell)
    extract_dataset(work, on_progress=lambda now: tell(now.done, now.total, now.message or ""))
    keep(work, bundled_dataset())
    shutil.rmtree(RUN, ignore_errors=True)
    train_run(bundled_dataset(), RUN, preset="studio", overrides=[], seed=0, on_progress=tell)
    localize_run(RUN, overrides=[])
    truth = bundled_dataset() / ANNOTATIONS
    write_report(RUN, evaluate_detections(RUN / "detections.json", truth, subset="test"))


def keep(source: Path, target: Path) -> None:
    """The truth, every video's features, and the pictures of the test videos only: the rest would not fit."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source / "features", target / "features")
    truth = read_json(source / ANNOTATIONS, "the drawn data set")
    write_json_atomic(target / ANNOTATIONS, truth)
    (target / "videos").mkdir()
    for video, entry in truth["database"].items():
        if entry["subset"] == "test":
            shutil.copy2(source / "videos" / f"{video}.mp4", target / "videos")


if __name__ == "__main__":
    main()
