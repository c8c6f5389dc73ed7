"""BVH, as XSens MVN exports it, or of any other program through a map of its joints."""

from mocap.bvh.read import read_bvh

__all__ = ["read_bvh"]
