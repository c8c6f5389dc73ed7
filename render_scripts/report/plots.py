"""Plots as SVG that takes the page's font and colours, so that it is at home in light and dark. No bpy.

matplotlib draws; text stays text. Where there are more dots than an SVG should hold, they become a picture inside it.
Nothing that a data set says is ever given to matplotlib: names stand in the page, beside the plots.
"""

from __future__ import annotations

import hashlib
import html
import io
import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from matplotlib.projections.polar import PolarAxes
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator

from render_scripts.report.accumulate import Histogram
from render_scripts.report.poses import LIMBS, Plane

# Stand-ins that `_svg` turns into the page's own colours.
INK, SOFT, RULE, FIRST, SECOND, SHADE = "#010203", "#010204", "#010205", "#010206", "#010207", "#010208"
_VARIABLES = {INK: "--ink", SOFT: "--soft", RULE: "--rule", FIRST: "--first", SECOND: "--second", SHADE: "--shade"}
# Told apart by most people with weak colour vision, on white and on black (after Okabe and Ito, 2008).
CATEGORIES = ("#2f7ed8", "#e69f00", "#009e73", "#d55e8f", "#8f6bd1", "#d55e00", "#4fb3c9", "#a3a500")
OTHERS = "#8a929c"
# Elevations of cameras, from below: name, from, to in degrees, and how dark.
HEIGHTS: tuple[tuple[str, float, float, float], ...] = (
    ("from below", -90.0, 0.0, 0.30),
    ("0–10°", 0.0, 10.0, 1.0),
    ("10–30°", 10.0, 30.0, 0.7),
    ("over 30°", 30.0, 90.0, 0.45),
)
# Dots beyond which a scatter becomes a picture.
MOST_VECTORS = 400

_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "skatesynth",
    "font.size": 9.0,
    "axes.edgecolor": RULE,
    "axes.labelcolor": SOFT,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": RULE,
    "ytick.color": RULE,
    "xtick.labelcolor": SOFT,
    "ytick.labelcolor": SOFT,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "savefig.transparent": True,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
}


def bars(
    histogram: Histogram,
    label: str,
    *,
    about: str,
    marks: Sequence[tuple[float, str]] = (),
    logarithmic: bool = False,
    size: tuple[float, float] = (3.9, 2.1),
    whole: bool = False,
) -> str:
    """A histogram as shares in percent.

    Args:
        histogram: counted numbers.
        label: of the numbers' axis, with the unit.
        about: what a screen reader says.
        marks: places on the axis with a word each.
        logarithmic: edges grow by a factor; ticks are at powers of two.
        size: inches.
        whole: the axis shows all bins, not only the part where something is.
    """
    with _style():
        axes = _framed(size, bottom=0.44 if label else 0.26)
        shares = 100.0 * histogram.counts / max(histogram.total, 1)
        if logarithmic:
            axes.set_xscale("log", base=2)
            axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axes.stairs(shares, histogram.edges, fill=True, color=FIRST, alpha=0.85)
        low, high = (float(x) for x in histogram.edges[[0, -1]]) if whole else _extent(histogram)
        if logarithmic:
            # Whole octaves, two at least.
            low, high = 2.0 ** np.floor(np.log2(low)), 2.0 ** np.ceil(np.log2(high))
            low = min(low, high / 4.0)
            axes.xaxis.set_major_locator(FixedLocator(list(2.0 ** np.arange(-8, 14))))
            axes.xaxis.set_minor_locator(NullLocator())
        else:
            axes.xaxis.set_major_locator(MaxNLocator(6))
        axes.set_xlim(low, high)
        top = float(shares.max(initial=0.0)) or 1.0
        axes.set_ylim(0.0, top * (1.22 if marks else 1.06))
        for k, (value, word) in enumerate(marks):
            if low < value < high:
                axes.axvline(value, color=SECOND, linewidth=1.2, linestyle=(0, (3, 2)))
                # Of two marks the words stand outside, so that they never meet.
                right = k == 0 and len(marks) > 1
                axes.annotate(
                    word,
                    (value, top * 1.2),
                    xytext=(-4 if right else 4, 0),
                    textcoords="offset points",
                    ha="right" if right else "left",
                    va="top",
                    fontsize=8.5,
                    color=INK,
                )
        _percent(axes)
        axes.set_xlabel(label)
        return _svg(axes, about)


def _extent(histogram: Histogram) -> tuple[float, float]:
    """The part of the axis where there is something, and a bin on either side."""
    there = np.flatnonzero(histogram.counts)
    if not len(there):
        return float(histogram.edges[0]), float(histogram.edges[-1])
    first, last = max(int(there[0]) - 1, 0), min(int(there[-1]) + 2, len(histogram.edges) - 1)
    return float(histogram.edges[first]), float(histogram.edges[last])


def two_sides(counts: np.ndarray, sided: bool, limit: float, about: str) -> str:
    """An angle's histogram (2, 36), left filled and right as a line; shaded where no average body gets to."""
    with _style():
        axes = _framed((3.5, 1.7), bottom=0.26)
        shares = 100.0 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        edges = np.linspace(0.0, 180.0, counts.shape[1] + 1)
        axes.stairs(shares[0], edges, fill=True, color=FIRST, alpha=0.8 if sided else 0.85)
        if sided:
            axes.stairs(shares[1], edges, color=SECOND, linewidth=1.5)
        if limit < 180.0:
            axes.axvspan(limit, 180.0, color=SHADE, alpha=0.6, linewidth=0)
        axes.set_xlim(0.0, 180.0)
        axes.set_xticks([0, 45, 90, 135, 180], ["0°", "45°", "90°", "135°", "180°"])
        axes.set_ylim(0.0, (float(shares.max(initial=0.0)) or 1.0) * 1.08)
        _percent(axes)
        return _svg(axes, about)


def rose(views: np.ndarray, about: str) -> str:
    """Where cameras are about the skater, who looks up the page, from above; (A, E) counts, shades are elevations."""
    with _style():
        axes = Figure(figsize=(4.0, 4.0)).add_axes((0.12, 0.08, 0.76, 0.84), projection="polar")
        assert isinstance(axes, PolarAxes)
        axes.set_theta_zero_location("N")
        azimuths, elevations = views.shape
        middles = np.arange(azimuths) * 2.0 * np.pi / azimuths
        degrees = (np.arange(elevations) + 0.5) * 180.0 / elevations - 90.0
        total = max(int(views.sum()), 1)
        bottom = np.zeros(azimuths)
        for name, low, high, alpha in HEIGHTS:
            part = 100.0 * views[:, (degrees >= low) & (degrees < high)].sum(axis=1) / total
            color = SECOND if name == "from below" else FIRST
            axes.bar(middles, part, width=2.0 * np.pi / azimuths * 0.92, bottom=bottom, color=color, alpha=alpha)
            bottom += part
        axes.set_xticks(np.arange(8) * np.pi / 4, ["front", "", "left", "", "back", "", "right", ""], fontsize=9.5)
        axes.tick_params(axis="x", labelcolor=INK, pad=1)
        axes.set_ylim(0.0, (float(bottom.max()) or 1.0) * 1.05)
        axes.yaxis.set_major_locator(MaxNLocator(3))
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}%" if value else "")
        axes.set_axisbelow(True)
        axes.set_rlabel_position(22.5)
        axes.grid(color=RULE, linewidth=0.7)
        axes.spines["polar"].set_color(RULE)
        return _svg(axes, about)


def heat(counts: np.ndarray, about: str) -> str:
    """How often something was where in the picture: (R, C) counts, the fullest cell in full colour."""
    with _style():
        axes = Figure(figsize=(3.6, 2.5)).add_axes((0.02, 0.02, 0.96, 0.96))
        shades = LinearSegmentedColormap.from_list("presence", [(0.18, 0.49, 0.85, 0.0), (0.18, 0.49, 0.85, 1.0)])
        most = max(int(counts.max()), 1)
        axes.imshow((counts / most) ** 0.6, cmap=shades, vmin=0.0, vmax=1.0, extent=(0, 16, 10, 0), aspect="auto")
        axes.set_xticks([8], [""])
        axes.set_yticks([5], [""])
        axes.tick_params(length=0)
        axes.grid(color=RULE, linewidth=0.7)
        for spine in axes.spines.values():
            spine.set_visible(True)
        return _svg(axes, about)


def embedding(plane: Plane, groups: np.ndarray, about: str) -> str:
    """Poses along their two main axes, in standard deviations; `groups` (N,) is −1 or a number of `CATEGORIES`."""
    with _style():
        axes = _framed((5.2, 4.2), left=0.75, bottom=0.5)
        colors = np.array([*CATEGORIES, OTHERS])[groups]
        places = plane.places / np.maximum(plane.spread, 1e-9)
        size = float(np.clip(6000.0 / len(places), 8.0, 34.0))
        axes.scatter(
            places[:, 0], places[:, 1], s=size, c=colors.tolist(), alpha=0.75, linewidths=0,
            rasterized=len(places) > MOST_VECTORS,
        )  # fmt: skip
        axes.set_xlabel(f"first axis, {plane.shares[0]:.0%} of the variance")
        axes.set_ylabel(f"second axis, {plane.shares[1]:.0%}")
        axes.xaxis.set_major_formatter(_sigma)
        axes.yaxis.set_major_formatter(_sigma)
        axes.axhline(0.0, color=RULE, linewidth=0.8, zorder=0)
        axes.axvline(0.0, color=RULE, linewidth=0.8, zorder=0)
        return _svg(axes, about)


def _sigma(value: float, _: object) -> str:
    return f"{value:+g} σ".replace("-", "−") if value else "mean"


def figures_along(plane: Plane, about: str) -> str:
    """The mean pose moved along each axis by −2 to 2 standard deviations, seen from the front and the side."""
    steps = (-2.0, -1.0, 0.0, 1.0, 2.0)
    with _style():
        figure = Figure(figsize=(5.2, 3.9))
        for k in range(2):
            axes = figure.add_axes((0.02, 0.5 * (1 - k), 0.96, 0.45))
            for column, step in enumerate(steps):
                joints = plane.mean + step * plane.spread[k] * plane.axes[k]
                # Turned by 35° from the front, so that both raised and stretched limbs are seen.
                across = joints[:, 0] * np.cos(0.6) - joints[:, 1] * np.sin(0.6)
                spots = np.column_stack((-across + 3.4 * column, joints[:, 2]))
                left = [bool(a % 2 == 0 and b % 2 == 0) for a, b in LIMBS]
                lines = LineCollection(
                    [(spots[a], spots[b]) for a, b in LIMBS],
                    colors=[
                        FIRST if is_left else SECOND if a % 2 and b % 2 else INK
                        for is_left, (a, b) in zip(left, LIMBS, strict=True)
                    ],
                    linewidths=2.0,
                    capstyle="round",
                )
                axes.add_collection(lines)
                # No joint of the head is among the twelve; a circle where it would be lets people see a person.
                neck, hips = spots[:2].mean(axis=0), spots[6:8].mean(axis=0)
                head = neck + 0.42 * (neck - hips)
                axes.add_patch(Circle((float(head[0]), float(head[1])), 0.22, fill=False, edgecolor=INK, linewidth=1.6))
                word = "mean" if step == 0.0 else _sigma(step, None)
                axes.text(3.4 * column, -2.75, word, ha="center", va="top", fontsize=8.5, color=SOFT)
            axes.set_title("First axis" if k == 0 else "Second axis", loc="left", fontsize=9.5, color=INK)
            axes.set_xlim(-1.8, 3.4 * 4 + 1.8)
            axes.set_ylim(-3.2, 2.4)
            axes.set_aspect("equal")
            axes.axis("off")
        return _svg(axes, about)


def _percent(axes: Axes) -> None:
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}%" if value else "")
    axes.locator_params(axis="y", nbins=4)
    axes.grid(axis="y", color=RULE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _style() -> AbstractContextManager[None]:
    """matplotlib's own settings and ours, whatever those of the user are."""
    plain: dict[str, Any] = {key: value for key, value in mpl.rcParamsDefault.items() if not key.startswith("backend")}
    settings: Any = plain | _STYLE
    return mpl.rc_context(settings)


def _framed(size: tuple[float, float], *, left: float = 0.46, bottom: float) -> Axes:
    """Axes in a new figure with margins in inches: those that fit themselves to the text take twice the time."""
    width, height = size
    box = (left / width, bottom / height, 1.0 - (left + 0.16) / width, 1.0 - (bottom + 0.08) / height)
    return Figure(figsize=size).add_axes(box)


def _svg(axes: Axes, about: str) -> str:
    """The figure as an element of a page: no size, font and colours of its own, and the same bytes each time."""
    out = io.StringIO()
    figure = axes.get_figure(root=True)
    assert figure is not None
    figure.savefig(out, format="svg", dpi=130, metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    # A style of matplotlib's for everything, which would be for the whole page.
    text = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r'<g id="[^"]*">', "<g>", text)
    text = re.sub(r"font-family: [^;\"]*;? ?", "", text)
    text = re.sub(r' transform="rotate\(-0 [^"]*"', "", text)
    for color, variable in _VARIABLES.items():
        text = text.replace(color, f"var({variable})")
    # Marks and clips have names that differ between versions of numpy. Here: the plot, and a number in it.
    for number, name in enumerate(dict.fromkeys(re.findall(r'id="([^"]+)"', text))):
        text = re.sub(rf'(id="|href="#|url\(#){re.escape(name)}(["\)])', rf"\g<1>-{number}\g<2>", text)
    own = hashlib.sha256(text.encode()).hexdigest()[:6]
    text = re.sub(r'(id="|href="#|url\(#)-', rf"\g<1>p{own}-", text)
    width, height = (72.0 * inches for inches in figure.get_size_inches())
    head = (
        f'<svg class="plot" role="img" aria-label="{html.escape(about)}" viewBox="0 0 {width:g} {height:g}"'
        f' style="max-width:{width * 4 / 3:.0f}px">'
    )
    return head + re.sub(r"\s*\n\s*", "\n", text[text.index(">") + 1 :]).strip()
