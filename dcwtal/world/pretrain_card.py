"""The model cards beside the world's encoders."""

from collections.abc import Mapping

_HEAD = """# {name}

{what}

**A teaching set's encoder.** It has seen nothing but pictures that this project draws; it knows nothing about real
video, and no number below says anything about real video.

- Trained on: {trained_on}
- Training: {training}
- Seed: {seed}. Seeds of training, of the held-out material below, and of the data sets of `dcwtal world` are disjoint.
- Files: {files}
- Made by: `dcwtal world --pretrain` (dcwtal/world/pretrain.py)
- Licence: the repository's; it has not chosen one yet. No third party's material is in it.

## Measured on held-out material

{held_out}

| measure | value |
|---|---|
{rows}

## Known limits

{limits}
"""


def model_card(
    *,
    name: str,
    what: str,
    trained_on: str,
    training: str,
    seed: int,
    files: str,
    held_out: str,
    measures: Mapping[str, float],
    limits: str,
) -> str:
    """A model card in Markdown; ``measures`` become the table."""
    return _HEAD.format(
        name=name,
        what=what,
        trained_on=trained_on,
        training=training,
        seed=seed,
        files=files,
        held_out=held_out,
        rows="\n".join(f"| {measure} | {value:.3f} |" for measure, value in measures.items()),
        limits=limits,
    )
