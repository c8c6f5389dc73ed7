"""Keypoints, what a picture says of them and what rays met on their way, as one table; what follows from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from ray_truth import Met, Skin, decide

from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.own_part import parts_of_set
from blender_addon.labels.visibility import Before, Flesh, Surfaces, judge
from blender_addon.labels.vocabulary import BODY_PARTS, CLOTHES, Cause


@dataclass(frozen=True)
class Table:
    """P points in pictures.

    Attributes:
        point: (P,) set and name; picture: (P,) its file; person: (P,) instance; focus: (P,) whether followed.
        tall: (P,) pixels that the person's box is high; focal: (P,) pixels.
        label: (P,) `Cause` as labelled; xy: (P, 2); camera: (P, 3) metres.
        length: (P, 6) metres along six rays: the point's own, and those of `offsets`.
        own, every, most: (P,) as `visibility.judge` takes them.
        depth, who, part, garment: (P, 5, 5) of the picture round the point's pixel.
        met, skin: what rays met, ray k of point p being number 6 p + k.
    """

    point: np.ndarray
    picture: np.ndarray
    person: np.ndarray
    focus: np.ndarray
    tall: np.ndarray
    focal: np.ndarray
    label: np.ndarray
    xy: np.ndarray
    camera: np.ndarray
    length: np.ndarray
    own: np.ndarray
    every: np.ndarray
    most: np.ndarray
    depth: np.ndarray
    who: np.ndarray
    part: np.ndarray
    garment: np.ndarray
    met: Met
    skin: Skin


RAYS = 6


def offsets(xy: np.ndarray) -> np.ndarray:
    """(P, 6, 2) pixels from points at (P, 2): none, half a pixel to each side, and to the middle of their pixel."""
    cross = np.array(((0.0, 0.0), (-0.5, 0.0), (0.5, 0.0), (0.0, -0.5), (0.0, 0.5)))
    middle = np.floor(xy) + 0.5 - xy
    return np.concatenate((np.broadcast_to(cross, (len(xy), *cross.shape)), middle[:, None]), axis=1)


def joined(tables: Sequence[Table]) -> Table:
    """One after another."""
    first = np.cumsum([0, *(RAYS * len(table.point) for table in tables)])
    columns = {
        field.name: np.concatenate([getattr(table, field.name) for table in tables])
        for field in dataclasses.fields(Table)
        if field.name not in ("met", "skin")
    }
    met = Met(*_rays_joined([table.met for table in tables], first, Met))
    skin = Skin(*_rays_joined([table.skin for table in tables], first, Skin))
    return Table(**columns, met=met, skin=skin)


def _rays_joined(parts: Sequence[Met] | Sequence[Skin], first: np.ndarray, kind: type) -> list[np.ndarray]:
    names = [field.name for field in dataclasses.fields(kind)]
    columns = [[getattr(part, name) for part in parts] for name in names]
    columns[0] = [ray + start for ray, start in zip(columns[0], first, strict=False)]
    return [np.concatenate(column) for column in columns]


def save(path: Path, table: Table) -> None:
    flat: dict[str, np.ndarray] = {}
    for field in dataclasses.fields(Table):
        value = getattr(table, field.name)
        if field.name in ("met", "skin"):
            flat |= {f"{field.name}_{inner.name}": getattr(value, inner.name) for inner in dataclasses.fields(value)}
        else:
            flat[field.name] = value
    np.savez_compressed(path, **flat)


def load(path: Path) -> Table:
    with np.load(path) as data:
        flat = dict(data)
    met = Met(*(flat.pop(f"met_{field.name}") for field in dataclasses.fields(Met)))
    skin = Skin(*(flat.pop(f"skin_{field.name}") for field in dataclasses.fields(Skin)))
    return Table(**flat, met=met, skin=skin)


def truth(table: Table) -> np.ndarray:
    """(P, 6) `Cause` by rays: of the point's own, and of the others."""
    whose = np.repeat(table.person, RAYS)
    most = np.repeat(table.most, RAYS)
    parts = np.repeat(_own_parts(table), RAYS, axis=0)
    return decide(table.length.ravel(), most, parts, whose, table.met, table.skin)[0].reshape(-1, RAYS)


def labelled(table: Table) -> np.ndarray:
    """(P,) `Cause` by the rule as it is now, from the pixels round each point."""
    side, parts = table.depth.shape[1], _own_parts(table)
    out = np.empty(len(table.point), dtype=np.uint8)
    keys = np.stack([np.unique(table.picture, return_inverse=True)[1].ravel(), table.person], axis=1)
    _, group = np.unique(keys, axis=0, return_inverse=True)
    for number in range(group.max() + 1):
        rows = np.flatnonzero(group.ravel() == number)
        beside = {name: getattr(table, name)[rows].transpose(1, 0, 2).reshape(side, -1) for name in _WINDOW}
        seen = Surfaces(beside["depth"], beside["who"], beside["part"], beside["garment"])
        xy = table.xy[rows] % 1.0 + side // 2
        xy[:, 0] += side * np.arange(len(rows))
        person, focal = int(table.person[rows[0]]), float(table.focal[rows[0]])
        before = Before(table.own[rows], table.every[rows])
        flesh = Flesh(table.most[rows], parts[rows])
        out[rows] = judge(xy, table.camera[rows], before, flesh, seen, person, focal)[1]
    return out


_WINDOW = ("depth", "who", "part", "garment")


def on_own_part(table: Table, within: int = 0) -> np.ndarray:
    """(P,) whether a pixel shows the person, and one of the parts on which the point is seen: the point's own pixel, or
    one that is at most so many rows and columns away.
    """
    middle = table.depth.shape[1] // 2
    near = slice(middle - within, middle + within + 1)
    mine = table.who[:, near, near] == table.person[:, None, None]
    own = _own_parts(table)[np.arange(len(mine))[:, None, None], table.part[:, near, near]]
    return np.asarray((mine & own).any(axis=(1, 2)))


def _own_parts(table: Table) -> np.ndarray:
    """(P, parts) on which body parts each point is seen."""
    names, row = np.unique(table.point, return_inverse=True)
    sets = [(KEYPOINT_SETS[name.split()[0]], name.split()[1]) for name in names.tolist()]
    return np.array([parts_of_set(points.name)[points.points.index(point)] for points, point in sets])[row.ravel()]


def shown(table: Table) -> np.ndarray:
    """(P,) what each point's pixel shows, in words."""
    middle = table.depth.shape[1] // 2
    columns = (table.who, table.part, table.garment)
    out = []
    for person, who, part, garment in zip(
        table.person, *(column[:, middle, middle] for column in columns), strict=True
    ):
        own = f"{CLOTHES[garment].name} on {BODY_PARTS[part].name}"
        out.append(own if who == person else "nobody" if who == 0 else "somebody else")
    return np.array(out)


@dataclass(frozen=True)
class Verdict:
    """Of each of P points: visibility as labelled and by its ray, whether half a pixel changes that, and causes alike.

    Attributes:
        seen, truly, tie, cause: (P,) bool.
    """

    seen: np.ndarray
    truly: np.ndarray
    tie: np.ndarray
    cause: np.ndarray


def verdict(table: Table) -> Verdict:
    """By the rule as it is now."""
    label, ray = labelled(table), truth(table)
    visible = ray == Cause.VISIBLE
    return Verdict(label == Cause.VISIBLE, visible[:, 0], np.any(visible != visible[:, :1], axis=1), label == ray[:, 0])


# Pixels from which on a person counts as tall, and from which as middling.
TALL, MIDDLING = 160, 80
GROUPS = {"BODY_25": "body_25 ", "hands": "hand_", "faces": "face_70 ", "blades, hips, shoulders": "skate "}


def report(table: Table) -> str:
    """Markdown: how far labels and rays agree, by group of points and size of the person; each exception of BODY_25."""
    found = verdict(table)
    own, beside = on_own_part(table), on_own_part(table, within=1)
    group = np.full(len(table.point), "other points of bodies", dtype="U32")
    for name, start in GROUPS.items():
        group[np.char.startswith(table.point, start)] = name
    pictures = len(np.unique(table.picture))
    people = len({*zip(table.picture.tolist(), table.person.tolist(), strict=True)})
    size = np.select(
        [table.tall >= TALL, table.tall >= MIDDLING], [f"{TALL} and more", f"{MIDDLING} to {TALL}"], "less"
    )
    lines = [
        f"{len(table.point)} points of {people} people in {pictures} pictures.",
        "",
        "| points | person's height (px) | count | hidden | visibility agrees | but for ties | cause agrees "
        "| visible ones on own part | within a pixel of it |",
        "|:--|:--|--:|--:|--:|--:|--:|--:|--:|",
    ]
    same = found.seen == found.truly
    for name in (*GROUPS, "other points of bodies"):
        for rows, title in ((group == name, "all"), *(((group == name) & (size == one), one) for one in _sizes(size))):
            if rows.any():
                shares = (~found.truly, same, same | found.tie, found.cause)
                seen = rows & found.seen
                cells = [_percent(share[rows]) for share in shares] + [_percent(on[seen]) for on in (own, beside)]
                lines.append(f"| {name} | {title} | {int(rows.sum())} | " + " | ".join(cells) + " |")
    lines += ["", *_exceptions(table, found, group == "BODY_25", own)]
    return "\n".join(lines)


def _sizes(size: np.ndarray) -> list[str]:
    return sorted(set(size.tolist()), key=lambda one: (one == "less", one != f"{TALL} and more"))


def _percent(share: np.ndarray) -> str:
    return f"{100.0 * share.mean():.2f}%" if len(share) else ""


def _exceptions(table: Table, found: Verdict, asked: np.ndarray, own: np.ndarray) -> list[str]:
    what = shown(table)
    lines = [
        "| point | exception | the pixel shows | person's height (px) | half a pixel decides |",
        "|:--|:--|:--|:--|:--|",
    ]
    for title, chosen in (
        ("labelled visible, hidden by its ray", asked & found.seen & ~found.truly),
        ("labelled hidden, seen by its ray", asked & ~found.seen & found.truly),
        ("visible, not on its own part", asked & found.seen & found.truly & ~own),
    ):
        kinds: dict[tuple[str, str, str], list[int]] = {}
        for k in np.flatnonzero(chosen).tolist():
            kinds.setdefault((table.point[k].split()[-1].lstrip("LR"), title, what[k]), []).append(k)
        for (point, _, shows), rows in sorted(kinds.items(), key=lambda kind: -len(kind[1])):
            tall = table.tall[rows]
            ties = f"{int(found.tie[rows].sum())} of {len(rows)}"
            lines.append(f"| {point} | {title} | {shows} | {tall.min():.0f} to {tall.max():.0f} | {ties} |")
    return lines


DOCS = Path(__file__).resolve().parents[2] / "docs" / "labels.md"
BEGIN, END = "<!-- check_visibility: begin -->", "<!-- check_visibility: end -->"


def write_docs(text: str) -> None:
    """Puts a report between its marks in docs/labels.md."""
    before, rest = DOCS.read_text(encoding="utf-8").split(BEGIN)
    DOCS.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}", encoding="utf-8")
