"""The recipe of stored features: every choice that changes the numbers, as plain JSON values."""

from collections.abc import Sequence
from typing import Any

from dcwtal.core.errors import DataError, SettingsError
from dcwtal.core.settings import build_settings
from dcwtal.features.encoder_protocol import Encoder, ImageEncoder, WindowEncoder
from dcwtal.features.settings import FeatureSettings
from dcwtal.features.snippet_plan import SnippetPlan

Recipe = dict[str, Any]


def plan_of(
    settings: FeatureSettings, image_encoder: ImageEncoder | None, window_encoder: WindowEncoder | None
) -> SnippetPlan:
    """The snippet plan that both encoders share; choices that do not fit each other are a SettingsError."""
    encoders: list[Encoder] = [encoder for encoder in (image_encoder, window_encoder) if encoder is not None]
    if not encoders:
        raise SettingsError("extraction needs at least one encoder; found none")
    strides = {encoder.name: encoder.stride_frames for encoder in encoders}
    if settings.stride_frames is None and len(set(strides.values())) > 1:
        found = ", ".join(f"{name}: {stride}" for name, stride in strides.items())
        raise SettingsError(
            f"the encoders have different strides of their own ({found}); set features.stride_frames"
        )
    if window_encoder is not None and window_encoder.window_frames != settings.window_frames:
        raise SettingsError(
            f"features.window_frames is {settings.window_frames}; encoder {window_encoder.name!r} takes "
            f"{window_encoder.window_frames}"
        )
    stride = settings.stride_frames or next(iter(strides.values()))
    return SnippetPlan(stride, settings.window_frames, settings.images_per_snippet)


def recipe_of_images(settings: FeatureSettings, plan: SnippetPlan, encoder: ImageEncoder) -> Recipe:
    """Recipe of a picture encoder's features."""
    return _common(settings, plan, encoder) | {"images_per_snippet": plan.images}


def recipe_of_windows(settings: FeatureSettings, plan: SnippetPlan, encoder: WindowEncoder) -> Recipe:
    """Recipe of a window encoder's features."""
    return _common(settings, plan, encoder) | {
        "window_frames": plan.window,
        "flow": settings.flow or encoder.flow,
        "flow_working_size": list(encoder.flow_working_size),
        "flow_scale": float(encoder.flow_scale),
    }


def recipes_of(
    settings: FeatureSettings, image_encoder: ImageEncoder | None, window_encoder: WindowEncoder | None
) -> dict[str, Recipe]:
    """Recipes by encoder name."""
    plan = plan_of(settings, image_encoder, window_encoder)
    recipes: dict[str, Recipe] = {}
    if image_encoder is not None:
        recipes[image_encoder.name] = recipe_of_images(settings, plan, image_encoder)
    if window_encoder is not None:
        recipes[window_encoder.name] = recipe_of_windows(settings, plan, window_encoder)
    return recipes


def settings_of_recipes(recipes: Sequence[Recipe]) -> FeatureSettings:
    """The settings that reproduce stored recipes, so that a new video gets features of the same kind."""
    values: dict[str, Any] = {}
    for recipe in recipes:
        for key in ("sampling_fps", "stride_frames", "images_per_snippet", "window_frames", "flow"):
            if key not in recipe:
                continue
            if values.setdefault(key, recipe[key]) != recipe[key]:
                raise DataError(f"stored features disagree on {key}: {values[key]} and {recipe[key]}")
    return build_settings(FeatureSettings, values)


def _common(settings: FeatureSettings, plan: SnippetPlan, encoder: Encoder) -> Recipe:
    return {
        "encoder": encoder.name,
        "weights_sha256": encoder.weights_sha256,
        "sampling_fps": float(settings.sampling_fps),
        "stride_frames": plan.stride,
        "input_size": [encoder.input_width, encoder.input_height],
    }
