"""What may go wrong while a data set is made that is nobody's mistake; mistakes are `mocap.errors.UserError`."""

from __future__ import annotations


class RunFailed(Exception):
    """A run has come to nothing; the text is one line."""
