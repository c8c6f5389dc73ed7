"""Where keypoints of the body lie, against other ways to find the same joints, and close-ups to look at.

    python tests/bench/bench_keypoints.py [--bodies 20] [--seed 4] [--docs] [--sheet sheet.png]

Bodies are the five of `makehuman.reference_bodies` and others as a job draws them, at rest. Distances are of both
sides, in mm. `--docs` writes the tables into docs/keypoints.md, between their marks. `--sheet` draws knees, elbows,
wrists, ankles, hips, shoulders and heads of some of them with the keypoints (red), what they are found from (blue,
behind the surface or before it) and where the rig's bones turn (green), without Blender.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np

_ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(_ROOT), str(_ROOT / "tests")]

from joint_routes import BONES, axes, routes  # noqa: E402

from blender_addon.labels.keypoint_sets import KEYPOINT_SETS  # noqa: E402
from blender_addon.makehuman.assets import ensure_assets  # noqa: E402
from blender_addon.makehuman.body import Body, load_body  # noqa: E402
from blender_addon.makehuman.reference_bodies import BODIES  # noqa: E402
from blender_addon.skater.human import Landmark  # noqa: E402
from blender_addon.skater.landmarks import landmarks  # noqa: E402
from blender_addon.skater.landmarks.joints import joint_vertices, section  # noqa: E402
from mocap.rotations import Array  # noqa: E402
from render_scripts.job import FramesJob, Job, SkaterJob  # noqa: E402
from render_scripts.plan import plan_job  # noqa: E402

DOCS = _ROOT / "docs" / "keypoints.md"
MARKS = {name: (f"<!-- {name}: begin -->", f"<!-- {name}: end -->") for name in ("sets", "joints", "knobs")}
# Joints between two vertices, and what these are called.
KNOBS = {
    "elbow": ("lateral epicondyle of the humerus", "medial epicondyle of the humerus"),
    "wrist": ("styloid of the radius", "styloid of the ulna"),
    "knee": ("lateral epicondyle of the femur", "medial epicondyle of the femur"),
    "ankle": ("lateral malleolus", "medial malleolus"),
}
# Of a close-up: pixels of a side, and metres from its middle to its edge at a stature of 1.65 m.
_CELL = 200
_REGIONS = {"head": 0.16, "shoulder": 0.13, "elbow": 0.08, "wrist": 0.08, "hip": 0.2, "knee": 0.1, "ankle": 0.12}
_RED, _GREEN, _BLUE = (220, 0, 0), (0, 150, 0), (0, 60, 255)


def bodies_of(count: int, seed: int) -> dict[str, Body]:
    """By name: the reference bodies first, then those that a job draws."""
    assets = ensure_assets()
    out = {name: load_body(phenotype, assets) for name, phenotype in BODIES.items()}
    drawn = max(0, count - len(out))
    if drawn:
        skaters = tuple(SkaterJob() for _ in range(drawn))
        job = Job(seed=seed, clips=1, frames=FramesJob(fps=5.0, count=1), skaters=skaters)
        for number, spec in enumerate(plan_job(job)[0].skaters, start=1):
            out[f"drawn {number}"] = load_body(spec.phenotype, assets, lengths=spec.lengths, details=spec.details)
    return dict(list(out.items())[:count])


def table_of_joints(bodies: Mapping[str, Body]) -> str:
    """How far keypoints are from where other ways find the joints."""
    apart: dict[tuple[str, str], list[Array]] = {}
    for body in bodies.values():
        marks = landmarks(body)
        for name, route in routes(body, marks).items():
            side, joint = name.split("_")
            for way in ("bone", "pair", "ellipse"):
                place = getattr(route, way)
                if place is not None:
                    off = (marks[name].points[0] - place) * (1.0 if side == "left" else -1.0, 1.0, 1.0)
                    apart.setdefault((joint, way), []).append(1e3 * off)
    lines = [
        "| joint | rig's bones: mean (max) | outwards, back, up | pair of points: mean (max) | outwards, back, up "
        "| ellipse: mean (max) |",
        "|---|---|---|---|---|---|",
    ]
    for joint in BONES:
        cells = []
        for way in ("bone", "pair", "ellipse"):
            rows = np.array(apart.get((joint, way), np.empty((0, 3))))
            if not len(rows):
                cells.append("–")
                continue
            far = np.linalg.norm(rows, axis=1)
            cells.append(f"{far.mean():.0f} ({far.max():.0f})")
            if way != "ellipse":
                cells.append(", ".join(f"{value:+.0f}" for value in rows.mean(axis=0)))
        lines.append(f"| {joint} | {' | '.join(cells)} |")
    return "\n".join(lines)


def table_of_knobs(bodies: Mapping[str, Body]) -> str:
    """How well single vertices are what they are called."""
    lines = [
        "| point | vertices left, right | skin at its height stands out further: mean (max) "
        "| below the bones' turning point: mean ± sd |",
        "|---|---|---|---|",
    ]
    for joint, names in KNOBS.items():
        for place, name in enumerate(names):
            beyond, below = [], []
            for body in bodies.values():
                for side in ("left", "right"):
                    further, down = _stands_out(body, joint, side, joint_vertices(joint, side)[place])
                    beyond.append(further)
                    below.append(down)
            pair = ", ".join(str(joint_vertices(joint, side)[place]) for side in ("left", "right"))
            lines.append(
                f"| {name} | {pair} | {np.mean(beyond):.1f} ({np.max(beyond):.1f}) "
                f"| {np.mean(below):+.0f} ± {np.std(below):.0f} |"
            )
    return "\n".join(lines)


def _stands_out(body: Body, joint: str, side: str, vertex: int) -> tuple[float, float]:
    """Millimetres by which the skin at a vertex' height stands out further, and by which it lies below the joint."""
    along, across = axes(body, joint, side)
    turning = body.rig.heads[body.rig.index(f"{BONES[joint][0]}.{side[0].upper()}")]
    point = body.vertices[vertex]
    cut = section(point, along, body.vertices, body.faces[body.face_masks["body"]])
    cut = cut[np.linalg.norm(cut - turning, axis=1) < 0.1 * body.stature / 1.65]
    sign = np.sign((point - turning) @ across)
    return 1e3 * max(0.0, float((sign * ((cut - point) @ across)).max())), 1e3 * float((point - turning) @ along)


def table_of_sets() -> str:
    """Every set with its points and what they are the mean of."""
    out = []
    for points in KEYPOINT_SETS.values():
        named = (
            name if marks == (name,) else f"{name} = {' + '.join(marks)}"
            for name, marks in zip(points.points, points.landmarks, strict=True)
        )
        out.append(f"**`{points.name}`** ({len(points.points)}): {'; '.join(named)}.")
    return "\n\n".join(out)


def sheet(bodies: Sequence[Body]) -> np.ndarray:
    """Two rows per body, from the front and from its left: (H, W, 3) uint8 RGB."""
    rows = []
    for body in bodies:
        marks = landmarks(body)
        for right in ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)):
            rows.append(np.hstack([_close_up(body, marks, region, np.array(right)) for region in _REGIONS]))
    return np.vstack(rows)


def _close_up(body: Body, marks: Mapping[str, Landmark], region: str, right: Array) -> np.ndarray:
    shown: list[tuple[Array, tuple[int, int, int]]] = []
    if region == "head":
        middle = np.mean([marks[f"{side}_ear"].points.mean(axis=0) for side in ("left", "right")], axis=0)
        names = ("head_top", "nose", "chin", "upper_neck", "thorax", "left_eye", "right_eye", "left_ear", "right_ear")
        shown += [(marks[name].points.mean(axis=0), _RED) for name in names]
    else:
        middle = marks[f"left_{region}"].points.mean(axis=0)
        shown += [(body.vertices[vertex], _BLUE) for vertex in joint_vertices(region, "left")]
        if region == "ankle":
            names = ("heel", "big_toe", "small_toe", "toe_base")
            shown += [(marks[f"left_{name}"].points.mean(axis=0), _RED) for name in names]
        if region == "hip":
            shown.append((marks["left_asis"].points.mean(axis=0), _BLUE))
        shown.append((body.rig.heads[body.rig.index(f"{BONES[region][0]}.L")], _GREEN))
        shown.append((middle, _RED))
    half = _REGIONS[region] * body.stature / 1.65
    return _drawn(body.vertices, body.faces[body.face_masks["body"]], middle, right, half, shown)


def _drawn(
    vertices: Array,
    faces: np.ndarray,
    middle: Array,
    right: Array,
    half: float,
    shown: Sequence[tuple[Array, tuple[int, int, int]]],
) -> np.ndarray:
    """A surface without perspective, the far faces first, and points over it."""
    up = np.array((0.0, 0.0, 1.0))
    toward = np.cross(right, up)
    flat = np.stack((right, -up), axis=-1)
    scale = 0.5 * _CELL / half

    def pixels(points: Array) -> np.ndarray:
        return np.rint(16.0 * ((points - middle) @ flat * scale + 0.5 * _CELL)).astype(np.int32)

    corners = vertices[faces]
    normals = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-12
    light = np.clip(normals @ (0.3 * right + 0.3 * up + 0.9 * toward), 0.05, 1.0)
    inside = np.abs((corners - middle) @ flat).min(axis=1).max(axis=1) < 1.2 * half
    front = np.flatnonzero((normals @ toward > 0.0) & inside)
    picture = np.full((_CELL, _CELL, 3), 255, dtype=np.uint8)
    for face in front[np.argsort(corners[front].mean(axis=1) @ toward)]:
        gray = int(70 + 160 * light[face])
        cv2.fillConvexPoly(picture, pixels(corners[face]), (gray, gray, gray), cv2.LINE_8, 4)
    for point, color in shown:
        x, y = pixels(point).tolist()
        cv2.circle(picture, (x, y), 3 * 16, color, -1, cv2.LINE_AA, 4)
    picture[:, -1] = 255
    return picture


def write_docs(texts: Mapping[str, str]) -> None:
    """Puts each text between its marks."""
    whole = DOCS.read_text(encoding="utf-8")
    for name, text in texts.items():
        begin, end = MARKS[name]
        before, rest = whole.split(begin)
        whole = f"{before}{begin}\n{text}\n{end}{rest.split(end)[1]}"
    DOCS.write_text(whole, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bodies", type=int, default=20)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--docs", action="store_true")
    parser.add_argument("--sheet", type=Path)
    options = parser.parse_args()
    bodies = bodies_of(options.bodies, options.seed)
    texts = {"joints": table_of_joints(bodies), "knobs": table_of_knobs(bodies), "sets": table_of_sets()}
    print("\n\n".join((texts["joints"], texts["knobs"])))
    if options.docs:
        write_docs(texts)
    if options.sheet is not None:
        names = [name for name in ("short", "tall", "heavy", "drawn 1", "drawn 4") if name in bodies]
        picture = sheet([bodies[name] for name in names])
        cv2.imwrite(str(options.sheet), picture[..., ::-1])


if __name__ == "__main__":
    main()
