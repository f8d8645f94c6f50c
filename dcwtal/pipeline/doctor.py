"""What this machine has: versions, device, weights, data, runs; and the next command to type."""

import importlib.metadata
import platform
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dcwtal.pipeline.bundled import bundled_dataset, bundled_runs

PACKAGES = (
    "dcwtal",
    "torch",
    "torchvision",
    "open_clip_torch",
    "gradio",
    "plotly",
    "moviepy",
    "av",
    "opencv-contrib-python-headless",
    "numpy",
)


@dataclass(frozen=True)
class Findings:
    """Everything found; ``problems`` are sentences with a next step, empty when all is well."""

    python: str
    versions: dict[str, str]
    device: str
    weights: dict[str, str]
    data: list[str]
    runs: list[str]
    problems: list[str]

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return asdict(self)

    def as_text(self) -> str:
        """For a person."""
        lines = [f"python    {self.python}", f"device    {self.device}"]
        lines += [f"package   {name} {version}" for name, version in self.versions.items()]
        lines += [f"weights   {name}: {state}" for name, state in self.weights.items()]
        lines += [f"data      {path}" for path in self.data] + [f"run       {path}" for path in self.runs]
        lines += [f"problem   {problem}" for problem in self.problems] or ["all well; next: dcwtal ui"]
        return "\n".join(lines)


def examine() -> Findings:
    """Look at the installation and at what ships with it."""
    versions, problems = {}, []
    for package in PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = "missing"
            problems.append(f"package {package} is missing: pip install -r requirements.txt")
    device, torch_problem = _device()
    weights = _weights()
    problems += [torch_problem] if torch_problem else []
    problems += [state for state in weights.values() if not Path(state).is_dir()]
    dataset = bundled_dataset()
    return Findings(
        python=platform.python_version(),
        versions=versions,
        device=device,
        weights=weights,
        data=[str(dataset)] if dataset.is_dir() else [],
        runs=[str(run) for run in bundled_runs()],
        problems=problems,
    )


def _device() -> tuple[str, str | None]:
    try:
        import open_clip  # noqa: F401  # its import is the test: it fails where torch and torchvision do not match
        import torch
    except (ImportError, RuntimeError) as error:
        return "unknown", (
            f"torch, torchvision and open_clip do not load together ({error}); torch and torchvision must be a "
            "matching pair: pip install -r requirements.txt"
        )
    if torch.cuda.is_available():
        return torch.cuda.get_device_name(0), None
    return f"cpu, {torch.get_num_threads()} threads", None


def _weights() -> dict[str, str]:
    from dcwtal.core.errors import CheckpointError
    from dcwtal.features.weights_registry import WEIGHTS, find_weights

    states = {}
    for name in WEIGHTS:
        try:
            states[name] = str(find_weights(name))
        except CheckpointError as error:
            states[name] = str(error)
    return states
