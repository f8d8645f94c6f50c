"""Losses: functions of tensors. Shapes: B batch, T snippets, C action classes, E embedding size."""
