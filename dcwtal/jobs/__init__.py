"""Runs as folders: where a run keeps its files, its event log, its stop request."""
