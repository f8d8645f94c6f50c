"""From class scores to detections: which classes, which runs, which score, which survive. numpy only."""
