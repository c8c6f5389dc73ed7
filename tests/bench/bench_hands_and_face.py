"""Where the points of hands and faces lie, and how differently on different people; tables for docs/keypoints.md.

    python tests/bench/bench_hands_and_face.py [--bodies 20] [--seed 4]

Bodies are those of `bench_keypoints.py`, at rest. Distances are of both sides, in mm.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np
from bench_keypoints import bodies_of  # puts the repository on the path

from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.makehuman.body import Body
from blender_addon.makehuman.rig_files import DEFAULT_RIG
from blender_addon.makehuman.rig_maps import RIGS
from blender_addon.skater.landmarks import landmarks
from blender_addon.skater.landmarks.hands import finger_bones

JOINTS = ("thumb_cmc", "thumb_mcp", "thumb_ip", "mcp", "pip", "dip", "tip")
FINGERS = ("index", "middle", "ring", "little")
# Groups of dlib's points; what the pupils are apart in the table (mm), as grown people's are on average.
GROUPS = {
    "contour": slice(0, 17),
    "brows": slice(17, 27),
    "nose": slice(27, 36),
    "eyes": slice(36, 48),
    "outer mouth": slice(48, 60),
    "inner mouth": slice(60, 68),
}
_PUPILS = 62.0


def table_of_hands(bodies: Sequence[Body]) -> str:
    """How far keypoints of fingers are from the rig's bones, and how deep both lie."""
    rows: dict[str, list[tuple[float, float, float]]] = {}
    for body in bodies:
        marks, bones = landmarks(body), finger_bones(body.rig, RIGS[DEFAULT_RIG])
        skin = body.vertices[body.groups["body"]]
        for name, bone in bones.items():
            here, there = marks[name].points.mean(axis=0), bone.points[0]
            deep = [np.linalg.norm(skin - place, axis=1).min() for place in (here, there)]
            finger, joint = name.split("_")[1:]
            key = f"thumb_{joint}" if finger == "thumb" and joint != "tip" else joint
            rows.setdefault(key, []).append((float(np.linalg.norm(here - there)), *deep))
    lines = [
        "| joint | rig's bone: mean (max) | keypoint under the skin | rig's bone under the skin |",
        "|---|---|---|---|",
    ]
    for joint in JOINTS:
        off, deep, shallow = 1e3 * np.array(rows[joint]).T
        cells = (
            joint.replace("_", " "),
            f"{off.mean():.1f} ({off.max():.1f})",
            f"{deep.mean():.1f}",
            f"{shallow.mean():.1f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def table_of_faces(bodies: Sequence[Body]) -> str:
    """How far points of the face scatter over people whose pupils lie over each other."""
    faces = []
    for body in bodies:
        marks = landmarks(body)
        face = np.array([marks[names[0]].points.mean(axis=0) for names in KEYPOINT_SETS["face_70"].landmarks])
        apart = np.linalg.norm(face[68] - face[69])
        faces.append((face - face[68:].mean(axis=0)) * _PUPILS / apart)
    scatter = np.std(faces, axis=0)
    lines = ["| points | across | forwards | up |", "|---|---|---|---|"]
    for name, group in GROUPS.items():
        lines.append(f"| {name} | " + " | ".join(f"{value:.1f}" for value in scatter[group].mean(axis=0)) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bodies", type=int, default=20)
    parser.add_argument("--seed", type=int, default=4)
    given = parser.parse_args()
    bodies = list(bodies_of(given.bodies, given.seed).values())
    print(table_of_hands(bodies), table_of_faces(bodies), sep="\n\n")


if __name__ == "__main__":
    main()
