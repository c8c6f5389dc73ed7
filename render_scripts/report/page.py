"""The page: what was gathered, as words, rows and plots, in one file that needs nothing else. No bpy.

Whatever comes from a data set goes through jinja2 with escaping on. Only plots, style and script are put in as they
are, and none of them holds a word of the data set. The page's own policy lets no script run but that one.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
from markupsafe import Markup

from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.vocabulary import BODY_PARTS, CLOTHES, Cause, LabelClass
from render_scripts.report import plots, words
from render_scripts.report.accumulate import MOST_LETTERS, Histogram, Names, total_of
from render_scripts.report.findings import findings
from render_scripts.report.gather import Numbers
from render_scripts.report.poses import ANGLES, principal_plane
from render_scripts.report.reading import number, text
from render_scripts.report.shown import Shown, hex_of
from render_scripts.report.tones import BANDS, band_counts, screen_color
from render_scripts.version import own_version

CAUSE_COLORS: Mapping[Cause, str] = {
    Cause.VISIBLE: "#12b886",
    Cause.OWN_BODY: "#f2a900",
    Cause.OWN_CLOTHING: "#f06bb2",
    Cause.OTHER_PERSON: "#8f75f0",
    Cause.SCENE: "#f0533a",
    Cause.OUT_OF_FRAME: "#8a96a5",
    Cause.BEHIND_CAMERA: "#5d6876",
    Cause.ABSENT: "#c3cad3",
}
OVERLAYS: Mapping[str, str] = {
    "body": "Body parts",
    "clothes": "Clothes",
    "instance": "People",
    "amodal": "Whole silhouettes",
    "boxes": "Boxes",
    "depth": "Depth",
}
SECTIONS = (
    ("findings", "Before you train"), ("samples", "Samples"), ("poses", "Poses"), ("views", "Views"),
    ("sizes", "Sizes"), ("points", "Keypoints"), ("classes", "Classes"), ("people", "People"), ("movement", "Movement"),
    ("scenes", "Scenes"), ("rendering", "Rendering"),
)  # fmt: skip
# The elements that have a colour of their own among the poses.
_COLORED = len(plots.CATEGORIES)
_FOLDER = Path(__file__).parent


def page(made: Numbers, name: str) -> str:
    """The whole file. `name`: of the data set, for its head."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    script = (_FOLDER / "page.js").read_text(encoding="utf-8")
    return environment.get_template("page.html").render(
        name=name,
        version=own_version(),
        css=Markup((_FOLDER / "page.css").read_text(encoding="utf-8")),
        script=Markup(script),
        script_hash=Markup("sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()),
        sections=SECTIONS,
        lede=words.lede(made),
        figures=_head(made),
        findings=findings(made),
        pictures=f"{made.pictures:,}",
        samples=made.samples,
        told=_json(_told(made.samples)),
        **_poses(made),
        **_framing(made),
        **_points(made),
        **_classes(made),
        **_people(made),
        **_surroundings(made),
        **_rendering(made),
    )


def _json(value: Any) -> Markup:
    """JSON that may stand inside a script element: no < or & of its own can end it."""
    plain = json.dumps(value, ensure_ascii=True, separators=(",", ":"), sort_keys=True, allow_nan=False)
    for sign in "<>&'":
        plain = plain.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(plain)


def _told(samples: Sequence[Shown]) -> Mapping[str, Any]:
    """What the script needs to lay labels over samples."""
    layers = dict.fromkeys(layer.name for sample in samples for layer in sample.layers)
    overlays = dict.fromkeys([*OVERLAYS, *sorted(layers)])
    names = {point_set for sample in samples for person in sample.people for point_set in person["points"]}
    return {
        "overlays": list(overlays),
        "overlayNames": {name: OVERLAYS.get(name, name.capitalize()) for name in overlays},
        "outside": int(Cause.OUT_OF_FRAME),
        "causes": [{"name": words.cause_words(cause), "color": CAUSE_COLORS[cause]} for cause in Cause],
        "sets": [
            {"name": known.name, "points": known.points, "limbs": known.limbs}
            for known in KEYPOINT_SETS.values()
            if known.name in names
        ],
        "samples": [
            {
                "key": sample.key,
                "width": sample.width,
                "height": sample.height,
                "layers": [{"name": layer.name, "uri": layer.uri} for layer in sample.layers],
                "classes": sample.classes,
                "facts": sample.facts,
                "people": sample.people,
            }
            for sample in samples
        ],
    }


def _head(made: Numbers) -> list[tuple[str, str]]:
    visible = sum(int(counts[:, int(Cause.VISIBLE)].sum()) for counts in made.causes.values())
    told = sum(int(counts.sum()) for counts in made.causes.values())
    return [
        (f"{made.pictures:,}", "pictures"),
        (f"{made.clips:,}", "clips"),
        (f"{made.persons:,}", "different skaters"),
        (f"{len(made.elements.counts):,}", "elements"),
        (f"{len(made.cameras.counts):,}", "cameras"),
        (f"{told:,}", "labelled points"),
        (f"{visible / told:.0%}" if told else "–", "of them visible"),
    ]


def _rows(entries: Sequence[tuple[str, float]], total: float, **colors: str) -> list[dict[str, Any]]:
    """Rows with bars: the longest is full, the number is a share of `total`."""
    most = max((count for _, count in entries), default=0)
    return [
        {
            "name": name,
            "count": count,
            "width": 100.0 * count / most if most else 0.0,
            "many": _percent(count, total),
            "note": f"{count:,.0f}",
            "color": colors.get(name, ""),
        }
        for name, count in entries
    ]


def _percent(part: float, total: float) -> str:
    share = part / total if total else 0.0
    if part == 0:
        return "none"
    return f"{share:.0%}" if share >= 0.1 else f"{share:.1%}" if share >= 0.001 else "< 0.1%"


def _named(names: Names) -> list[dict[str, Any]]:
    ranked = [(name or "unnamed", count) for name, count in names.ranked()]
    return _rows(ranked, total_of(ranked))


def _poses(made: Numbers) -> dict[str, Any]:
    kept = made.poses.items()
    plots_of_angles = [
        (
            angle.name,
            plots.two_sides(made.angles[k], angle.sided, angle.limit, f"Histogram of the {angle.name.lower()}’s angle"),
            f"{angle.meaning}. Covered: {words.angle(made.angles[k], k)}.",
        )
        for k, angle in enumerate(ANGLES)
        if made.angles[k].any()
    ]
    plane = principal_plane(np.stack([pose.joints for pose in kept])) if kept else None
    ranked = [name for name, _ in Names.of(pose.element for pose in kept).ranked()]
    colored = ranked[:_COLORED]
    groups = np.array([colored.index(pose.element) if pose.element in colored else -1 for pose in kept], dtype=int)
    legend = list(zip(colored, plots.CATEGORIES, strict=False))
    if len(ranked) > _COLORED:
        legend.append((words.counted(len(ranked) - _COLORED, "other element"), plots.OTHERS))
    return {
        "pose_set": made.keypoint_set.name if made.keypoint_set else "",
        "angle_plots": _safe(plots_of_angles),
        "angle_words": words.REACH,
        "plane": plane and Markup(plots.embedding(plane, groups, "Scatter plot of poses along two principal axes")),
        "plane_words": words.embedding(made, plane, len(kept)),
        "plane_legend": legend,
        "along": plane and Markup(plots.figures_along(plane, "Stick figures along both principal axes")),
    }


def _safe(figures: Sequence[tuple[str, str, str]]) -> list[tuple[str, Markup, str]]:
    """Plots that may stand in the page as they are; titles and captions may not."""
    return [(title, Markup(svg), caption) for title, svg, caption in figures]


def _framing(made: Numbers) -> dict[str, Any]:
    shade = "color-mix(in srgb, var({}) {:.0f}%, var(--card))"
    legend = [
        (name, shade.format("--second" if name == "from below" else "--first", 100 * alpha))
        for name, _, _, alpha in plots.HEIGHTS
    ]
    coco = ((32.0, "small"), (96.0, "large"))
    return {
        "rose": Markup(plots.rose(made.views, "Directions of cameras around the skater")),
        "rose_words": words.views(made),
        "rose_legend": legend,
        "elevations": Markup(
            plots.bars(
                made.elevations,
                "degrees above the skater’s middle",
                about="Elevations of cameras",
                marks=[(0.0, "level")],
                size=(4.6, 3.6),
            )
        ),
        "elevation_words": words.elevations(made),
        "heights": Markup(
            plots.bars(made.heights, "pixels", about="Heights of skaters in pixels", marks=coco, logarithmic=True)
        ),
        "height_words": words.sizes(made),
        "distances": _bars(made.distances, "metres from the camera", "Distances of skaters"),
        "distance_words": words.distances(made),
        "fractions": _bars(made.fractions, "visible fraction", "Visible fractions of skaters"),
        "fraction_words": words.fractions(made),
        "places": Markup(plots.heat(made.places, "Where in the picture skaters are")),
        "place_words": words.places(made),
        "together": _rows(
            [(words.counted(int(n), "skater"), count) for n, count in sorted(made.together.ranked(), key=_by_number)],
            made.pictures,
        ),
        "roles": _named(made.people),
    }


def _by_number(entry: tuple[str, int]) -> int:
    return int(entry[0]) if entry[0].isdecimal() else 0


def _bars(histogram: Histogram, label: str, about: str, marks: Sequence[tuple[float, str]] = ()) -> Markup:
    return Markup(plots.bars(histogram, label, about=about, marks=marks))


def _points(made: Numbers) -> dict[str, Any]:
    sets = []
    # The set that poses are from stands open above the others.
    first = made.keypoint_set.name if made.keypoint_set else ""
    for name in sorted(made.causes, key=lambda name: (name != first, list(KEYPOINT_SETS).index(name))):
        counts = made.causes[name]
        sets.append(
            {
                "name": name,
                "visible": f"{counts[:, int(Cause.VISIBLE)].sum() / max(int(counts.sum()), 1):.0%}",
                "points": [
                    _point_row(point, row) for point, row in zip(KEYPOINT_SETS[name].points, counts, strict=True)
                ],
            }
        )
    return {
        "visibility_words": words.visibility(made),
        "point_sets": sets,
        "causes": [{"name": words.cause_words(cause), "color": CAUSE_COLORS[cause]} for cause in Cause],
    }


def _point_row(point: str, counts: np.ndarray) -> dict[str, Any]:
    total = max(int(counts.sum()), 1)
    shares = {cause: int(counts[cause]) / total for cause in Cause if counts[cause]}
    return {
        "name": point,
        "parts": [{"width": 100.0 * share, "color": CAUSE_COLORS[cause]} for cause, share in shares.items()],
        "many": f"{shares.get(Cause.VISIBLE, 0.0):.0%}",
        "note": f"{point}: " + ", ".join(f"{words.cause_words(cause)} {share:.1%}" for cause, share in shares.items()),
    }


def _classes(made: Numbers) -> dict[str, Any]:
    left, right = (
        sum(int(made.body[c.index]) for c in BODY_PARTS if c.name.startswith(side)) for side in ("left_", "right_")
    )
    return {
        "body": _class_rows(BODY_PARTS, made.body, made.body_in, made.pictures),
        "parts": _part_rows(made.parts),
        "body_words": f"Pixels of left limbs to those of right ones: {left / max(right, 1):.2f}.",
        "clothes": _class_rows(CLOTHES, made.clothes, made.clothes_in, made.pictures),
    }


def _part_rows(parts: np.ndarray) -> list[dict[str, Any]]:
    """Of each body part how much is seen of it on average, the least first; parts (classes, 2) as in `Numbers`."""
    told = [(entry, *parts[entry.index].tolist()) for entry in BODY_PARTS[1:] if parts[entry.index, 1]]
    return [
        {
            "name": entry.name.replace("_", " "),
            "count": round(count),
            "width": 100.0 * total / count,
            "many": f"{total / count:.0%}",
            "note": f"of {count:,.0f} skaters in pictures",
            "color": hex_of(entry.color),
        }
        for entry, total, count in sorted(told, key=lambda row: (row[1] / row[2], row[0].index))
    ]


def _class_rows(
    table: Sequence[LabelClass], pixels: np.ndarray, pictures: np.ndarray, total: int
) -> list[dict[str, Any]]:
    on_people = int(pixels[1:].sum())
    if not on_people:
        return []
    order = sorted(table[1:], key=lambda entry: (-int(pixels[entry.index]), entry.index))
    rows = _rows([(entry.name.replace("_", " "), int(pixels[entry.index])) for entry in order], on_people)
    for row, entry in zip(rows, order, strict=True):
        row["color"] = hex_of(entry.color)
        row["note"] = f"{int(pixels[entry.index]):,} pixels in {int(pictures[entry.index]):,} pictures"
        if row["count"]:
            row["many"] += f" · {pictures[entry.index] / max(total, 1):.0%}"
    return rows


def _people(made: Numbers) -> dict[str, Any]:
    looks = made.looks.items()
    skin = [entry.skin for entry in looks if entry.skin is not None]
    counts = band_counts(skin)
    names = {
        "gender": ("Gender", "0 female, 1 male"), "age": ("Age", "0 baby, 0.19 child, 0.5 young, 1 old"),
        "weight": ("Weight", "0 light, 1 heavy"), "muscle": ("Muscle", "0 little, 1 much"),
        "african": ("African", "share of it in face and body"), "asian": ("Asian", "share of it in face and body"),
        "caucasian": ("Caucasian", "share of it in face and body"),
    }  # fmt: skip
    phenotypes = [
        (
            title,
            plots.bars(made.phenotypes[key], "", about=f"Histogram of {title.lower()}", size=(3.1, 1.55), whole=True),
            caption,
        )
        for key, (title, caption) in names.items()
        if made.phenotypes[key].total
    ]
    told = words.counted(made.persons, "different skater")
    return {
        "people_words": f"{told}, each counted once however many pictures show them"
        + (f"; colours are of {len(looks)} chosen by lot." if len(looks) < made.persons else "."),
        "skin": [screen_color(tone) for tone in _by_lightness(skin)],
        "bands": _rows([(band.name, int(count)) for band, count in zip(BANDS, counts, strict=True)], len(skin)),
        "hair_colors": [screen_color(tone) for tone in _by_lightness([e.hair for e in looks if e.hair is not None])],
        "eye_colors": [screen_color(tone) for tone in _by_lightness([e.eyes for e in looks if e.eyes is not None])],
        "hair": _named(made.hair),
        "garments": _rows([(name or "unnamed", n) for name, n in made.garments.ranked()], made.persons),
        "body_plots": _safe(
            [
                (
                    "Stature",
                    plots.bars(made.statures, "metres", about="Histogram of statures", size=(3.1, 1.55)),
                    words.statures(made),
                ),
                *phenotypes,
            ]
            if made.statures.total
            else phenotypes
        ),
    }


def _by_lightness(tones: Sequence[np.ndarray]) -> list[np.ndarray]:
    return sorted(tones, key=lambda tone: (-float(tone @ (0.2126, 0.7152, 0.0722)), tone.tolist()))


def _surroundings(made: Numbers) -> dict[str, Any]:
    return {
        "elements": _named(made.elements),
        "kinds": _named(made.kinds),
        "takes": _named(made.takes),
        "cameras": _named(made.cameras),
        "profiles": _named(made.profiles),
        "rinks": _named(made.rinks),
        "lights": _named(made.lights),
        "splits": _named(made.splits),
        "picture_sizes": _named(made.sizes),
        "color_words": words.colors(made),
        "fields_of_view": _bars(made.fields_of_view, "degrees", "Fields of view of cameras"),
        "brightness": _bars(made.brightness, "mean grey", "Brightness of pictures"),
    }


def _rendering(made: Numbers) -> dict[str, Any]:
    run = made.run
    rendered, took = number(run, "pictures_rendered"), number(run, "seconds")
    lines = [
        ("Pictures rendered", f"{rendered:,.0f}" if rendered >= 0.0 else ""),
        ("Whole run", words.seconds(took) if took >= 0.0 else ""),
        ("Middle picture", _each(number(run, "seconds_per_picture_median"))),
        ("Workers", f"{workers:g}" if (workers := number(run, "workers")) >= 0.0 else ""),
        *((name.capitalize(), text(run, "machine", name)) for name in ("system", "processor", "python")),
        ("Cores", f"{cores:g}" if (cores := number(run, "machine", "cores")) >= 0.0 else ""),
        ("Finished", text(run, "finished")),
    ]
    of_pictures = Histogram(2.0 ** np.linspace(-8.0, 12.0, 81))
    clips = run.get("clips")
    for seconds in clips.values() if isinstance(clips, dict) else ():
        of_pictures.add([value for value in map(number, seconds) if value > 0.0] if isinstance(seconds, list) else [])
    each = took / rendered if rendered > 0.0 and took >= 0.0 else float("nan")
    return {
        "run": [(name, value[: 4 * MOST_LETTERS]) for name, value in lines if value],
        "run_words": f"{_each(each) or 'An unknown time'} of wall time per picture, start and clips’ set-up included.",
        "seconds": of_pictures.total
        and Markup(plots.bars(of_pictures, "seconds", about="Seconds per picture", logarithmic=True)),
        "seconds_words": words.times(of_pictures),
        "job": made.job[:40_000],
    }


def _each(value: float) -> str:
    return words.seconds(value) if value >= 0.0 else ""
