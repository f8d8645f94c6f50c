"""Both encoders of the sports world, from nothing to files: trained on the world's own streams, measured, saved."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import numpy as np

from dcwtal.core.files import write_bytes_atomic
from dcwtal.models.clip_model import load_clip, save_clip
from dcwtal.models.two_stream import load_two_stream, save_two_stream
from dcwtal.world.held_out import watched_videos
from dcwtal.world.pretrain_card import model_card
from dcwtal.world.pretrain_clip import ClipTraining, train_clip
from dcwtal.world.pretrain_clips import trimmed_clips
from dcwtal.world.pretrain_images import captioned_images
from dcwtal.world.pretrain_measure import (
    measure_clip_on_images,
    measure_clip_on_videos,
    measure_two_stream_on_clips,
    measure_two_stream_on_videos,
)
from dcwtal.world.pretrain_two_stream import (
    TWO_STREAM_CONFIG,
    TwoStreamTraining,
    motion_clips,
    train_two_stream,
)

CLIP_FOLDER = "world-clip"
TWO_STREAM_FOLDER = "world-two-stream"
HELD_OUT_SEED = 1_000_003  # added to the seed: other pictures and clips than any training step saw

OnProgress = Callable[[str, int, int, float | None], None]
"""Called with what is going on, how far it is, of how many, and the smoothed loss (None while data is drawn)."""


@dataclass(frozen=True)
class PretrainPlan:
    """How much of everything. The defaults made the weights in ``checkpoints/``."""

    images: int = 16_000
    clip: ClipTraining = field(default_factory=ClipTraining)
    two_stream: TwoStreamTraining = field(default_factory=TwoStreamTraining)
    held_out_images: int = 1_500
    held_out_clips: int = 150
    held_out_videos: int = 16


def pretrain_world_encoders(
    out: Path, *, seed: int = 0, plan: PretrainPlan | None = None, on_progress: OnProgress | None = None
) -> dict[str, dict[str, float]]:
    """Train, measure and save both encoders below ``out``; returns the measures by folder name.

    Each folder holds config.json, the weights in float16 and README.md. Deterministic by seed for one number of
    threads (``torch.set_num_threads(1)`` made those in ``checkpoints/``).
    """
    return {
        CLIP_FOLDER: pretrain_clip_encoder(out, seed=seed, plan=plan, on_progress=on_progress),
        TWO_STREAM_FOLDER: pretrain_two_stream_encoder(out, seed=seed, plan=plan, on_progress=on_progress),
    }


def pretrain_clip_encoder(
    out: Path, *, seed: int = 0, plan: PretrainPlan | None = None, on_progress: OnProgress | None = None
) -> dict[str, float]:
    """The CLIP alone; see :func:`pretrain_world_encoders`."""
    plan, report = plan or PretrainPlan(), on_progress or _silent
    training = replace(plan.clip, seed=seed)
    size = training.config["preprocess_cfg"]["size"]
    seen = []
    for item in islice(captioned_images(seed, size=size), plan.images):
        seen.append(item)
        report("drawing captioned pictures", len(seen), plan.images, None)
    images, captions = np.stack([item.image for item in seen]), [item.caption for item in seen]
    model, tokens = train_clip(
        images,
        captions,
        training,
        places=[item.sight.scene for item in seen],
        on_step=lambda step, steps, loss: report("training CLIP", step, steps, loss),
    )
    folder = Path(out) / CLIP_FOLDER
    save_clip(
        folder,
        model,
        training.config | {"stride_frames": TWO_STREAM_CONFIG["stride_frames"]},
        seen_tokens=tokens,
    )
    stored = load_clip(folder)  # measured as everybody will use it: after the rounding to float16
    held_out = list(islice(captioned_images(seed + HELD_OUT_SEED, size=size), plan.held_out_images))
    videos = list(watched_videos(plan.held_out_videos, seed + HELD_OUT_SEED, size=(size, size)))
    measures = measure_clip_on_images(stored, held_out) | measure_clip_on_videos(stored, videos)
    _write_clip_card(folder, plan, seed, measures, n_captions=len(set(captions)), n_tokens=len(tokens))
    return measures


def pretrain_two_stream_encoder(
    out: Path, *, seed: int = 0, plan: PretrainPlan | None = None, on_progress: OnProgress | None = None
) -> dict[str, float]:
    """The two-stream network alone; see :func:`pretrain_world_encoders`."""
    plan, report = plan or PretrainPlan(), on_progress or _silent
    training, config = replace(plan.two_stream, seed=seed), TWO_STREAM_CONFIG
    size = tuple(config["flow_working_size"])
    report("drawing the first clips", 0, training.pool, None)
    model = train_two_stream(
        motion_clips(trimmed_clips(seed, size=size), config),
        training,
        config,
        on_step=lambda step, steps, loss: report("training two streams", step, steps, loss),
    )
    folder = Path(out) / TWO_STREAM_FOLDER
    save_two_stream(folder, model, config)
    stored = load_two_stream(folder)
    held_out = trimmed_clips(seed + HELD_OUT_SEED, size=size)
    measures = measure_two_stream_on_clips(
        stored, list(islice(motion_clips(held_out, config), plan.held_out_clips))
    )
    videos = list(watched_videos(plan.held_out_videos, seed + HELD_OUT_SEED, size=size))
    as_clips = motion_clips((video.as_clip() for video in videos), config)
    measures |= measure_two_stream_on_videos(stored, videos, list(as_clips))
    _write_two_stream_card(folder, plan, seed, measures)
    return measures


def _silent(what: str, done: int, total: int, loss: float | None) -> None:
    pass


def _write_clip_card(
    folder: Path, plan: PretrainPlan, seed: int, measures: dict[str, float], *, n_captions: int, n_tokens: int
) -> None:
    card = model_card(
        name=CLIP_FOLDER,
        what="A small CLIP (open_clip, custom configuration in `config.json`) that stands in for CLIP ViT-B/16 in the "
        "sports world: image encoder of the VLP branch, and the frozen text tower behind its prompts.",
        trained_on=f"{plan.images} frames of the procedural sports world (seed {seed}), 64x64 RGB, each with a caption "
        f"as the web might have it ({n_captions} distinct ones): mostly about the event and its venue, sometimes "
        "about what the athlete does, now and then about the officials' light, flag and clock.",
        training=f"{plan.clip.steps} steps of {plan.clip.batch}, symmetric contrastive loss, AdamW "
        f"{plan.clip.learning_rate:g} with cosine decay; every other batch from two venues only; half of the captions "
        "among other words. CPU, one thread.",
        seed=seed,
        files=f"`config.json`; `model.safetensors` in float16. Of CLIP's 49,408 token rows only the {n_tokens} that "
        "occur in captions are stored (`token_embedding.rows`, `token_embedding.ids`); the others are zero after "
        "loading, so words outside the captions carry no meaning.",
        held_out=f"{plan.held_out_images} other pictures and {plan.held_out_videos} other videos of 30 s.",
        measures=measures,
        limits="It recognises the venue nearly always and the action itself only a little: a prior that is "
        "over-complete by design, as the paper describes for vanilla CLIP. Eight sports, eight class names.",
    )
    write_bytes_atomic(folder / "README.md", card.encode())


def _write_two_stream_card(folder: Path, plan: PretrainPlan, seed: int, measures: dict[str, float]) -> None:
    training = plan.two_stream
    n_clips = training.pool + training.fresh * training.steps
    card = model_card(
        name=TWO_STREAM_FOLDER,
        what="A small (2+1)D two-stream network that stands in for I3D in the sports world: 128 features from 16 "
        "frames of RGB and 128 from their optical flow.",
        trained_on=f"{n_clips} trimmed clips of the procedural sports world (seed {seed}), eight sports and five "
        "everyday activities, 64x64, with OpenCV's DIS flow. About 60 % show a sport at a wrong venue, 15 % without "
        "its objects, and the officials' cue is on by chance: motion has to decide.",
        training=f"{training.steps} steps of {training.batch} random 16-frame windows, cross-entropy with label "
        f"smoothing {training.label_smoothing:g} for each stream, AdamW {training.learning_rate:g} with cosine decay. "
        "CPU, one thread.",
        seed=seed,
        files="`config.json`; `rgb.safetensors` and `flow.safetensors` in float16.",
        held_out=f"{plan.held_out_clips} other clips (middle window) and {plan.held_out_videos} other videos of 30 s.",
        measures=measures,
        limits="It is sure of the telling moments of an action and much less of its beginning: incomplete by nature, "
        "as the paper describes for classification back-bones.",
    )
    write_bytes_atomic(folder / "README.md", card.encode())
