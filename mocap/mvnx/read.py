"""MVNX 2, 3 and 4, as XSens MVN Studio, MVN Animate and MVN Analyze write them: one subject's Motion.

Calibration frames (`identity`, `tpose`, `npose`, `tpose-isb`) are passed over: the reference of a Motion is MVN's
identity, in which every segment is unrotated, and a take's own `tpose` is up to 13 degrees away from it.
"""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import numpy as np

from mocap.closure import without_isb_arms
from mocap.errors import UserError
from mocap.motion import Motion
from mocap.mvnx.absent_limbs import limbs_to_fill, with_filled_limbs
from mocap.mvnx.finger_frames import fingers_in_world
from mocap.mvnx.frames import orientations_of, positions_of
from mocap.mvnx.layout import layout_of, skeleton_of
from mocap.mvnx.scan import CONTACTS, RawTake, Scan, scan_mvnx
from mocap.skeleton import CONTACT_POINTS, SIDES
from mocap.sole_points import with_sole_points
from mocap.span import Span
from mocap.take_file import take_name


def read_mvnx(path: Path, subject: str | None, span: Span) -> Motion:
    """One subject of an MVNX file.

    Args:
        path: the file, packed with gzip or not.
        subject: which of its subjects, by label, one met again with a number ("Anna (2)"); the first when None.
        span: the part of the take to keep.

    Raises:
        UserError: nothing usable in the file, with the frame or line at fault; a subject it does not have.
    """
    scan = scan_mvnx(path, subject, span)
    take = scan.take
    if take is None:
        _refuse_without_subject(path, scan, subject)
    absent = limbs_to_fill(path, take.segments[""])
    if take.total == 0:
        raise UserError("the subject has no recorded frame", file=path, place=take.label)
    span.check(take.total, take.rate, path)
    first = span.first(take.rate)
    warnings: list[str] = []
    layout = layout_of(take, _whole_fingers(take, warnings))
    contacts = _contacts(take, warnings)
    orientations = orientations_of(path, take, layout, first)
    positions = positions_of(path, take, layout, first)
    relative = fingers_in_world(layout.names, orientations, positions)
    if relative:
        warnings.append(f"the {' and '.join(relative).lower()} fingers were given relative to the hand: carried along")
    skeleton, measured = skeleton_of(take, layout, orientations, positions)
    if measured:
        warnings.append(f"joints left out of the file were measured: {_some(measured)}")
    skeleton, estimated = with_sole_points(skeleton)
    if estimated:
        warnings.append("the points of the soles are estimated")
    if absent:
        warnings.append(f"not recorded, filled in at rest: {_some(absent)}")
        skeleton, orientations, positions = with_filled_limbs(skeleton, orientations, positions)
    mended = without_isb_arms(skeleton, orientations, positions)
    if mended is not None:
        warnings.append("arm orientations were in ISB axes: turned so that elbows and wrists close")
        orientations = mended
    if take.missing:
        warnings.append(f"{take.missing} frames are missing from the recording")
    if len(scan.subjects) > 1 and subject is None:
        warnings.append(f"the file holds {len(scan.subjects)} subjects: the first was taken")
    name = take_name(path)
    return Motion(
        name=f"{name} {take.label}" if len(scan.subjects) > 1 else name,
        rate=take.rate,
        skeleton=skeleton,
        orientations=orientations,
        positions=positions,
        contacts=contacts,
        source={
            "format": "MVNX",
            "version": scan.version,
            "software": scan.software,
            "file": path.name,
            "subject": take.label,
            "subjects": scan.subjects,
            "configuration": take.attributes.get("configuration", ""),
            "scenario": take.attributes.get("userScenario", ""),
            "recorded": take.attributes.get("recDate", ""),
            "frames_in_file": take.total,
            "first_frame": first,
            "gaps": tuple(take.gaps),
            "isb_arms_corrected": mended is not None,
            "segments_filled": absent,
            "warnings": tuple(warnings),
        },
    )


def _refuse_without_subject(path: Path, scan: Scan, subject: str | None) -> NoReturn:
    if not scan.subjects:
        raise UserError("the file holds no subject", file=path, mend="Export the take again from MVN.")
    names = ", ".join(scan.subjects)
    raise UserError(f"no subject is called {subject!r}", file=path, mend=f"Those there are: {names}.")


def _whole_fingers(take: RawTake, warnings: list[str]) -> list[str]:
    """The sides whose fingers are in every frame."""
    whole = []
    for side in SIDES:
        if not take.segments[side]:
            continue
        frames = [take.frames_with[f"{stream}Fingers{side}"] for stream in ("orientation", "position")]
        if frames == [take.kept, take.kept]:
            whole.append(side)
        else:
            warnings.append(f"the {side.lower()} fingers are incomplete and were left out")
    return whole


def _contacts(take: RawTake, warnings: list[str]) -> np.ndarray | None:
    """(T, 4) bool in the order of CONTACT_POINTS."""
    if take.frames_with[CONTACTS] == 0:
        return None
    order = {label: index for index, label in take.contact_labels.items()} or dict(
        zip(CONTACT_POINTS, range(4), strict=True)
    )
    width = take.contacts_width()
    if take.frames_with[CONTACTS] < take.kept or any(order.get(label, width) >= width for label in CONTACT_POINTS):
        warnings.append("foot contacts are incomplete and were left out")
        return None
    values = np.frombuffer(take.streams.pop(CONTACTS), dtype=np.float64).reshape(take.kept, width)
    return values[:, [order[label] for label in CONTACT_POINTS]] > 0.5


def _some(names: tuple[str, ...] | list[str]) -> str:
    """At most six names, so that a warning stays one line."""
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
