"""Who is in a clip and what they do: body, looks, clothes, movement, place. Plain values, as all of a clip. No bpy."""

from __future__ import annotations

from dataclasses import dataclass, field

from blender_addon.color import Color

DEMO = "demo"
"""In place of a recording's path: the authored take that the project carries."""

BY_HAND = "by hand"
"""In place of a recording's path: posed in Blender, of no recording."""

ROLES = ("skater", "coach", "spectator")


@dataclass(frozen=True)
class MotionSpec:
    """Which movement, which part of it, and what was changed in it.

    Attributes:
        take: path of a recording, or `DEMO`; does not count where an element is named. In a scene that was handed
            over `BY_HAND`, too.
        subject: label of the person in a file of several; None takes the first.
        joint_map: path of the YAML that says what the joints of a foreign BVH are; None for MVN's own files.
        element: name of an authored element (`mocap.elements.library`), in place of a recording.
        parameters: of the element, by name.
        start: seconds into the movement, at the speed given, of the clip's first frame.
        speed: how many times as fast as recorded it is played.
        mirror: whether left and right are exchanged.
        noise: degrees (standard deviation) by which every joint is off.
        seed: of that noise.
    """

    take: str = DEMO
    subject: str | None = None
    joint_map: str | None = None
    element: str | None = None
    parameters: dict[str, float] = field(default_factory=dict)
    start: float = 0.0
    speed: float = 1.0
    mirror: bool = False
    noise: float = 0.0
    seed: int = 0


@dataclass(frozen=True)
class PlacementSpec:
    """Where the clip's travel lies on the rink, and whose travel it is.

    Attributes:
        x, y: the middle of its bounding box (m); heading: a turn (rad) about the vertical. Not where a path is given.
        root: "recorded" travels as the take does, "in_place" stays on the spot, "path" follows the path.
        path: points (m) on the rink of the curve that the skater follows, from the clip's first frame on.
        pace: metres per second along the path; 0 spreads it over the clip.
        facing: "along" the path, "against" it (skating backward), or as "recorded".
        yields: whether it may be moved and turned as a whole so that people do not run into each other or the boards.
    """

    x: float = 0.0
    y: float = 0.0
    heading: float = 0.0
    root: str = "recorded"
    path: tuple[tuple[float, float], ...] = ()
    pace: float = 0.0
    facing: str = "along"
    yields: bool = False


@dataclass(frozen=True)
class SkinSpec:
    """Skin.

    Attributes:
        tone: albedo of the body's skin, lips, nails and blush derive from it.
        freckles, blush: 0 none … 1 as strong as one meets.
        seed: of where freckles and moles lie.
    """

    tone: Color = (0.62, 0.36, 0.25)
    freckles: float = 0.0
    blush: float = 0.3
    seed: int = 0


@dataclass(frozen=True)
class HairSpec:
    """Hair and brows.

    Attributes:
        style: of `skater.hair.STYLES`.
        color: albedo.
        length: 0…1 of what the style allows.
        file: a .mhclo of MakeHuman's, worn in place of a style of our own.
    """

    style: str = "bun"
    color: Color = (0.05, 0.025, 0.012)
    length: float = 0.5
    file: str | None = None


@dataclass(frozen=True)
class GarmentSpec:
    """One garment.

    Attributes:
        color: of its fabric.
        second: of what the fabric has besides: the other end of a gradient, the other panels, the ground under lace,
            the spangles.
        fabric: of `skater.wardrobe.fabrics.FABRICS`.
        cut: measures of its pattern by name, 0…1; what is not named has the garment's own default.
        file: a .mhclo of MakeHuman's, worn in place of one of our own.
    """

    color: Color = (0.5, 0.5, 0.5)
    second: Color = (0.8, 0.8, 0.8)
    fabric: str = "matt"
    cut: dict[str, float] = field(default_factory=dict)
    file: str | None = None


@dataclass(frozen=True)
class SkaterSpec:
    """One person: body, looks, clothes, movement.

    Attributes:
        phenotype: MakeHuman macro values, 0…1: gender, age, muscle, weight, height, proportions, african, asian,
            caucasian.
        details: MakeHuman's detail targets by name (`makehuman.details`), −1…1 or 0…1; or the path of a .target.
        expression: of the face, 0…1 by name of `makehuman.expressions.EXPRESSIONS`.
        lengths: of "arms", "legs" and "trunk", as factors on what the phenotype gives; 1 where not named.
        skin, hair, eyes: looks; eyes is the iris' colour.
        garments: by name of the clothes vocabulary (`labels.vocabulary.GARMENTS`); one that is not named is not worn.
        character: a .blend with a character that is taken as it is, in place of all of the above.
        character_map: YAML that says what its objects and bones are, where its own marks do not.
        motion, placement: what the person does, and where.
        role: of `ROLES`.
        in_focus: whether the cameras follow this person.
    """

    phenotype: dict[str, float] = field(default_factory=dict)
    details: dict[str, float] = field(default_factory=dict)
    expression: dict[str, float] = field(default_factory=dict)
    lengths: dict[str, float] = field(default_factory=dict)
    skin: SkinSpec = SkinSpec()
    hair: HairSpec = HairSpec()
    eyes: Color = (0.12, 0.2, 0.3)
    garments: dict[str, GarmentSpec] = field(default_factory=dict)
    character: str | None = None
    character_map: str | None = None
    motion: MotionSpec = field(default_factory=MotionSpec)
    placement: PlacementSpec = PlacementSpec()
    role: str = "skater"
    in_focus: bool = True


@dataclass(frozen=True)
class CrowdSpec:
    """Spectators in the stands: many, who share a few bodies.

    Attributes:
        count: how many; 0 leaves the stands empty. Fewer come where there are no more seats.
        kinds: who they are: body, looks and clothes; their motion and placement do not count.
        seed: of who sits where, and how.
    """

    count: int = 0
    kinds: tuple[SkaterSpec, ...] = ()
    seed: int = 0
