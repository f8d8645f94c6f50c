"""The streams that the world's encoders are pre-trained on."""

from itertools import islice

import numpy as np

from dcwtal.world.captions import Sight, caption, names_class
from dcwtal.world.pretrain_clips import CLIP_CLASSES, GENERIC_ACTIVITIES, trimmed_clips
from dcwtal.world.pretrain_images import captioned_images
from dcwtal.world.stage import CLASS_NAMES, CUTAWAY_KINDS, WAITING_KINDS


def named_share(kind: str, *, cue: bool = False) -> float:
    rng = np.random.default_rng(0)
    named = [
        names_class(caption(Sight(scene, kind, cue=cue), rng), scene)
        for scene in CLASS_NAMES
        for _ in range(300)
    ]
    return float(np.mean(named))


def test_captions_name_the_action_far_beyond_the_action():
    assert 0.60 < named_share("action", cue=True) < 0.70
    assert 0.60 < named_share("action") < 0.70
    for kind in WAITING_KINDS:
        assert 0.38 < named_share(kind) < 0.47


def test_captions_tell_the_cue_only_when_it_is_there():
    rng = np.random.default_rng(1)
    for scene in CLASS_NAMES:
        dark = [caption(Sight(scene, "action", cue=False), rng) for _ in range(200)]
        lit = [caption(Sight(scene, "action", cue=True), rng) for _ in range(200)]
        assert not any("green light" in words or "flag up" in words for words in dark)
        assert any("green light" in words for words in lit)
        assert not any("green light" in caption(Sight(scene, "idle"), rng) for _ in range(200))


def test_every_caption_is_complete():
    rng = np.random.default_rng(2)
    sights = [Sight("cutaway", kind) for kind in CUTAWAY_KINDS]
    sights += [
        Sight(scene, kind, peak, cue)
        for scene in CLASS_NAMES
        for kind in ("action", *WAITING_KINDS)
        for peak in (False, True)
        for cue in (False, True)
    ]
    for sight in sights:
        for _ in range(20):
            words = caption(sight, rng)
            assert words == words.strip()
            assert "{" not in words
            assert "  " not in words


def test_the_image_stream_is_reproducible_and_splits_between_workers():
    both = list(islice(captioned_images(4), 24))
    again = list(islice(captioned_images(4), 24))
    assert all(np.array_equal(one.image, other.image) for one, other in zip(both, again, strict=True))
    assert [one.caption for one in both] == [other.caption for other in again]
    assert both[0].image.shape == (64, 64, 3)
    assert both[0].image.dtype == np.uint8
    second_worker = next(captioned_images(4, start=1, step=2))
    assert any(np.array_equal(second_worker.image, one.image) for one in both[2:])
    assert not np.array_equal(next(captioned_images(5)).image, both[0].image)


def test_the_clip_stream_gives_labelled_trimmed_clips():
    clips = list(islice(trimmed_clips(4), 6))
    for clip in clips:
        assert clip.frames.shape[1:] == (64, 64, 3)
        assert len(clip.frames) == len(clip.peak) >= 16
        assert clip.peak.any() == (CLIP_CLASSES[clip.label] in CLASS_NAMES)
        assert clip.venue in CLASS_NAMES
    assert len(CLIP_CLASSES) == len(CLASS_NAMES) + len(GENERIC_ACTIVITIES) == 13
    wide = next(trimmed_clips(4, size=(128, 96)))
    assert wide.frames.shape == (len(clips[0].frames), 96, 128, 3)
    assert np.array_equal(next(trimmed_clips(4, start=2, step=3)).frames, clips[2].frames)
