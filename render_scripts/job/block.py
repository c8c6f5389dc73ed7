"""What every block of a job file is."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

COMPANY = "company"
"""Type of the mistakes that `clash` makes."""


class Block(BaseModel):
    """Keys with values; one that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def beside(job_file: Path, path: str) -> str:
    """The absolute path of one that a job file gives, which starts from the job file's folder."""
    return str((job_file.parent / Path(path).expanduser()).absolute())


def clash(message: str) -> PydanticCustomError:
    """The mistake of a value that is good by itself but does not go with another one."""
    return PydanticCustomError(COMPANY, message)
