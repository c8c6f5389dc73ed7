"""The panel's fields as they stand in a scene, read into plain values."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from blender_addon.labels.dense import DENSE_LABELS
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.ui.request.blocks import number
from blender_addon.ui.request.fields import (
    CamerasFields,
    JobFile,
    LabelsFields,
    OutputFields,
    Request,
    RetargetFields,
    SkaterFields,
    SurroundingsFields,
    TakeFields,
)
from blender_addon.ui.request.paths import plain_path

if TYPE_CHECKING:
    from blender_addon.ui.properties import SkateSynthSettings


def request_of(settings: SkateSynthSettings) -> Request:
    """The settings of a scene as plain values, paths absolute ("//" is beside the .blend file)."""
    from blender_addon.ui.properties.labels import dense_name, keypoints_name
    from blender_addon.ui.properties.path import points_of

    take, retarget, ticks, output = settings.take, settings.retarget, settings.labels, settings.output
    return Request(
        take=_of(
            TakeFields,
            take,
            path=_absolute(take.path),
            joint_map=_absolute(take.joint_map),
            # To ask which it is brings the library of elements, and scipy with it.
            element=take.element if take.source == "element" else TakeFields.element,
        ),
        skater=_of(SkaterFields, settings.skater),
        retarget=_of(RetargetFields, retarget, path=points_of(retarget.path)),
        surroundings=_of(SurroundingsFields, settings.surroundings),
        cameras=_of(CamerasFields, settings.cameras),
        labels=LabelsFields(
            keypoints=tuple(name for name in KEYPOINT_SETS if getattr(ticks, keypoints_name(name))),
            dense=tuple(name for name in DENSE_LABELS if getattr(ticks, dense_name(name))),
            amodal=ticks.amodal,
        ),
        output=_of(OutputFields, output, out=_absolute(output.out)),
        file=JobFile(output.job_text, _absolute(output.job_path)) if output.job_text else JobFile(),
    )


def _of(kind: type[Any], group: Any, **given: Any) -> Any:
    names = [field.name for field in dataclasses.fields(kind) if field.name not in given]
    return kind(**{name: _plain(getattr(group, name)) for name in names}, **given)


def _plain(value: Any) -> Any:
    # Blender keeps numbers in single precision, with a tail that nobody has typed.
    return float(number(value)) if isinstance(value, float) else value


def _absolute(path: str) -> str:
    import bpy

    return plain_path(bpy.path.abspath(path)) if path else ""


def fill(settings: SkateSynthSettings, request: Request) -> None:
    """Sets all fields of a scene to those of an opened job file; which clips the scene at hand is drawn from stays."""
    from blender_addon.ui.properties.labels import dense_name, keypoints_name

    for step in ("take", "skater", "retarget", "surroundings", "cameras", "output"):
        group, values = getattr(settings, step), getattr(request, step)
        for field in dataclasses.fields(values):
            if (step, field.name) == ("retarget", "path"):
                group.path = None
            elif field.name != "draw" and (field.name != "element" or values.source == "element"):
                setattr(group, field.name, getattr(values, field.name))
    ticks = settings.labels
    for name in KEYPOINT_SETS:
        setattr(ticks, keypoints_name(name), name in request.labels.keypoints)
    for name in DENSE_LABELS:
        setattr(ticks, dense_name(name), name in request.labels.dense)
    ticks.amodal = request.labels.amodal
    settings.output.job_text, settings.output.job_path = request.file.text, request.file.path
