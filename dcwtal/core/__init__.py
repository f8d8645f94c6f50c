"""What everything speaks: segments, grids, columnar annotations and detections. numpy and pydantic only."""
