"""Scenes: what they are, how they are made, checked, stored and read. Knows nothing of environments or trainers."""
