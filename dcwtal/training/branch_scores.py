"""Full-length, deterministic scoring of videos with either branch: no dropout, no gradient, no cropping."""

import numpy as np
import torch

from dcwtal.data.samples import TrainingSample
from dcwtal.losses.classification import top_k_mean, video_scores
from dcwtal.models.branch_output import class_scores
from dcwtal.models.two_branch import TwoBranchModel


@torch.no_grad()
def branch_scores(
    model: TwoBranchModel, sample: TrainingSample, branch: str, *, vanilla: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Class scores (T, C) and video-level scores (C,) of one video, float32 in [0, 1].

    ``branch``: ``cbp`` or ``vlp``; ``vanilla`` takes the untrained VLP.
    """
    module = getattr(model, branch)
    was_training = module.training
    module.eval()
    device = next(model.parameters()).device
    features = torch.from_numpy(getattr(sample, branch)).to(device)[None]
    mask = torch.ones(features.shape[:2], dtype=torch.bool, device=device)
    output = module.vanilla(features, mask) if vanilla else module(features, mask)
    scores = class_scores(output.class_logits, output.background_logits, module.activation)
    pooled = top_k_mean(output.class_logits, mask, divisor=model.top_k_divisor)
    whole = video_scores(pooled, module.activation)
    module.train(was_training)
    return scores[0].float().cpu().numpy(), whole[0].float().cpu().numpy()
