"""Networks: the two branches, their shared transformer, the tiny encoders. Nothing here reads a video or a run."""
