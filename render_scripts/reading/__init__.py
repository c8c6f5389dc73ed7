"""Data sets read in Python, without any library for it: `open_dataset(folder)`. See docs/reading.md. No bpy."""

from __future__ import annotations

from render_scripts.reading.dataset import Dataset, open_dataset
from render_scripts.reading.sample import Sample

__all__ = ["Dataset", "Sample", "open_dataset"]
