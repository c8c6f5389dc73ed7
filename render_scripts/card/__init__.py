"""The data card (README.md, whose head Hugging Face's `datasets` reads) and timm's `_info.json`. No bpy.

Both follow from the samples and the job alone; who rendered them and how long it took is in `run.json`.
"""

from __future__ import annotations

from render_scripts.card.features import features
from render_scripts.card.readme import by_split, data_card, timm_info
from render_scripts.card.statistics import Statistics

__all__ = ["Statistics", "by_split", "data_card", "features", "timm_info"]
