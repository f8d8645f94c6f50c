"""Training: ternary pseudo-labels, the schedule, the warm-up, B and F steps, checkpoints and the trace."""
