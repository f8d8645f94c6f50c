"""One file per annotation or detection format: read and write."""
