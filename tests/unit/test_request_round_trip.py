"""Job files of every kind, opened in the panel, one field changed, saved and loaded: only that has changed."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import yaml
from hypothesis import assume, given, settings

from blender_addon.ui.request import JobFile, Request, job_of, job_text, opened
from blender_addon.ui.request.rewrite import rewrite
from mocap.errors import UserError
from render_scripts.job import read_job

FILE = Path("/jobs/mine/axel.yaml")

# Fields of the panel: what they may be, and which keys of a job may change with them.
FIELDS: dict[tuple[str, str], tuple[st.SearchStrategy[Any], set[str]]] = {
    ("take", "source"): (st.sampled_from(["demo", "element"]), {"motions"}),
    ("skater", "count"): (st.integers(1, 4), {"skaters"}),
    ("skater", "sex"): (st.sampled_from(["any", "female", "male"]), {"skaters"}),
    ("skater", "outfit"): (st.sampled_from(["any", "dress", "random"]), {"skaters"}),
    ("skater", "hair"): (st.sampled_from(["any", "bun"]), {"skaters"}),
    ("skater", "melanin"): (st.sampled_from(["any", "given"]), {"skaters"}),
    ("retarget", "place"): (st.sampled_from(["drawn", "recorded", "spot"]), {"skaters"}),
    ("retarget", "mirror"): (st.booleans(), {"augment"}),
    ("surroundings", "preset"): (st.sampled_from(["clean", "default", "wild"]), {"scene"}),
    ("surroundings", "rink"): (st.sampled_from(["any", "arena", "outdoor"]), {"scene"}),
    ("surroundings", "strength"): (st.sampled_from(["any", "given"]), {"scene"}),
    ("surroundings", "spectators"): (st.integers(0, 50), {"crowd"}),
    ("surroundings", "coaches"): (st.integers(0, 3), {"coaches"}),
    ("cameras", "set"): (st.sampled_from(["pair", "gopro", "ring"]), {"cameras"}),
    ("cameras", "size"): (st.integers(16, 2000), {"cameras"}),
    ("cameras", "follow"): (st.sampled_from(["any", "pan"]), {"scene"}),
    ("labels", "keypoints"): (st.sampled_from([("coco_17",), ("body_25", "skate")]), {"labels"}),
    ("labels", "amodal"): (st.booleans(), {"labels"}),
    ("output", "out"): (st.sampled_from(["/jobs/mine/new", "/else/new"]), {"out"}),
    ("output", "clips"): (st.integers(1, 99), {"clips"}),
    ("output", "frames"): (st.sampled_from(["spread", "window", "whole"]), {"frames"}),
    ("output", "quality"): (st.sampled_from(["draft", "standard", "final"]), {"render"}),
    ("output", "split"): (st.sampled_from(["train", "three"]), {"output"}),
    ("output", "seed"): (st.integers(0, 2**31 - 1), {"seed"}),
}
SHARE = st.sampled_from([0, 0.25, 1, [0.2, 0.5], {"choice": [0.1, 0.9]}, {"normal": [0.5, 0.2]}])
PLACEMENT = st.sampled_from(
    [
        {},
        {"root": "in_place"},
        {"x": 0, "y": 0, "heading": 30},
        {"x": [-3, 3]},
        {"path": [[0, 0], [5.5, 0]], "pace": 3, "facing": "against"},
    ]
)


def some(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A block with any of the keys."""
    return st.fixed_dictionaries({}, optional=keys)


MOTIONS = st.lists(
    st.sampled_from(
        [
            {"take": "demo", "end": 5.5},
            {"take": "takes/a b.bvh", "joint_map": "m.yaml"},
            {"element": "axel"},
            {"start": 1},
        ]
    ),
    min_size=1,
    max_size=2,
)
SKATERS = st.lists(
    some(
        count=st.sampled_from([1, 2, [1, 3]]),
        age=st.sampled_from([12, [9, 14], {"choice": [9, 30]}]),
        phenotype=some(gender=SHARE, muscle=SHARE),
        skin=st.one_of(st.just("#c08060"), some(melanin=SHARE, freckles=SHARE)),
        hair=st.one_of(st.just({"choice": ["#3f271a", "#000000"]}), some(style=st.just("bun"), length=SHARE)),
        outfit=st.sampled_from(["dress", {"choice": ["dress", "training"], "weights": [3, 1]}]),
        garments=st.sampled_from([{"skirt": "none"}, {"gloves": {"share": 0.3, "color": "#131314"}}]),
        placement=PLACEMENT,
        character=st.just("anna, the second.blend"),
    ),
    min_size=1,
    max_size=2,
)
CAMERAS = st.sampled_from(
    [
        [{"name": "phone"}, {"name": "stand", "profile": "broadcast", "fill": [0.5, 0.6]}],
        [{"name": "gopro", "profile": "gopro", "size": 320}],
        [
            {
                "name": "mine",
                "profile": {"choice": ["phone", "phone-portrait"]},
                "width": 64,
                "height": 48,
                "follow": "pan",
            }
        ],
    ]
)
JOBS = some(
    seed=st.integers(0, 2**63 - 1),
    out=st.sampled_from(["data", "../elsewhere/data", "/abs/data"]),
    clips=st.integers(1, 50),
    motions=MOTIONS,
    frames=some(count=st.integers(1, 99), fps=st.sampled_from([25, 29.97])),
    augment=some(mirror=st.sampled_from([0, 0.5, 1]), noise=st.just([0, 2])),
    skaters=SKATERS,
    coaches=some(count=st.sampled_from([1, [0, 2]]), eyes=st.just("#6f8698")),
    crowd=some(spectators=st.sampled_from([3, [0, 9]]), kinds=st.just(3)),
    cameras=CAMERAS,
    scene=some(
        preset=st.sampled_from(["clean", "wild"]),
        rink=some(kind=st.sampled_from(["arena", {"choice": ["arena", "training"]}]), ice=st.just("#e8f0f4")),
        light=some(strength=SHARE.filter(lambda share: share != 0)),
        camera=some(shake=SHARE, motion_blur=st.sampled_from([0, 0.4, 1]), follow=st.just("walk")),
    ),
    render=some(quality=st.sampled_from(["draft", "final"]), samples=st.integers(1, 64)),
    labels=some(keypoints=st.sampled_from([["body_25"], ["skate", "body_25"]]), normal=st.booleans()),
    output=some(split=st.sampled_from(["train", {"train": 3, "test": 1}]), shard_size=st.just(7)),
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A job file: in lines, in brackets or mixed, with comments here and there, with either end of line."""
    data = draw(JOBS)
    style = draw(st.sampled_from([None, False, True]))
    text = yaml.safe_dump(
        data or {"version": 1}, sort_keys=False, default_flow_style=style, width=draw(st.sampled_from([60, 999]))
    )
    if style is False or style is None:
        lines = text.splitlines()
        for place in draw(st.lists(st.integers(0, len(lines) - 1), max_size=4)):
            # A word that goes on in the next line would end at a comment.
            if (
                not lines[place].endswith((",", " "))
                and "#" not in lines[place]
                and lines[place].count("[") == lines[place].count("]")
            ):
                lines[place] += draw(st.sampled_from(["  # why", " #: {x", "      # – ü"]))
        text = "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n# the end\n"]))
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@given(text=texts(), field=st.sampled_from(sorted(FIELDS)), data=st.data())
@settings(max_examples=100, deadline=None)
def test_one_changed_field_changes_that_alone(text: str, field: tuple[str, str], data: st.DataObject) -> None:
    try:
        before = read_job(text, FILE)
    except UserError:
        assume(False)
    shown = opened(JobFile(text, str(FILE)))
    assert job_text(shown.request, FILE) == text
    step, name = field
    values, places = FIELDS[field]
    changed = _but(shown.request, step, name, data.draw(values))
    saved = job_text(changed, FILE)
    if name in shown.kept[step] or changed == shown.request:
        assert saved == text
        return
    try:
        after = read_job(saved, FILE)
    except UserError:
        # Another preset or rink may not go with the rest; the panel then says so.
        assert job_of_raises(changed)
        return
    assert {key for key in type(after).model_fields if getattr(after, key) != getattr(before, key)} <= places
    again = opened(JobFile(saved, str(FILE)))
    shown_then, shown_now = (getattr(getattr(of, step), name) for of in (changed, again.request))
    # Keypoint sets that stay keep the order that the file has.
    assert shown_now == shown_then or (name == "keypoints" and set(shown_now) == set(shown_then))
    assert job_text(again.request, FILE) == saved


@given(text=texts())
@settings(max_examples=40, deadline=None)
def test_a_file_that_is_saved_elsewhere_is_the_same_job(text: str) -> None:
    try:
        before = read_job(text, FILE)
    except UserError:
        assume(False)
    there = Path("/jobs/other/deep/lutz.yaml")
    moved = read_job(job_text(opened(JobFile(text, str(FILE))).request, there), there)
    assert _plain(moved.model_dump(mode="json")) == _plain(before.model_dump(mode="json"))


PLAIN = st.recursive(
    st.one_of(
        st.integers(-5, 5), st.booleans(), st.sampled_from(["a", "b: c", "#x", "", "yes", "- x", "1e3"]), st.none()
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["k", "l m", "no", "#"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    old=st.dictionaries(st.sampled_from("abcd"), PLAIN, min_size=1),
    new=st.dictionaries(st.sampled_from("abcd"), PLAIN),
    style=st.sampled_from([None, False, True]),
)
@settings(max_examples=150, deadline=None)
def test_any_text_can_be_made_to_hold_anything(old: dict[str, Any], new: dict[str, Any], style: bool | None) -> None:
    text = yaml.safe_dump(old, default_flow_style=style)
    assert yaml.safe_load(rewrite(text, new, FILE)) == new


def _plain(value: Any) -> Any:
    """The same, no path of which goes up and down again."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return os.path.normpath(value) if isinstance(value, str) and value.startswith("/") else value


def _but(request: Request, step: str, name: str, value: Any) -> Request:
    return dataclasses.replace(request, **{step: dataclasses.replace(getattr(request, step), **{name: value})})


def job_of_raises(request: Request) -> bool:
    """Whether the panel's fields make no job."""
    try:
        job_of(request)
    except UserError:
        return True
    return False
