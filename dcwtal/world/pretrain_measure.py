"""What the pre-trained encoders know, measured on held-out pictures, clips and videos."""

from collections.abc import Sequence

import numpy as np
import open_clip
import torch

from dcwtal.core.class_names import readable_name
from dcwtal.models.clip_model import prepare_images
from dcwtal.models.clip_text import PromptedClassNames, encode_texts
from dcwtal.models.two_stream import TwoStream, prepare_windows
from dcwtal.world.held_out import PARTS, WatchedVideo
from dcwtal.world.pretrain_images import CaptionedImage
from dcwtal.world.pretrain_two_stream import MotionClip
from dcwtal.world.stage import CLASS_NAMES

FRAME_STEP = 8
WINDOW_FRAMES = 16
WINDOWS_AT_ONCE = 64

Measures = dict[str, float]


@torch.inference_mode()
def measure_clip_on_images(model: open_clip.CLIP, held_out: Sequence[CaptionedImage]) -> Measures:
    """Zero-shot accuracy of the venue, with plain class names and with untrained prompts around them."""
    venue = [item for item in held_out if item.sight.scene in CLASS_NAMES]
    truth = torch.tensor([CLASS_NAMES.index(item.sight.scene) for item in venue])
    features = image_features(model, np.stack([item.image for item in venue]))
    return {
        f"zero-shot venue accuracy, {what}": float(((features @ text.T).argmax(1) == truth).float().mean())
        for what, text in class_texts(model).items()
    }


@torch.inference_mode()
def measure_clip_on_videos(model: open_clip.CLIP, videos: Sequence[WatchedVideo]) -> Measures:
    """Mean cosine of own class and frame by what the frame shows, and how well it ranks action over waiting."""
    features = image_features(model, np.concatenate([video.frames[::FRAME_STEP] for video in videos]))
    part, own, cue = (
        np.concatenate([getattr(video, name)[::FRAME_STEP] for video in videos])
        for name in ("part", "own", "cue")
    )
    is_action, is_waiting = part < PARTS.index("waiting"), part == PARTS.index("waiting")
    measures: Measures = {}
    for what, text in class_texts(model).items():
        cosine = (features @ text.T).numpy()
        mine = np.take_along_axis(cosine, own[:, None], axis=1)[:, 0]
        for index, name in enumerate(PARTS):
            measures[f"own-class cosine, {name}, {what}"] = _mean(mine[part == index])
        for on, word in ((True, "with"), (False, "without")):
            for frames, name in ((is_action, "action"), (is_waiting, "waiting")):
                measures[f"own-class cosine, {name} {word} cue, {what}"] = _mean(mine[frames & (cue == on)])
        measures[f"action over waiting, AUC within class, {what}"] = _auc_within_class(
            mine, own, is_action, is_waiting
        )
        measures[f"other-class cosine at a venue, {what}"] = _mean(
            _others(cosine, own)[is_action | is_waiting]
        )
    return _known(measures)


@torch.inference_mode()
def measure_two_stream_on_clips(model: TwoStream, clips: Sequence[MotionClip]) -> Measures:
    """Accuracy over all training classes on the middle window of each clip."""
    rgb, flow = _inputs([clip.window((len(clip.rgb) - WINDOW_FRAMES) // 2, WINDOW_FRAMES) for clip in clips])
    truth = torch.tensor([clip.label for clip in clips])
    guesses = {
        "RGB stream": model.streams["rgb"](rgb).softmax(-1),
        "flow stream": model.streams["flow"](flow).softmax(-1),
        "both streams": model.probabilities(rgb, flow),
    }
    return {
        f"clip accuracy, {what}": float((guess.argmax(1) == truth).float().mean())
        for what, guess in guesses.items()
    }


@torch.inference_mode()
def measure_two_stream_on_videos(
    model: TwoStream, videos: Sequence[WatchedVideo], clips: Sequence[MotionClip]
) -> Measures:
    """Mean probability of the own class by what the middle of a window shows. ``clips``: the videos with flow."""
    centres = [np.arange(8, len(clip.rgb) - 7, WINDOW_FRAMES) for clip in clips]
    windows = [
        clip.window(centre - 8, WINDOW_FRAMES)
        for clip, places in zip(clips, centres, strict=True)
        for centre in places
    ]
    part, own = (
        np.concatenate([getattr(video, name)[places] for video, places in zip(videos, centres, strict=True)])
        for name in ("part", "own")
    )
    guesses = torch.cat(
        [
            model.probabilities(*_inputs(windows[first : first + WINDOWS_AT_ONCE]))
            for first in range(0, len(windows), WINDOWS_AT_ONCE)
        ]
    )
    mine = guesses.numpy()[np.arange(len(own)), own]
    measures = {
        f"own-class probability, {name}": _mean(mine[part == index]) for index, name in enumerate(PARTS)
    }
    return _known(measures)


def _inputs(windows: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Windows of (RGB, flow) bytes as the network's two inputs."""
    rgb, flow = (prepare_windows(np.stack(part)) for part in zip(*windows, strict=True))
    return rgb, flow


def image_features(model: open_clip.CLIP, images: np.ndarray, at_once: int = 256) -> torch.Tensor:
    """L2-normalised features (N, E) of RGB uint8 pictures (N, S, S, 3)."""
    parts = [
        model.encode_image(prepare_images(images[start : start + at_once], model), normalize=True)
        for start in range(0, len(images), at_once)
    ]
    return torch.cat(parts)


def class_texts(model: open_clip.CLIP) -> dict[str, torch.Tensor]:
    """Features of the eight class names: bare, and between learnable vectors as they are before training."""
    names = [readable_name(name) for name in CLASS_NAMES]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        prompted = PromptedClassNames(model, names)()
    return {"plain names": encode_texts(model, names), "untrained prompts": prompted}


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _known(measures: Measures) -> Measures:
    """Without those that nothing was held out for."""
    return {name: value for name, value in measures.items() if not np.isnan(value)}


def _others(cosine: np.ndarray, own: np.ndarray) -> np.ndarray:
    total = cosine.sum(axis=1) - np.take_along_axis(cosine, own[:, None], axis=1)[:, 0]
    return total / (cosine.shape[1] - 1)


def _auc_within_class(
    scores: np.ndarray, own: np.ndarray, is_action: np.ndarray, is_waiting: np.ndarray
) -> float:
    """Mean over classes of P(score of an action frame > score of a waiting frame of the same class)."""
    per_class = []
    for index in np.unique(own):
        action, waiting = (scores[(own == index) & chosen] for chosen in (is_action, is_waiting))
        if len(action) and len(waiting):
            per_class.append(float((action[:, None] > waiting[None]).mean()))
    return float(np.mean(per_class)) if per_class else float("nan")
