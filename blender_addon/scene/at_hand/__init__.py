"""The scene at hand: what the panel's steps put into the user's own scene, and how it is handed over to the pipeline.

All state is in the scene's objects, as JSON in a custom property (`record`), so that undo, copy, delete and save work
by themselves. What is not ours in a scene stays as it is. The active scene is meant wherever one is asked for; Blender
must be in object mode.
"""

from __future__ import annotations

from blender_addon.scene.at_hand.cameras import cameras_in, film_with, films_with, put_camera, take_out_camera
from blender_addon.scene.at_hand.figures import Figure
from blender_addon.scene.at_hand.handing_over import hand_over
from blender_addon.scene.at_hand.landmarks import human_of, landmarks_now
from blender_addon.scene.at_hand.movement import Retargeted, animate
from blender_addon.scene.at_hand.record import camera_spec_of, skater_at, skaters_in, spec_of
from blender_addon.scene.at_hand.skaters import adopt_selected, put_skater, replace_skater, take_out
from blender_addon.scene.at_hand.surroundings import put_surroundings, surroundings_in, take_out_surroundings

__all__ = [
    "Figure",
    "Retargeted",
    "adopt_selected",
    "animate",
    "camera_spec_of",
    "cameras_in",
    "film_with",
    "films_with",
    "hand_over",
    "human_of",
    "landmarks_now",
    "put_camera",
    "put_skater",
    "put_surroundings",
    "replace_skater",
    "skater_at",
    "skaters_in",
    "spec_of",
    "surroundings_in",
    "take_out",
    "take_out_camera",
    "take_out_surroundings",
]
