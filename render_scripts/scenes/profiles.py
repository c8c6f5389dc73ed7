"""Kinds of cameras as a table: what their lenses and sensors are, where they stand, who holds them. No bpy.

Fields of view follow from makers' published focal lengths: a phone's "26 mm" is that of a 35 mm camera with the same
diagonal (43.3 mm), so that a 4:3 sensor is 34.6 mm wide at that scale and sees 2·atan(17.3 / 26) = 67°. Video in 16:9
takes the sensor's whole width and less of its height.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from blender_addon.clip import LensSpec
from render_scripts.distributions import Between, Choice, Mixture, Numbers, weighted

Pair = tuple[float, float]
NO_ZOOM = Between(0.0, 0.0)


@dataclass(frozen=True)
class CameraProfile:
    """A kind of camera.

    Attributes:
        about: in a few words.
        native: width and height of its own pictures, pixels.
        lens: see `LensSpec`.
        held: by a "hand", on a "head" that somebody turns, or "rigid".
        follow: what it does, by how often it is seen.
        azimuth: degrees off the two long sides of the rink from which it looks; distance, elevation: metres, as of
            `CameraSpec`; below_roof: metres under the roof in place of the elevation, or None.
        fill: see `CameraSpec`.
        zoom: see `MovesSpec`.
        shutter: seconds, as it is set in a hall; readout: seconds; f_number.
        views: "one", a "pair" side by side, or a "ring" around the skater.
    """

    about: str
    native: tuple[int, int]
    lens: LensSpec
    held: str
    follow: Choice[str]
    azimuth: Pair
    distance: Pair
    elevation: Pair
    fill: Pair
    shutter: Pair
    readout: Pair
    f_number: Pair
    zoom: Numbers = NO_ZOOM
    below_roof: Pair | None = None
    views: str = "one"

    def size(self, longer: int) -> tuple[int, int]:
        """Width and height of a picture of this shape whose longer side has so many pixels."""
        width, height = self.native
        most = max(width, height)
        return max(round(longer * width / most), 1), max(round(longer * height / most), 1)


def _lens(
    widest: float, narrowest: float, sensor_width: float, model: str = "none", coefficients: tuple[float, ...] = ()
) -> LensSpec:
    """Angles in degrees."""
    return LensSpec(
        model=model,
        coefficients=coefficients,
        narrowest=round(math.radians(narrowest), 6),
        widest=round(math.radians(widest), 6),
        sensor_width=sensor_width,
    )


def _angle(picture: float, focal: float) -> float:
    """Degrees that a picture so wide takes in at a focal length of the same unit."""
    return math.degrees(2.0 * math.atan(0.5 * picture / focal))


# A 26 mm main camera with 4032 pixels of 1.7 µm, f/1.6; beyond its own angle it crops, and most have a second lens of
# some 3×: 5× is what people zoom to before the picture falls apart. The wide one is 13 mm, 4032 pixels of 1.0 µm,
# f/2.4; phones take its distortion out themselves.
_PHONE_WIDTH, _WIDE_WIDTH, _EQUIVALENT = 6.85, 4.03, 34.6
_PHONE = _lens(_angle(_EQUIVALENT, 26.0), _angle(_EQUIVALENT, 130.0), _PHONE_WIDTH)
_UPRIGHT = _lens(
    _angle(_EQUIVALENT * 9.0 / 16.0, 26.0), _angle(_EQUIVALENT * 9.0 / 16.0, 130.0), round(_PHONE_WIDTH * 9.0 / 16.0, 3)
)
_WIDE = _lens(_angle(_EQUIVALENT, 13.0), _angle(_EQUIVALENT, 13.0), _WIDE_WIDTH)

# GoPro HERO5 Black, 4:3 wide: published as 122.6° across, 94.4° down and 149.2° along the diagonal. With these numbers
# θ(1 + k1 θ² + …) puts all three, within half a degree, where a 4:3 picture has its edges and corners; of all that do
# they are among those that Cycles can follow to a hundredth of a pixel (`filming.lens_fit`). Sensor 1/2.3", f/2.8.
_GOPRO = _lens(122.6, 122.6, 6.17, "fisheye", (0.0741, -0.0061, -0.001, -0.0003))
# Its linear mode, 16:9: 85.8° across, straightened.
_LINEAR = _lens(85.8, 85.8, 5.6)

# 2/3" in 16:9 is 9.59 mm wide; a 22 × 7.6 zoom, 7.6 to 167 mm.
_BROADCAST = _lens(_angle(9.59, 7.6), _angle(9.59, 167.0), 9.59)
# A camcorder of the 1" kind: 13.2 mm, 29 to 348 mm of a 35 mm camera; barrel distortion as such zooms have.
_ANALYSIS = _lens(_angle(36.0, 29.0), _angle(36.0, 348.0), 13.2, "opencv", (-0.09, 0.06, 0.0, 0.0, 0.0))
# A dome camera: 1/2.8", 5.57 mm wide, 2.8 to 12 mm; a barrel, half-way between a straight lens and a fisheye.
_DOME = _lens(_angle(5.57, 2.8), _angle(5.57, 12.0), 5.57, "fisheye", (0.1536, -0.0049, 0.0249, -0.0167))
# Two cameras with 525 pixels of focal length in 640 × 480, as the depth cameras of many data sets have; longer lenses
# fit the same mount. Rectified: no distortion.
_STEREO = _lens(_angle(640.0, 525.0), _angle(640.0, 2100.0), 6.4)

BASELINE = 0.28
"""Metres between the two of a pair, if the job does not say."""
VIEWS = 4
"""Cameras of a ring, if the job does not say."""

_HAND_ZOOM = Mixture((Between(0.0, 0.0), Between(0.2, 0.8)), (0.7, 0.3))

# Azimuths and distances are those at which people film skating: from the boards or beyond them. What sees wide is
# mostly carried along on the ice: from the boards its skaters are a few pixels high.
PROFILES: Mapping[str, CameraProfile] = {
    "phone": CameraProfile(
        "a phone held level, 26 mm, zoom to 5×", (1920, 1080), _PHONE, "hand",
        weighted({"pan": 0.8, "walk": 0.12, "fixed": 0.08}),
        azimuth=(-40.0, 40.0), distance=(11.0, 16.0), elevation=(1.3, 1.8), fill=(0.45, 0.75),
        shutter=(1 / 240, 1 / 100), readout=(0.010, 0.022), f_number=(1.6, 1.8), zoom=_HAND_ZOOM,
    ),
    "phone-portrait": CameraProfile(
        "a phone held upright, 9:16", (1080, 1920), _UPRIGHT, "hand",
        weighted({"pan": 0.85, "walk": 0.15}),
        azimuth=(-40.0, 40.0), distance=(5.0, 10.0), elevation=(1.3, 1.8), fill=(0.35, 0.6),
        shutter=(1 / 240, 1 / 100), readout=(0.010, 0.022), f_number=(1.6, 1.8), zoom=_HAND_ZOOM,
    ),
    "phone-wide": CameraProfile(
        "a phone's wide lens, 13 mm", (1920, 1080), _WIDE, "hand",
        weighted({"skate": 0.75, "walk": 0.1, "pan": 0.15}),
        azimuth=(-50.0, 50.0), distance=(6.0, 12.0), elevation=(1.2, 1.8), fill=(0.3, 0.5),
        shutter=(1 / 200, 1 / 80), readout=(0.012, 0.025), f_number=(2.2, 2.4),
    ),
    "gopro": CameraProfile(
        "a GoPro, wide, with its fisheye distortion", (1920, 1440), _GOPRO, "hand",
        weighted({"skate": 0.8, "pan": 0.15, "fixed": 0.05}),
        azimuth=(-60.0, 60.0), distance=(3.0, 8.0), elevation=(1.0, 1.9), fill=(0.3, 0.5),
        shutter=(1 / 240, 1 / 100), readout=(0.012, 0.025), f_number=(2.8, 2.8),
    ),
    "gopro-linear": CameraProfile(
        "a GoPro in its linear mode", (1920, 1080), _LINEAR, "hand",
        weighted({"skate": 0.75, "pan": 0.2, "fixed": 0.05}),
        azimuth=(-60.0, 60.0), distance=(4.0, 9.0), elevation=(1.0, 1.9), fill=(0.3, 0.55),
        shutter=(1 / 240, 1 / 100), readout=(0.012, 0.025), f_number=(2.8, 2.8),
    ),
    "broadcast": CameraProfile(
        "a television camera in the stands", (1920, 1080), _BROADCAST, "head",
        weighted({"pan": 1.0}),
        azimuth=(-35.0, 35.0), distance=(19.0, 28.0), elevation=(4.0, 8.0), fill=(0.5, 0.75),
        shutter=(1 / 250, 1 / 100), readout=(0.0, 0.005), f_number=(2.0, 4.0), zoom=Between(0.6, 1.0),
    ),
    "tripod": CameraProfile(
        "a camera on a tripod, for analysis", (1920, 1080), _ANALYSIS, "rigid",
        weighted({"fixed": 0.7, "pan": 0.3}),
        azimuth=(-45.0, 45.0), distance=(13.0, 18.0), elevation=(1.4, 2.4), fill=(0.4, 0.7),
        shutter=(1 / 1000, 1 / 250), readout=(0.008, 0.015), f_number=(2.8, 4.0),
    ),
    "ceiling": CameraProfile(
        "a camera under the roof", (1920, 1080), _DOME, "rigid",
        weighted({"fixed": 0.6, "pan": 0.4}),
        azimuth=(-90.0, 90.0), distance=(1.0, 6.0), elevation=(8.0, 12.0), fill=(0.3, 0.5), below_roof=(2.0, 3.0),
        shutter=(1 / 250, 1 / 50), readout=(0.015, 0.03), f_number=(1.6, 2.0),
    ),
    "stereo": CameraProfile(
        "two parallel cameras on one head", (640, 480), _STEREO, "head",
        weighted({"pan": 1.0}),
        azimuth=(-40.0, 40.0), distance=(8.0, 15.0), elevation=(1.3, 1.9), fill=(0.4, 0.65),
        shutter=(1 / 500, 1 / 125), readout=(0.0, 0.0), f_number=(2.0, 2.8), views="pair",
    ),
    "ring": CameraProfile(
        "calibrated cameras all around", (1920, 1080), _ANALYSIS, "rigid",
        weighted({"fixed": 1.0}),
        azimuth=(-90.0, 90.0), distance=(13.0, 18.0), elevation=(2.0, 4.0), fill=(0.4, 0.7),
        shutter=(1 / 1000, 1 / 250), readout=(0.0, 0.0), f_number=(2.8, 4.0), views="ring",
    ),
}  # fmt: skip
