"""Open a data set folder of this project's own layout."""

from pathlib import Path

from dcwtal.core.class_names import ClassNames
from dcwtal.core.errors import DataError
from dcwtal.data.dataset import Dataset
from dcwtal.formats.activitynet import read_ground_truth

ANNOTATIONS = "annotations.json"
TEACHING_SET = "dcwtal sports world"


def is_teaching_set(version: str) -> bool:
    """Whether an annotation file's ``version`` is that of the drawn sports world."""
    return version.startswith(TEACHING_SET)


def open_dataset(root: Path) -> Dataset:
    """Read ``root/annotations.json``. The classes are its ``classes`` list, else every label that occurs."""
    root = Path(root)
    if not root.is_dir():
        raise DataError(
            f"no data set folder at {root}; make one with 'dcwtal world {root} --train 40 --test 20'"
        )
    path = root / ANNOTATIONS
    truth = read_ground_truth(path)
    listed = truth.listed_classes
    if listed is not None and not (isinstance(listed, list) and all(isinstance(n, str) for n in listed)):
        raise DataError(f"{path}: 'classes' must be a list of names; found {listed!r:.80}")
    names = listed or [label for video in truth.videos for label in video.labels]
    return Dataset(root, truth.videos, ClassNames.of(names), truth.instances, truth.version)
