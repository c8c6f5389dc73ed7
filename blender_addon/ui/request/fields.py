"""What the panel's fields hold, one dataclass per step; their defaults are the panel's. Plain values, no bpy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from blender_addon.labels.dense import DEFAULT_LABELS

ANY = "any"
"""In place of a word that is left open: drawn anew for every clip."""

TRAIN_ONLY, THREE_WAYS = "train", "three"
SPLITS: Mapping[str, Mapping[str, float]] = {
    TRAIN_ONLY: {"train": 1.0},
    THREE_WAYS: {"train": 0.8, "val": 0.1, "test": 0.1},
}
"""Splits that the panel offers, by their shares."""

CAMERA_SETS: Mapping[str, tuple[str, str, tuple[tuple[str, str], ...]]] = {
    "pair": (
        "Phone and Broadcast",
        "A phone at the boards and a television camera in the stands",
        (("phone", "phone"), ("stand", "broadcast")),
    ),
    "phone": ("Phone", "A phone at the boards, held level", (("phone", "phone"),)),
    "portrait": ("Phone, Upright", "A phone at the boards, held upright", (("phone", "phone-portrait"),)),
    "gopro": ("GoPro", "A GoPro's wide fisheye, mostly carried by somebody who skates along", (("gopro", "gopro"),)),
    "stand": ("Broadcast", "A television camera in the stands", (("stand", "broadcast"),)),
    "tripod": (
        "Tripod",
        "A camera that stands still for analysis, the whole travel in its picture",
        (("tripod", "tripod"),),
    ),
    "ceiling": ("Ceiling", "A camera under the roof that stands still", (("ceiling", "ceiling"),)),
    "stereo": ("Stereo Pair", "Two parallel cameras, 28 cm apart", (("stereo", "stereo"),)),
    "ring": ("Ring of Four", "Four calibrated cameras all around the skater", (("ring", "ring"),)),
}
"""Sets of cameras that the panel offers: what it says, what its hint says, and each camera's name and profile."""

FRAME_CHOICES: Mapping[str, tuple[str, bool, bool]] = {
    "spread": ("Spread over the take", True, False),
    "window": ("One after another", True, True),
    "whole": ("The whole take", False, True),
}
"""Which frames of a take: what the panel says, whether it uses the count, whether it uses the rate."""

PLACES: Mapping[str, tuple[str, str]] = {
    "drawn": ("As Drawn", "In the middle of the rink, moved as far as other skaters and the boards ask for"),
    "recorded": ("As Recorded", "The middle of the recorded travel in the middle of the rink, turned by the heading"),
    "spot": ("On the Spot", "Every movement, but no travel over the ice"),
}
"""Where a skater moves: what the panel says, what its hint says."""

SWITCHES: Mapping[str, tuple[str, str]] = {
    "drawn": ("As Drawn", "Now and then, as the scene's kind has it"),
    "off": ("Off", "In no clip"),
    "on": ("On", "In every clip"),
}
"""Whether something shows: what the panel says, what its hint says."""


@dataclass(frozen=True)
class TakeFields:
    """The movement.

    Attributes:
        source: "demo", "recording" or "element".
        path: absolute path of a recording; subject: label of the person in a file of several, "" for the first.
        element: name of an authored element; joint_map: absolute path of the YAML for a foreign BVH, or "".
    """

    source: str = "recording"
    path: str = ""
    subject: str = ""
    element: str = "axel"
    joint_map: str = ""


@dataclass(frozen=True)
class SkaterFields:
    """Who skates. `ANY` where it is drawn.

    Attributes:
        draw: which of the job's clips the skater at hand is taken from.
        count: people on the ice; sex: `ANY`, "female" or "male".
        age_low, age_high: years; outfit, hair: names.
        melanin: `ANY` or "given", then `melanin_value` from 0 to 1.
    """

    draw: int = 0
    count: int = 1
    sex: str = ANY
    age_low: float = 10.0
    age_high: float = 25.0
    age: str = ANY
    outfit: str = ANY
    hair: str = ANY
    melanin: str = ANY
    melanin_value: float = 0.4


@dataclass(frozen=True)
class RetargetFields:
    """How the movement goes onto the skater and the ice.

    Attributes:
        place: key of `PLACES`; heading: degrees, where the place is not as drawn.
        mirror: whether left and right are exchanged.
        path: points (m) on the ice to skate along, in place of `place`; empty for none.
    """

    place: str = "drawn"
    heading: float = 0.0
    mirror: bool = False
    path: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class SurroundingsFields:
    """Rink, light, and the people around. `ANY` where it is drawn.

    Attributes:
        draw: which of the job's clips the surroundings at hand are taken from.
        preset: how much all varies that is left open.
        rink, plan, light: names; strength: `ANY` or "given", then `strength_value` times the usual power.
        spectators, coaches: how many.
    """

    draw: int = 0
    preset: str = "default"
    rink: str = ANY
    plan: str = ANY
    light: str = ANY
    strength: str = ANY
    strength_value: float = 1.0
    spectators: int = 0
    coaches: int = 0


@dataclass(frozen=True)
class CamerasFields:
    """Who films.

    Attributes:
        draw: which of the job's clips the cameras at hand are taken from.
        set: key of `CAMERA_SETS`; follow: a name or `ANY`; size: pixels of a picture's longer side.
        motion_blur, depth_of_field: keys of `SWITCHES`.
    """

    draw: int = 0
    set: str = "pair"
    follow: str = ANY
    size: int = 640
    motion_blur: str = "drawn"
    depth_of_field: str = "drawn"


@dataclass(frozen=True)
class LabelsFields:
    """What is written besides masks and pictures: names of keypoint sets and of dense labels; whole silhouettes."""

    keypoints: tuple[str, ...] = ("body_25",)
    dense: tuple[str, ...] = DEFAULT_LABELS
    amodal: bool = False


@dataclass(frozen=True)
class OutputFields:
    """What is made, and where to.

    Attributes:
        out: absolute path of the data set's folder.
        clips: how many; frames: key of `FRAME_CHOICES`; count: frames of a clip; fps: frames per second.
        quality, device, rgb: as in a job; split: key of `SPLITS`.
    """

    out: str = ""
    clips: int = 1
    frames: str = "spread"
    count: int = 24
    fps: float = 25.0
    quality: str = "draft"
    device: str = "auto"
    split: str = TRAIN_ONLY
    rgb: str = "png"
    seed: int = 0


@dataclass(frozen=True)
class JobFile:
    """The job file that was opened: its text as it was, and its absolute path. Empty: none was."""

    text: str = ""
    path: str = ""


@dataclass(frozen=True)
class Request:
    """All that the panel says, and the job file that it goes out from."""

    take: TakeFields = TakeFields()
    skater: SkaterFields = SkaterFields()
    retarget: RetargetFields = RetargetFields()
    surroundings: SurroundingsFields = SurroundingsFields()
    cameras: CamerasFields = CamerasFields()
    labels: LabelsFields = LabelsFields()
    output: OutputFields = OutputFields()
    file: JobFile = JobFile()
