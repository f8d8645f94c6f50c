"""Detections and maps against ground truth: matching, AP, protocols, frame rates, trivial baselines."""
