"""Pre-training in miniature: it learns, it repeats, it leaves whole folders behind. Quality is in the model cards."""

import copy
from itertools import islice, pairwise

import numpy as np
import pytest
import torch

from dcwtal.models.clip_model import build_clip, load_clip, prepare_images
from dcwtal.models.clip_text import encode_texts, tokenize
from dcwtal.models.two_stream import load_two_stream
from dcwtal.video.optical_flow import flow_to_bytes
from dcwtal.world import pretrain_clip
from dcwtal.world.held_out import PARTS, watched_videos
from dcwtal.world.learning_rate import warmup_then_cosine
from dcwtal.world.pretrain import PretrainPlan, pretrain_world_encoders
from dcwtal.world.pretrain_clip import CLIP_CONFIG, ClipTraining, contrastive_loss, train_clip
from dcwtal.world.pretrain_clips import trimmed_clips
from dcwtal.world.pretrain_two_stream import (
    TWO_STREAM_CONFIG,
    MotionClip,
    TwoStreamTraining,
    mirrored,
    motion_clips,
    train_two_stream,
)

TINY_CLIP = copy.deepcopy(CLIP_CONFIG)
TINY_CLIP["model_cfg"]["vision_cfg"] |= {"layers": 1, "patch_size": 16}
TINY_CLIP["model_cfg"]["text_cfg"] |= {"layers": 1}


def colored_pictures():
    """Eight pictures of each of four colors, told apart by nothing else."""
    colors = {"red": (220, 30, 30), "green": (30, 200, 40), "blue": (30, 40, 220), "white": (240, 240, 240)}
    images = np.stack([np.full((64, 64, 3), color, np.uint8) for color in colors.values() for _ in range(8)])
    return images, [f"a {name} wall" for name in colors for _ in range(8)], list(colors)


def train_on_colors(seed=0, places=None, steps=80):
    images, captions, _ = colored_pictures()
    losses = []
    training = ClipTraining(steps=steps, batch=12, warmup_steps=5, seed=seed, config=TINY_CLIP)
    model, seen = train_clip(
        images, captions, training, places=places, on_step=lambda step, steps, loss: losses.append(loss)
    )
    return model, seen, losses


def test_clip_learns_to_match_words_and_colors():
    model, seen, losses = train_on_colors()
    images, captions, colors = colored_pictures()
    assert losses[-1] < 0.7 * losses[0]
    texts = encode_texts(model, [f"a {color} wall" for color in colors])
    features = model.encode_image(prepare_images(images, model), normalize=True)
    right = (features @ texts.T).argmax(1) == torch.arange(4).repeat_interleave(8)
    assert right.float().mean() > 0.9
    assert set(tokenize(captions, 48).unique().tolist()) <= set(seen)
    assert (model.token_embedding.weight.abs().sum(1) > 0).nonzero()[:, 0].tolist() == seen


def test_clip_training_repeats_by_seed_and_leaves_the_callers_random_state_alone():
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    first = train_on_colors(steps=3)[0].state_dict()
    assert torch.equal(torch.rand(1), expected)
    again, other = train_on_colors(steps=3)[0].state_dict(), train_on_colors(seed=1, steps=3)[0].state_dict()
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["visual.proj"], other["visual.proj"])


def test_with_places_every_other_batch_is_of_two_places(monkeypatch):
    seen = []
    monkeypatch.setattr(
        pretrain_clip,
        "prepare_images",
        lambda images, model: seen.append(images) or prepare_images(images, model),
    )
    places = [f"place {i // 8}" for i in range(32)]
    train_on_colors(places=places, steps=6)
    assert [len(np.unique(batch[:, 0, 0], axis=0)) for batch in seen[1::2]] == [2, 2, 2]


def test_contrastive_loss_is_clips_own_and_spares_equal_captions():
    torch.manual_seed(0)
    logits = torch.randn(4, 4)
    labels = torch.arange(4)
    cross_entropy = torch.nn.functional.cross_entropy
    expected = (cross_entropy(logits, labels) + cross_entropy(logits.T, labels)) / 2
    assert torch.allclose(contrastive_loss(logits, labels), expected)
    # two equal captions share the probability: perfect scores for both cost log 2 and no more
    same = torch.tensor([0, 0])
    assert torch.allclose(contrastive_loss(torch.zeros(2, 2), same), torch.log(torch.tensor(2.0)))


def test_learning_rate_rises_then_falls():
    rates = [warmup_then_cosine(step, 100, 10) for step in range(100)]
    assert rates[0] < 0.11 and int(np.argmax(rates)) == 9 and rates[-1] < 1e-3
    assert all(a > b for a, b in pairwise(rates[9:]))


def moving_squares(n):
    """Clips whose class is the direction of a square: 0 goes right, 1 goes down."""
    rng = np.random.default_rng(0)
    for number in range(n):
        label = number % 2
        rgb = np.full((18, 32, 32, 3), 90, np.uint8)
        flow = np.full((18, 32, 32, 2), 128, np.uint8)
        x, y = rng.integers(0, 8, 2)
        for frame in range(18):
            left, top = (x + frame * (1 - label), y + frame * label)
            rgb[frame, top : top + 6, left : left + 6] = 230
            flow[frame, top : top + 6, left : left + 6, label] = 190
        yield MotionClip(rgb, flow, label)


def test_two_stream_learns_directions_from_a_pool_that_is_renewed():
    losses, drawn = [], []
    clips = (drawn.append(clip.label) or clip for clip in moving_squares(100))
    training = TwoStreamTraining(steps=20, batch=6, pool=10, warmup_steps=3, label_smoothing=0.0)
    config = TWO_STREAM_CONFIG | {"classes": ["right", "down"]}
    model = train_two_stream(clips, training, config, lambda step, steps, loss: losses.append(loss))
    assert losses[-1] < 0.8 * losses[0]
    assert len(drawn) == 10 + 20 and not model.training


def test_a_mirrored_window_has_mirrored_motion():
    rgb = np.zeros((1, 2, 4, 3), np.uint8)
    rgb[0, 0, 0] = 9
    flow = np.full((1, 2, 4, 2), 128, np.uint8)
    flow[0, 0, 0] = (148, 100)  # 20 to the right, 28 up
    seen, motion = mirrored(rgb, flow)
    assert (seen[0, 0, 3] == 9).all() and motion[0, 0, 3].tolist() == [108, 100]
    assert mirrored(*mirrored(rgb, flow))[1].tolist() == flow.tolist()
    assert mirrored(rgb, np.zeros_like(flow))[1][..., 0].max() == 255


def test_motion_clips_are_small_pictures_and_their_flow():
    clip = next(trimmed_clips(3, size=(128, 96)))
    ready = next(motion_clips(iter([clip]), TWO_STREAM_CONFIG))
    n = len(clip.frames)
    assert ready.rgb.shape == (n, 64, 64, 3) and ready.flow.shape == (n, 64, 64, 2)
    assert ready.label == clip.label and np.array_equal(ready.flow[-1], ready.flow[-2])
    assert abs(float(np.median(ready.flow)) - 128) <= 1
    assert flow_to_bytes(np.full((96, 128, 2), 2.0, np.float32), (64, 64), 16.0)[0, 0].tolist() == [160, 160]


def test_held_out_videos_say_what_every_frame_shows():
    video = next(watched_videos(1, 0, size=(32, 24), seconds=12))
    n = len(video.frames)
    assert video.frames.shape == (n, 24, 32, 3) and len(video.part) == len(video.own) == len(video.cue) == n
    assert {0, 1} <= set(video.part.tolist()) <= set(range(len(PARTS)))
    assert not video.cue[video.part == PARTS.index("cut-away")].any()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out = tmp_path_factory.mktemp("encoders")
    plan = PretrainPlan(
        images=40,
        clip=ClipTraining(steps=2, batch=8, config=TINY_CLIP),
        two_stream=TwoStreamTraining(steps=2, batch=2, pool=3),
        held_out_images=40,
        held_out_clips=2,
        held_out_videos=1,
    )
    stages = set()
    measures = pretrain_world_encoders(
        out, seed=3, plan=plan, on_progress=lambda what, done, total, loss: stages.add(what)
    )
    return out, measures, stages


def test_both_folders_are_whole(made):
    out, measures, stages = made
    load_clip(out / "world-clip")
    assert load_two_stream(out / "world-two-stream").classes == tuple(TWO_STREAM_CONFIG["classes"])
    for name, numbers in measures.items():
        card = (out / name / "README.md").read_text()
        assert "Seed: 3" in card and "Licence: the repository's" in card
        assert all(f"| {measure} | {value:.3f} |" in card for measure, value in numbers.items())
        assert all(np.isfinite(value) for value in numbers.values())
    assert {"training CLIP", "training two streams"} <= stages


def test_the_shipped_configuration_is_one_open_clip_can_build():
    assert build_clip(CLIP_CONFIG).visual.preprocess_cfg["size"] == 64
    assert TWO_STREAM_CONFIG["window_frames"] == 16


def test_training_clips_differ_from_held_out_ones():
    first, other = (next(islice(trimmed_clips(seed), 0, 1)).frames for seed in (0, 1_000_003))
    assert first.shape != other.shape or not np.array_equal(first, other)
