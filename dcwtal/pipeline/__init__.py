"""One use case a file. Heavy imports (torch, open_clip) hide inside functions here and nowhere else."""
