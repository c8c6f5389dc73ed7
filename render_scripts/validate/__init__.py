"""Whether a finished data set is what it says: its files, its samples, and labels and pictures against each other.

`folder.py` looks at the files, `contents.py` at samples, a few or all, in one process or several. No bpy.
"""

from __future__ import annotations

from render_scripts.validate.faults import Fault
from render_scripts.validate.findings import Finding, examine
from render_scripts.validate.told import as_json, table
from render_scripts.validate.whole import Report, validate

__all__ = ["Fault", "Finding", "Report", "as_json", "examine", "table", "validate"]
