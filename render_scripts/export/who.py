"""Whom a format of one person shows, and how subjects, actions and outfits are called in folders and files. No bpy.

Names follow from the samples alone, so that they stay the same in every export and on every machine, and hold nothing
but ASCII letters, digits, _ and -.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

# What a person is by birth: the same in every clip that somebody is in, whatever they wear or feel.
_BORN = ("body", "character", "skin", "eyes")
_LONGEST = 60


def lead(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The person whom a format of one person shows: the first in focus, or the first of all where nobody is.

    Whose movement `motion` tells of. ValueError if nobody is there.
    """
    people = facts["people"]
    if not people:
        raise ValueError("nobody is in the clip")
    found: Mapping[str, Any] = next((person for person in people if person["in_focus"]), people[0])
    return found


def subject_name(person: Mapping[str, Any]) -> str:
    """`woman-5f0c9a31`: the same for the same body, skin and eyes.

    Women and men are told apart by the body's `gender`, from 0 to 1; who has none (−1, a character from elsewhere) is a
    `person`.
    """
    born = {key: person.get(key) for key in _BORN}
    if isinstance(born["body"], Mapping):
        born["body"] = {key: value for key, value in born["body"].items() if key != "expression"}
    gender = float(person["body"]["gender"])
    kind = "person" if gender < 0.0 else "woman" if gender < 0.5 else "man"
    return f"{kind}-{hashlib.sha256(json.dumps(born, sort_keys=True).encode()).hexdigest()[:8]}"


def action_name(facts: Mapping[str, Any]) -> str:
    """`upright-spin_000012`: the take or element, and the clip, since a person may do the same thing twice."""
    return f"{plain(facts['motion']['take'])}_{int(facts['clip']):06d}"


def outfit_name(person: Mapping[str, Any]) -> str:
    """`blades_boots_leotard_skirt_tights`."""
    return "_".join(plain(name) for name in person["garments"]) or "nothing"


def names_of(facts: Mapping[str, Any]) -> dict[str, str]:
    """Names of a sample's lead, of what they do and of what they wear, as folders and files are called."""
    person = lead(facts)
    return {"subject": subject_name(person), "action": action_name(facts), "outfit": outfit_name(person)}


def plain(name: str) -> str:
    """A name with nothing in it that a file system minds; never empty, never a way out of a folder."""
    words = re.sub(r"[^A-Za-z0-9-]+", "-", str(name)).strip("-")
    return words[:_LONGEST].rstrip("-") or "unnamed"
