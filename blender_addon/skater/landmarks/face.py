"""Points of the face as dlib's 68 have them: vertices of hm08, so that they follow every shape, age and expression.

What counts is the skin in the picture: brows and the red of the lips lie where it shows them.
"""

from __future__ import annotations

from collections.abc import Mapping

from blender_addon.skater.landmarks.skin_points import SkinPoint

# Metres of flesh that may lie over a point: lashes, a lip's swelling; half a nose seen from the side; the
# cheek that bulges over the jaw's edge seen from the front. Less than a nose is thick, which hides the far eye.
_DEPTH, _NOSE_DEPTH, _JAW_DEPTH = 0.004, 0.007, 0.012


def _sides(points: Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]], depth: float) -> dict[str, SkinPoint]:
    return {name: SkinPoint(left, right, ("head",), depth) for name, (left, right) in points.items()}


def _middle(points: Mapping[str, int], depth: float) -> dict[str, SkinPoint]:
    return {name: SkinPoint((vertex,), (), ("head",), depth) for name, vertex in points.items()}


# A vertex that stands twice counts twice. The right side is the left's by MakeHuman's table of mirrored vertices
# (mesh_metadata/hm08.mirror).
#   jaw: from the chin back along the mandible's lower edge to its angle (4) and up before the ear as far as the eye; as
#       far apart, seen from the front, as in dlib's mean shape.
#   brow: its middle line from the nose outwards, on the rows of skin on which `skater/face/brows.py` grows hairs.
#   eye: the corners, and the lids' margins a third of the way from either. A margin has two edges, at the lashes and at
#       the eyeball; the points lie between.
#   lips: the edge of the red, which is the loop of vertices that MakeHuman's picture of the lips (mpfb_lips.jpg) ends
#       at half-way; and where upper and lower lip meet when the mouth is closed.
FACE_POINTS: dict[str, SkinPoint] = {
    **_sides(
        {
            "jaw_1": ((11898, 11831), (5292, 5221)),
            "jaw_2": ((7618, 7593), (916, 891)),
            "jaw_3": ((7594,), (892,)),
            "jaw_4": ((7459,), (739,)),
            "jaw_5": ((7613,), (911,)),
            "jaw_6": ((7571, 12356), (866, 5759)),
            "jaw_7": ((12347,), (5750,)),
            "jaw_8": ((12351,), (5754,)),
        },
        _JAW_DEPTH,
    ),
    **_sides(
        {
            "brow_1": ((6983, 7006), (208, 233)),
            "brow_2": ((6997, 6997, 6997, 6980), (223, 223, 223, 205)),
            "brow_3": ((6996,), (222,)),
            "brow_4": ((6998,), (224,)),
            "brow_5": ((6999, 6999, 6982, 7024), (225, 225, 207, 255)),
            "eye_inner": ((6847, 6856), (63, 72)),
            "upper_lid_inner": ((6838, 11483), (54, 4865)),
            "upper_lid_outer": ((6784, 11466), (0, 4848)),
            "eye_outer": ((6805, 11472), (21, 4854)),
            "lower_lid_outer": ((6825, 11478), (41, 4860)),
            "lower_lid_inner": ((6831, 11480), (47, 4862)),
            "lip_corner": ((7185, 7186), (425, 426)),
            "upper_lip_peak": ((7210,), (450,)),
            "upper_lip_outer": ((11956, 7170), (5354, 410)),
            "lower_lip_inner": ((7241,), (486,)),
            "lower_lip_outer": ((7235, 7166), (480, 406)),
            "mouth_corner": ((7191, 7192), (431, 432)),
            "upper_lip_edge": ((7227,), (471,)),
            "lower_lip_edge": ((7242, 7236), (487, 481)),
        },
        _DEPTH,
    ),
    **_sides({"nose_wing": ((7119,), (358,)), "nostril": ((7054, 7120), (285, 359))}, _NOSE_DEPTH),
    **_middle({"chin": 5225}, _JAW_DEPTH),
    **_middle(
        {"nose_root": 133, "nose_bridge_1": 131, "nose_bridge_2": 201, "nose_tip": 297, "subnasale": 317}, _NOSE_DEPTH
    ),
    **_middle({"upper_lip": 455, "lower_lip": 492, "upper_lip_middle": 474, "lower_lip_middle": 493}, _NOSE_DEPTH),
}
