"""The figures of retargeting as text, and the tables of docs/retargeting.md: every take on every body and rig."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tqdm import tqdm

from blender_addon.makehuman.reference_bodies import BODIES
from mocap.elements.demo import demo_take
from mocap.elements.library import ELEMENTS, element_take
from mocap.metrics.directions import LOOSE
from mocap.metrics.limits import BALLS, HINGES
from mocap.metrics.quality import Quality
from mocap.metrics.spread import Spread
from mocap.motion import Motion
from mocap.skating.corrections import annotated
from mocap.takes import read_take
from render_scripts.quality import RIGS, Avatar, avatar, quality_on, ready

# Directions of `limits.Ball.reach` that have a name.
_WAYS = {0.0: "out", 90.0: "to the front", 135.0: "to the front and across", 180.0: "across", 270.0: "to the back"}

TOPIC = "quality"


@dataclass(frozen=True)
class Figure:
    """A number that says how far off a retargeted take is: the smaller, the better.

    Attributes:
        name, unit: as tables and text have them; digits: behind the point.
        limit: what it must not exceed; None where it only informs.
        about: how it is taken.
        read: takes it; None where the take says nothing of it.
    """

    name: str
    unit: str
    digits: int
    limit: float | None
    about: str
    read: Callable[[Quality], float | None]


def _median(found: Spread | None) -> float | None:
    return None if found is None else found.median


def _p95(found: Spread | None) -> float | None:
    return None if found is None else found.p95


def _worst(values: Iterable[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)


def _worst_bone(quality: Quality, loose: bool) -> float | None:
    found = quality.directions.direction.items()
    return _worst(_median(error) for bone, error in found if bone.endswith(LOOSE) == loose)


def _slip(quality: Quality) -> float | None:
    own, recorded = quality.blades.slip, quality.blades.recorded_slip
    return None if own is None or recorded is None else own.m_per_s.p95 - recorded.m_per_s.p95


FIGURES: tuple[Figure, ...] = (
    Figure(
        "direction", "°", 2, 1.0,
        "Angle between where a bone of the avatar and the recorded segment point: median over all frames and all bones"
        " but clavicles and hands.",
        lambda q: _median(q.directions.firm),
    ),
    Figure(
        "direction p95", "°", 1, None,
        "The same, 95th percentile instead of median.",
        lambda q: _p95(q.directions.firm),
    ),
    Figure(
        "worst bone", "°", 2, None,
        "The greatest median of any one of these bones.",
        lambda q: _worst_bone(q, loose=False),
    ),
    Figure(
        "clavicles, hands", "°", 2, 5.0,
        "The greatest median of a clavicle or hand.",
        lambda q: _worst_bone(q, loose=True),
    ),
    Figure(
        "twist", "°", 2, None,
        "Angle about the bone between the avatar's and the recorded second axis (hinges of elbow and knee, palm, sole,"
        " face): median of the worst bone.",
        lambda q: _worst(_median(error) for error in q.directions.twist.values()),
    ),
    Figure(
        "joints", "mm", 0, None,
        "N-MPJPE: distance of the joints from the recorded ones, both seen from the middle of the hips, after the one"
        " scale that fits best; mean over joints and frames. Other proportions stay in it.",
        lambda q: q.positions.mean_mm,
    ),
    Figure(
        "penetration", "mm", 1, 5.0,
        "Depth of the running edge's lowest point under the ice while the foot is down: 95th percentile.",
        lambda q: _p95(q.blades.penetration_mm),
    ),
    Figure(
        "float", "mm", 1, 5.0,
        "Its height over the ice while the foot is down: 95th percentile.",
        lambda q: _p95(q.blades.float_mm),
    ),
    Figure(
        "slip", "m/s", 2, None,
        "Speed of the standing blade across its own line, 95th percentile, less that of the recorded foot in the"
        " avatar's scale: above 0, the avatar skids more than the skater did.",
        _slip,
    ),
    Figure(
        "flight", "frames", 0, 1.0,
        "Frames by which a jump's time in the air is too long or too short, the worst jump's.",
        lambda q: _worst(float(flight.time_error) for flight in q.flights),
    ),
    Figure(
        "apex", "mm", 0, None,
        "Millimetres by which the hips rise too high or too low in a jump, against the recorded rise in the avatar's"
        " scale; the worst jump's.",
        lambda q: _worst(flight.apex_error_mm for flight in q.flights),
    ),
    Figure(
        "turns", "", 0, 0.0,
        "Whole turns of the pelvis gained or lost, in any jump or spin or over the whole take.",
        lambda q: _worst(float(turn.whole_turns_error) for turn in q.turns),
    ),
    Figure(
        "jerk", "×", 2, None,
        "Mean jerk (third derivative of position) of the avatar's joints to that of the recorded ones, in the avatar's"
        " scale; the worst joint's. Above 1, the avatar moves less smoothly.",
        lambda q: _worst(q.positions.jerk.values()),
    ),
    Figure(
        "impossible", "%", 1, None,
        "Share of frames in which a joint is bent further than is possible (see below); the worst joint's, less what"
        " the recording itself has of it.",
        lambda q: _worst(
            100.0 * (found.impossible - q.recorded_limits[joint].impossible) for joint, found in q.limits.items()
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """The values of FIGURES, in their order, of one take on one avatar."""

    take: str
    body: str
    rig: str
    values: tuple[float | None, ...]


def describe(quality: Quality, onto: Avatar) -> str:
    """One screen of text."""
    width = max(len(figure.name) for figure in FIGURES)
    lines = [f"on {onto.rig_name}, {onto.body} ({onto.stature:.2f} m)"]
    for figure in FIGURES:
        value = figure.read(quality)
        text = "–" if value is None else f"{_number(figure, value)} {figure.unit}".strip()
        limit = "" if figure.limit is None else f"at most {_number(figure, figure.limit)}"
        lines.append(f"  {figure.name:<{width}}  {text:<10}  {limit}".rstrip())
    return "\n".join(lines)


def measure_all(takes: Sequence[Motion], assets: Path, *, quiet: bool = False) -> tuple[list[Avatar], list[Row]]:
    """Every take on every one of BODIES on every one of RIGS.

    Args:
        takes: made `ready`.
        assets: MakeHuman's data folder.
        quiet: show no bar.
    """
    avatars, rows = [], []
    with tqdm(total=len(takes) * len(BODIES) * len(RIGS), unit="take", disable=quiet or None) as bar:
        for rig in RIGS:
            for body in BODIES:
                onto = avatar(body, rig, assets)
                avatars.append(onto)
                for take in takes:
                    quality = quality_on(take, onto)
                    rows.append(Row(take.name, body, rig, tuple(figure.read(quality) for figure in FIGURES)))
                    bar.update()
    return avatars, rows


def all_takes(recordings: Iterable[str]) -> list[Motion]:
    """Recordings by path, the demo take, and every element of the library; made `ready`.

    Elements have their own parameters; jumps and spins are there with the fewest and the most turns as well.
    """
    # A recording goes by its file's name: the same take may be given in two formats.
    takes = [replace(annotated(read_take(path), path), name=Path(path).name) for path in recordings]
    takes.append(demo_take())
    for name, element in ELEMENTS.items():
        takes.append(element_take(name))
        if "turns" in element.parameters:
            limits = element.parameters["turns"]
            takes += [
                replace(element_take(name, {"turns": turns}), name=f"{name}, turns {turns:g}")
                for turns in (limits.low, limits.high)
            ]
    return [ready(take) for take in takes]


def markdown(avatars: Sequence[Avatar], rows: Sequence[Row]) -> str:
    """The tables: what the figures are, joint limits, the bodies, the worst of each take and of each rig and body."""
    return "\n\n".join((_legend(), _limits(), _bodies(avatars), _by_take(rows), _by_avatar(rows)))


def _legend() -> str:
    lines = ["| figure | unit | at most | |", "|---|---|---|---|"]
    for figure in FIGURES:
        limit = "" if figure.limit is None else _number(figure, figure.limit)
        lines.append(f"| {figure.name} | {figure.unit} | {limit} | {figure.about} |")
    return "\n".join(lines)


def _limits() -> str:
    lines = ["| joint | beyond this unusual (°) | beyond this impossible (°) |", "|---|---|---|"]
    for joint, hinge in HINGES.items():
        for way, limit in (("backwards", hinge.back), ("bent", hinge.bent)):
            lines.append(f"| {joint.lower()} {way} | {limit[0]:.0f} | {limit[1]:.0f} |")
    for joint, ball in BALLS.items():
        for towards, limit in ball.reach.items():
            lines.append(f"| {joint.lower()} {_WAYS[towards]} | {limit[0]:.0f} | {limit[1]:.0f} |")
    return "\n".join(lines)


def _bodies(avatars: Sequence[Avatar]) -> str:
    lines = ["| body | stature (m) | mass (kg) | body mass index |", "|---|---|---|---|"]
    for onto in {onto.body: onto for onto in avatars}.values():
        index = onto.mass / onto.stature**2
        lines.append(f"| {onto.body} | {onto.stature:.2f} | {onto.mass:.0f} | {index:.1f} ({_weight_class(index)}) |")
    return "\n".join(lines)


def _weight_class(index: float) -> str:
    """By the body mass index (kg/m²), as the World Health Organization draws the lines for adults."""
    return "underweight" if index < 18.5 else "normal" if index < 25.0 else "overweight"


def _by_take(rows: Sequence[Row]) -> str:
    combinations = len({(row.body, row.rig) for row in rows})
    head = " | ".join(f"{figure.name}{f' ({figure.unit})' if figure.unit else ''}" for figure in FIGURES)
    lines = [
        f"The worst of {combinations} avatars, by take; beyond the limit in bold:",
        "",
        f"| take | {head} |",
        "|---" * (len(FIGURES) + 1) + "|",
    ]
    for take in dict.fromkeys(row.take for row in rows):
        lines.append(f"| {take} | {' | '.join(_worst_cells(row for row in rows if row.take == take))} |")
    return "\n".join(lines)


def _by_avatar(rows: Sequence[Row]) -> str:
    takes = len({row.take for row in rows})
    shown = [k for k, figure in enumerate(FIGURES) if figure.limit is not None]
    names = ", ".join(f"{FIGURES[k].name} ({FIGURES[k].unit or 'whole'})" for k in shown)
    bodies = list(dict.fromkeys(row.body for row in rows))
    lines = [
        f"The worst of {takes} takes, by rig and body: {names}; beyond the limit in bold:",
        "",
        f"| rig | {' | '.join(bodies)} |",
        "|---" * (len(bodies) + 1) + "|",
    ]
    for rig in dict.fromkeys(row.rig for row in rows):
        cells = []
        for body in bodies:
            worst = _worst_cells(row for row in rows if (row.rig, row.body) == (rig, body))
            cells.append(", ".join(worst[k] for k in shown))
        lines.append(f"| {rig} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _worst_cells(rows: Iterable[Row]) -> list[str]:
    columns = zip(*(row.values for row in rows), strict=True)
    return [_cell(figure, _worst(column)) for figure, column in zip(FIGURES, columns, strict=True)]


def _cell(figure: Figure, value: float | None) -> str:
    if value is None:
        return "–"
    text = _number(figure, value)
    return f"**{text}**" if figure.limit is not None and value > figure.limit else text


def _number(figure: Figure, value: float) -> str:
    # No "-0.00".
    return f"{round(value, figure.digits) + 0.0:.{figure.digits}f}"
