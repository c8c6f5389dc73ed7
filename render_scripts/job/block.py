"""What every block of a job file is."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict


class Block(BaseModel):
    """Keys with values; one that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def beside(job_file: Path, path: str) -> str:
    """The absolute path of one that a job file gives, which starts from the job file's folder."""
    return str((job_file.parent / Path(path).expanduser()).absolute())
