"""Which heel and toe are on the ice: what the file says, mended by heights, or heights alone where it says nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mocap.motion import Motion
from mocap.rotations import Array, conjugate, multiply
from mocap.runs import runs, without_flicker
from mocap.skating.ice import contact_point_heights, ice_curve
from mocap.skeleton import SIDES

# Metres above the ice: a point below TOUCH is down, above LEAVE it is up, between the two it stays what it was.
# MVN's soles lie level to about 20 mm in stance; a toe that swings through in a slow step rises by 40 mm.
TOUCH = 0.02
LEAVE = 0.03
# Metres above the ice at which a contact that the file claims cannot be: twice what a sole's points ever err by.
_CLEARLY_UP = 0.08
# Metres: feet that stay below this have not left the ice, whatever the file says; the blade alone is about as high.
_NEVER_LEFT = 0.05
# Seconds that nobody flies: quadruple jumps stay in the air for about 0.7 s (King, Smith, Higginson, Muncasy and
# Scheirman 2004, "Characteristics of triple and quadruple toe-loops", Sports Biomechanics 3).
_NO_FLIGHT = 1.0
# Seconds: a contact or a gap this short is flicker; even a toe pick's touch at take-off lasts about 0.1 s.
_FLICKER = 0.035
# Share of frames that heights contradict from which on the file's contacts are not used at all.
_USELESS = 0.3

# Degrees and metres: legs and hips that move less than this over a take were not recorded (MVN's upper body takes).
_STILL_ANGLE = 0.5
_STILL_PELVIS = 0.05
# Seconds of which a take must have at least so many for stillness to tell anything.
_TELLING = 1.0
_LEG_JOINTS = ("UpperLeg", "LowerLeg", "Foot")


def ensure_contacts(motion: Motion) -> Motion:
    """The motion with contacts, and in `source` where they are from ("contacts_from") and in what share of its frames
    the file's were contradicted ("contacts_changed").

    From "file": as the file has them. "file, mended": flicker, contacts high above the ice, and feet that the file has
    in the air though they never leave the ice were put right. "heights": the file has none, or they are of no use.
    "none": the legs were not recorded (MVN's upper body takes); the skater counts as standing throughout.
    Speed plays no part: on the ice a foot that is down glides.

    Raises:
        KeyError: the skeleton has no heel or toe point.
    """
    if motion.contacts is not None and "contacts_from" in motion.source:
        return motion
    if not legs_recorded(motion):
        return _with(motion, np.ones((len(motion), 4), dtype=bool), "none", 0.0)
    heights = contact_point_heights(motion)
    above = heights - ice_curve(heights, motion.rate)[:, None]
    shortest = round(_FLICKER * motion.rate)
    low = without_flicker(_with_hysteresis(above), shortest)
    if motion.contacts is None:
        return _with(motion, low, "heights", 0.0)
    mended = _mended(without_flicker(motion.contacts, shortest), low, above, motion.rate)
    changed = float((mended != motion.contacts).any(axis=1).mean())
    if changed > _USELESS:
        return _with(motion, low, "heights", changed)
    return _with(motion, mended, "file, mended" if changed else "file", changed)


def legs_recorded(motion: Motion) -> bool:
    """Whether the legs move: MVN's upper body configuration leaves them straight and the pelvis in its place."""
    filled = motion.source.get("segments_filled")
    if isinstance(filled, tuple | list) and any(str(name).endswith("Leg") for name in filled):
        return False
    if motion.source.get("configuration") == "UpperBody":
        return False
    if motion.duration < _TELLING or np.ptp(motion.positions[:, 0], axis=0).max() > _STILL_PELVIS:
        return True
    for side in SIDES:
        for name in _LEG_JOINTS:
            j = motion.skeleton.index(side + name)
            bent = multiply(conjugate(motion.orientations[:, motion.skeleton.parents[j]]), motion.orientations[:, j])
            cosine = np.abs(np.sum(bent * bent[:1], axis=-1)).min()
            if np.degrees(2.0 * np.arccos(min(1.0, cosine))) > _STILL_ANGLE:
                return True
    return False


def _with(motion: Motion, contacts: np.ndarray, origin: str, changed: float) -> Motion:
    facts = {"contacts_from": origin, "contacts_changed": changed}
    return replace(motion, contacts=contacts, source={**motion.source, **facts})


def _mended(claimed: np.ndarray, low: np.ndarray, above: Array, rate: float) -> np.ndarray:
    """Contacts (T, 4) as claimed, except where the heights (T, 4) above the ice leave no doubt; `low` (T, 4) is theirs.

    A contradicted stretch is put right over its whole length, so that a take-off is where the foot leaves the ice.
    """
    out = claimed.copy()
    for k in range(out.shape[1]):
        for first, last in runs(claimed[:, k] & ~low[:, k]):
            if above[first : last + 1, k].max() > _CLEARLY_UP:
                out[first : last + 1, k] = False
    lowest = above.min(axis=1)
    for first, last in runs(~out.any(axis=1)):
        part = slice(first, last + 1)
        if last - first + 1 > _NO_FLIGHT * rate or lowest[part].max() < _NEVER_LEFT:
            out[part] = low[part]
    return out


def _with_hysteresis(above: Array) -> np.ndarray:
    """(T, 4) bool from heights (T, 4) above the ice; before the first clear frame, the nearer limit decides."""
    decided = (above < TOUCH) | (above > LEAVE)
    decided[0] = True
    down = above < TOUCH
    down[0] = above[0] < 0.5 * (TOUCH + LEAVE)
    latest = np.maximum.accumulate(np.where(decided, np.arange(len(above))[:, None], 0), axis=0)
    return np.take_along_axis(down, latest, axis=0)
