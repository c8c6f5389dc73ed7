"""MVNX, XSens MVN's own format: versions 2, 3 and 4 are read, version 4 is written."""

from mocap.mvnx.read import read_mvnx
from mocap.mvnx.write import write_mvnx

__all__ = ["read_mvnx", "write_mvnx"]
