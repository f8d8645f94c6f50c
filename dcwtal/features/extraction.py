"""One video file to the features of both encoders: one pass of decoding, bounded memory."""

from collections.abc import Callable
from pathlib import Path

from dcwtal.core.errors import VideoError
from dcwtal.core.files import sha256_of
from dcwtal.features.encoder_protocol import ImageEncoder, WindowEncoder
from dcwtal.features.feature_sequence import FeatureSequence
from dcwtal.features.image_track import ImageTrack
from dcwtal.features.recipe import plan_of, recipes_of
from dcwtal.features.settings import FeatureSettings
from dcwtal.features.snippet_plan import SnippetPlan
from dcwtal.features.window_track import WindowTrack
from dcwtal.video.clock_frames import ClockFrames
from dcwtal.video.opening import OpenVideo, open_video

OnProgress = Callable[[float, float | None], None]
"""Hears (seconds of video done, seconds that the file states or None), about once a second of video."""


def extract_video(
    path: Path | str,
    *,
    image_encoder: ImageEncoder | None,
    window_encoder: WindowEncoder | None,
    settings: FeatureSettings,
    on_progress: OnProgress | None = None,
) -> dict[str, FeatureSequence]:
    """Features by encoder name, all on one grid that starts at time zero.

    Memory does not grow with the video but for the features themselves. A video that cannot be decoded or is
    shorter than one snippet is a VideoError; encoders and settings that do not fit are a SettingsError.
    """
    plan = plan_of(settings, image_encoder, window_encoder)
    tracks: dict[str, ImageTrack | WindowTrack] = {}
    if image_encoder is not None:
        tracks[image_encoder.name] = ImageTrack(image_encoder, plan, settings.image_batch)
    if window_encoder is not None:
        flow = settings.flow or window_encoder.flow
        tracks[window_encoder.name] = WindowTrack(window_encoder, plan, settings.window_batch, flow)
    with open_video(path) as video:
        source = sha256_of(Path(path))
        frames = ClockFrames(video, fps=settings.sampling_fps)
        _feed(frames, tracks, video, settings.sampling_fps, on_progress)
    _check_long_enough(path, frames, plan, settings.sampling_fps)
    grid = plan.grid(frames.n_ticks, settings.sampling_fps)
    recipes = recipes_of(settings, image_encoder, window_encoder)
    return {
        name: FeatureSequence(
            values=track.finish(grid.n),
            grid=grid,
            encoder=name,
            recipe=recipes[name],
            source_sha256=source,
            duration=frames.duration,
            notes=frames.notes,
        )
        for name, track in tracks.items()
    }


def _feed(
    frames: ClockFrames,
    tracks: dict[str, ImageTrack | WindowTrack],
    video: OpenVideo,
    fps: float,
    on_progress: OnProgress | None,
) -> None:
    every = max(1, round(fps))
    for frame in frames:
        for track in tracks.values():
            track.push(frame)
        if on_progress is not None and frame.tick % every == 0:
            on_progress(frame.tick / fps, video.stated_end)


def _check_long_enough(path: Path | str, frames: ClockFrames, plan: SnippetPlan, fps: float) -> None:
    if frames.n_ticks < plan.stride:
        raise VideoError(
            f"{path} lasts {frames.duration:.2f} s; expected at least one snippet of {plan.stride / fps:.2f} s"
        )
