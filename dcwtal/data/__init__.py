"""Data sets: what videos there are, their weak labels, and the batches made of them."""
