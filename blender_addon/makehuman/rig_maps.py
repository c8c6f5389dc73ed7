"""Which bones of MakeHuman's rigs play which XSens segments, as data."""

from __future__ import annotations

from mocap.retarget import BoneMap, Limbs


def _default_limbs(s: str) -> Limbs:
    return Limbs(
        clavicle=f"clavicle.{s}",
        upper_arm=(f"upperarm01.{s}", f"upperarm02.{s}"),
        forearm=(f"lowerarm01.{s}", f"lowerarm02.{s}"),
        hand=f"wrist.{s}",
        index=f"finger2-1.{s}",
        middle=f"finger3-1.{s}",
        little=f"finger5-1.{s}",
        thigh=(f"upperleg01.{s}", f"upperleg02.{s}"),
        shank=(f"lowerleg01.{s}", f"lowerleg02.{s}"),
        foot=f"foot.{s}",
    )


DEFAULT = BoneMap(
    root="root",
    spine=("spine05", "spine04", "spine03", "spine02", "spine01"),
    neck=("neck01", "neck02", "neck03"),
    head="head",
    limbs={"Left": _default_limbs("L"), "Right": _default_limbs("R")},
)
