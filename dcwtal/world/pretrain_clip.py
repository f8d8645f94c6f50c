"""Contrastive training of the world's small CLIP on its own pictures and captions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import open_clip
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dcwtal.models.clip_model import build_clip, prepare_images
from dcwtal.models.clip_text import tokenize
from dcwtal.world.learning_rate import warmup_then_cosine

IMAGE_SIZE = 64
CLIP_CONFIG: dict[str, Any] = {
    "model_cfg": {
        "embed_dim": 96,
        "vision_cfg": {
            "image_size": IMAGE_SIZE,
            "layers": 3,
            "width": 96,
            "head_width": 24,
            "patch_size": 8,
            "mlp_ratio": 3.0,
        },
        "text_cfg": {"context_length": 48, "vocab_size": 49408, "width": 96, "heads": 4, "layers": 2},
    },
    "preprocess_cfg": {
        "size": IMAGE_SIZE,
        "mean": [0.48145466, 0.4578275, 0.40821073],
        "std": [0.26862954, 0.26130258, 0.27577711],
    },
}
MAX_LOGIT_SCALE = float(np.log(100.0))  # CLIP's own limit
MAX_SHIFT = 4  # pixels
# Captions on the web stand among other words; so do half of ours, and every position of the text tower is used.
SURROUNDING_SHARE = 0.5
SURROUNDING_WORDS = (
    "best moments of the year click here for more pictures and sports news all rights reserved see also read "
    "our full report from yesterday share this page photo by our own staff sign up to get the latest updates"
)

OnStep = Callable[[int, int, float], None]
"""Called after every step with the step's number from 1, the number of steps, and the smoothed loss."""


@dataclass(frozen=True)
class ClipTraining:
    """What decides the trained weights, beside the data."""

    steps: int = 900
    batch: int = 64
    learning_rate: float = 1e-3
    warmup_steps: int = 50
    weight_decay: float = 0.05
    seed: int = 0
    config: dict[str, Any] = field(default_factory=lambda: CLIP_CONFIG)


def train_clip(
    images: np.ndarray,
    captions: Sequence[str],
    training: ClipTraining,
    *,
    places: Sequence[str] | None = None,
    on_step: OnStep | None = None,
) -> tuple[open_clip.CLIP, list[int]]:
    """A CLIP trained on RGB uint8 pictures (N, S, S, 3) and their captions, and the token ids it has seen.

    With ``places`` (N names) every other batch comes from two places only: there the place tells nothing about
    which caption belongs to which picture, so what the athlete does has to.

    Deterministic by seed (for one number of threads); the caller's random state is left alone.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(training.seed)
        model = build_clip(training.config)
        words = _CompactWords(model, captions)
        _Trainer(model, images, words, _Drawing(len(images), places, training)).run(on_step)
        words.restore_full_table(model)
    return model.eval(), words.seen


class _CompactWords:
    """Captions as tokens of a table that has only the rows in use.

    The full table's gradient (49,408 rows, nearly all zero) would cost more than all the rest of a step. Ids keep
    their order, so that end-of-text is still the highest, where open_clip looks for it.
    """

    def __init__(self, model: open_clip.CLIP, captions: Sequence[str]) -> None:
        distinct, group = np.unique(np.asarray(captions, dtype=str), return_inverse=True)
        tokens = tokenize([*distinct.tolist(), SURROUNDING_WORDS], model.context_length)
        seen, compact = torch.unique(tokens, return_inverse=True)
        self.seen: list[int] = seen.tolist()
        self.group = torch.from_numpy(group)  # (N,) which captions are equal
        self._full = model.token_embedding
        self._lengths = tokens.argmax(dim=1) + 1
        self._captions, self._surroundings = compact[:-1], compact[-1, 1 : self._lengths[-1] - 1]
        model.token_embedding = nn.Embedding(len(seen), self._full.weight.shape[1])
        model.token_embedding.weight.data.copy_(self._full.weight.data[seen])

    def restore_full_table(self, model: open_clip.CLIP) -> None:
        """Put the trained rows back in their places; all others become zero."""
        with torch.no_grad():
            self._full.weight.zero_()
            self._full.weight[self.seen] = model.token_embedding.weight
        model.token_embedding = self._full

    def drawn(self, groups: Tensor, rng: np.random.Generator) -> Tensor:
        """Tokens (G, context) of these captions, about half of them among other words."""
        rows = self._captions[groups].clone()
        for row, length in zip(rows, self._lengths[groups].tolist(), strict=True):
            if rng.random() < SURROUNDING_SHARE:
                self._surround(row, length, rng)
        return rows

    def _surround(self, row: Tensor, length: int, rng: np.random.Generator) -> None:
        room = min(len(row) - length, len(self._surroundings))
        before = int(rng.integers(0, room // 2 + 1))
        after = int(rng.integers(0, room - room // 2 + 1))
        words = self._surroundings.roll(int(rng.integers(len(self._surroundings))))
        start, text, end = row[:1].clone(), row[1 : length - 1].clone(), row[length - 1 : length].clone()
        whole = torch.cat([start, words[:before], text, words[before : before + after], end])
        row.zero_()
        row[: len(whole)] = whole


class _Drawing:
    """Which pictures make a batch."""

    def __init__(self, n_images: int, places: Sequence[str] | None, training: ClipTraining) -> None:
        self.training, self.n_images = training, n_images
        self.rng = np.random.default_rng(training.seed)
        self.of_place = [] if places is None else _indices_by_value(places)

    def batch(self, step: int) -> np.ndarray:
        """Distinct numbers of pictures."""
        if self.of_place and step % 2:
            two = self.rng.choice(len(self.of_place), min(2, len(self.of_place)), replace=False)
            candidates = np.concatenate([self.of_place[place] for place in two])
        else:
            candidates = np.arange(self.n_images)
        size = min(self.training.batch, len(candidates))
        return self.rng.choice(candidates, size, replace=False)


def _indices_by_value(values: Sequence[str]) -> list[np.ndarray]:
    distinct, which = np.unique(np.asarray(values, dtype=str), return_inverse=True)
    return [np.flatnonzero(which == value) for value in range(len(distinct))]


class _Trainer:
    def __init__(
        self, model: open_clip.CLIP, images: np.ndarray, words: _CompactWords, drawing: _Drawing
    ) -> None:
        self.model, self.images, self.words, self.drawing = model.train(), images, words, drawing
        self.training, self.rng = drawing.training, drawing.rng
        training = drawing.training
        matrices = [p for p in model.parameters() if p.ndim > 1]
        vectors = [p for p in model.parameters() if p.ndim <= 1]
        self.optimizer = torch.optim.AdamW(
            [
                {"params": matrices, "weight_decay": training.weight_decay},
                {"params": vectors, "weight_decay": 0.0},
            ],
            lr=training.learning_rate,
            betas=(0.9, 0.98),
        )

    def run(self, on_step: OnStep | None) -> None:
        smoothed = None
        for step in range(self.training.steps):
            loss = self._step(step)
            smoothed = loss if smoothed is None else 0.97 * smoothed + 0.03 * loss
            if on_step is not None:
                on_step(step + 1, self.training.steps, smoothed)

    def _step(self, step: int) -> float:
        for group in self.optimizer.param_groups:
            group["lr"] = self.training.learning_rate * warmup_then_cosine(
                step, self.training.steps, self.training.warmup_steps
            )
        chosen = self.drawing.batch(step)
        pictures = self._augmented(prepare_images(self.images[chosen], self.model))
        groups, which = torch.unique(self.words.group[chosen], return_inverse=True)
        image_features = self.model.encode_image(pictures, normalize=True)
        text_features = self.model.encode_text(self.words.drawn(groups, self.rng), normalize=True)[which]
        loss = contrastive_loss(image_features @ text_features.T * self.model.logit_scale.exp(), which)
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.model.logit_scale.data.clamp_(0, MAX_LOGIT_SCALE)
        return loss.item()

    def _augmented(self, pictures: Tensor) -> Tensor:
        """Mirrored or not, moved by a few pixels, brighter or darker."""
        size = pictures.shape[-1]
        padded = F.pad(pictures, [MAX_SHIFT] * 4, mode="replicate")
        left, top = (int(shift) for shift in self.rng.integers(0, 2 * MAX_SHIFT + 1, 2))
        pictures = padded[:, :, top : top + size, left : left + size]
        mirrored = torch.rand(len(pictures), 1, 1, 1) < 0.5
        pictures = torch.where(mirrored, pictures.flip(-1), pictures)
        return pictures * (1 + 0.1 * torch.randn(len(pictures), 1, 1, 1))


def contrastive_loss(logits: Tensor, which: Tensor) -> Tensor:
    """CLIP's symmetric cross-entropy over (B, B) logits; pairs with equal captions are all positives."""
    same = (which[:, None] == which[None]).float()
    target = same / same.sum(1, keepdim=True)
    rows = -(target * logits.log_softmax(1)).sum(1).mean()
    columns = -(target * logits.T.log_softmax(1)).sum(1).mean()
    return (rows + columns) / 2
