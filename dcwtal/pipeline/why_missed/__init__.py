"""Why an instance was missed, and the smallest single change that finds it."""
