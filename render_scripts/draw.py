"""Labels drawn for people: skeletons, masks, legends, contact sheets. Pictures are (H, W, 3) uint8 RGB. No bpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from blender_addon.labels.amodal import MOST, silhouette
from blender_addon.labels.colors import Rgb, fine_points, person_color, point_colors
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS, KeypointSet
from blender_addon.labels.vocabulary import BODY_PARTS, CLOTHES, LabelClass, Visibility, color_table
from mocap.whole_file import whole_file
from render_scripts.dense_fields import decode_picture
from render_scripts.draw_dense import dense_pictures
from render_scripts.sample import Fields, facts_of, picture_of, sample_key

PAPER: Rgb = (255, 255, 255)
INK: Rgb = (30, 30, 36)
FONT = cv2.FONT_HERSHEY_SIMPLEX
TEXT_SCALE = 0.45
LINE_HEIGHT = 22
GAP = 4
SHEET_CELL_WIDTH = 240
SHEET_COLUMNS = 6
SHEET_CAMERAS = 4
CLOSE_UP_ROOM = 1.2  # size of a close-up in sizes of the person
# Drawing happens at least this wide, so that lines and dots are smooth on small pictures.
DRAWING_WIDTH = 640
# Points of faces and hands: their radius in distances to their neighbours, the least one in pixels, and the least such
# distances with which there are lines between them, and dots at all.
FINE_SHARE, FINEST, LEAST_ROOM, CROWDED = 0.3, 0.8, 4.0, 1.4
# cv2 draws to sixteenths of a pixel with this shift.
SHIFT = 4


def draw_people(
    picture: np.ndarray, facts: Mapping[str, Any], width: int, corner: tuple[int, int] = (0, 0)
) -> np.ndarray:
    """The picture at `width` with everyone's skeleton: full dots are visible, hollow ones hidden.

    Points of faces and hands are as small as they are close to each other.

    Args:
        picture: the sample's, or a part of it.
        facts: the sample's JSON.
        width: of the result; the height follows.
        corner: x, y of the part's upper left corner in the sample's picture.
    """
    scale = max(DRAWING_WIDTH, width) / picture.shape[1]
    canvas = _resized(picture, max(DRAWING_WIDTH, width))
    for person in facts["people"]:
        for name, points in person["keypoints"].items():
            if name in KEYPOINT_SETS:
                xy = (np.asarray(points["xy"], dtype=np.float64) - corner) * scale
                _draw_skeleton(canvas, KEYPOINT_SETS[name], xy, np.asarray(points["visibility"]))
    return _resized(canvas, width)


def _draw_skeleton(canvas: np.ndarray, keypoints: KeypointSet, xy: np.ndarray, seen: np.ndarray) -> None:
    colors = point_colors(keypoints)
    # Pixel centres lie at +0.5 for us and at 0 for cv2. Far outside, a line is all the same, and cv2 overflows.
    spots = np.rint(np.clip(xy - 0.5, -1e4, 1e4) * 2**SHIFT).astype(int)
    thickness = max(2, round(canvas.shape[1] / 260))
    fine, within = fine_points(keypoints), seen != Visibility.OUTSIDE
    room, wide = _room(xy[fine & within]), _room(xy[~fine & within])
    most = thickness + 1.0
    # Of somebody far away, small dots as well.
    radius = np.full(len(xy), np.clip(0.5 * wide, FINEST, most) if wide else most)
    radius[fine] = np.clip(FINE_SHARE * room, FINEST, 0.6 * most)
    if room < CROWDED:
        seen = np.where(fine, Visibility.OUTSIDE, seen)
    for a, b in keypoints.limbs:
        if seen[a] != Visibility.OUTSIDE and seen[b] != Visibility.OUTSIDE:
            thin = Visibility.HIDDEN in (seen[a], seen[b])
            width = max(1, thickness // 2) if thin or radius[a] < 0.5 * most else thickness
            if not (fine[a] or fine[b]):
                _line(canvas, spots[a], spots[b], colors[b], width)
            elif room >= LEAST_ROOM:
                _line(canvas, spots[a], spots[b], colors[b], 1)
    for spot, color, state, size in zip(spots, colors, seen, radius.tolist(), strict=True):
        if state == Visibility.VISIBLE:
            cv2.circle(canvas, _pair(spot), round(size * 2**SHIFT), color, -1, cv2.LINE_AA, SHIFT)
        elif state == Visibility.HIDDEN:
            cv2.circle(canvas, _pair(spot), round(size * 2**SHIFT), PAPER, -1, cv2.LINE_AA, SHIFT)
            # What is too small to be hollow is left white.
            if size > 2.0 * FINEST:
                cv2.circle(canvas, _pair(spot), round(size * 2**SHIFT), color, 1, cv2.LINE_AA, SHIFT)


def _room(xy: np.ndarray) -> float:
    """Pixels that points (N, 2) are apart from the next one, half of them less; 0 of fewer than two."""
    if len(xy) < 2:
        return 0.0
    away = np.linalg.norm(xy[:, None] - xy, axis=-1)
    np.fill_diagonal(away, np.inf)
    return float(np.median(away.min(axis=1)))


def _line(canvas: np.ndarray, a: np.ndarray, b: np.ndarray, color: Rgb, thickness: int) -> None:
    cv2.line(canvas, _pair(a), _pair(b), color, thickness, cv2.LINE_AA, SHIFT)


def _pair(spot: np.ndarray) -> tuple[int, int]:
    return int(spot[0]), int(spot[1])


def colored_mask(mask: np.ndarray, classes: Sequence[LabelClass], width: int) -> np.ndarray:
    """A mask (H, W) in its classes' colours, `width` wide."""
    return _resized(color_table(tuple(classes))[mask], width, exact=True)


def blend(picture: np.ndarray, mask: np.ndarray, classes: Sequence[LabelClass], width: int) -> np.ndarray:
    """The picture under a mask that lets it through, the background left as it is; `width` wide."""
    painted = np.where(mask[..., None] > 0, 0.35 * picture + 0.65 * color_table(tuple(classes))[mask], picture)
    return _resized(np.rint(painted).astype(np.uint8), width)


def draw_silhouettes(picture: np.ndarray, bits: np.ndarray, instances: np.ndarray, width: int) -> np.ndarray:
    """The picture with everybody's whole silhouette in a colour of their own, full where they are hidden.

    Args:
        bits: (H, W) the sample's amodal mask; instances: (H, W) likewise; width: of the result.
    """
    out = picture.astype(np.float64)
    for instance in range(1, MOST + 1):
        whole = silhouette(bits, instance)
        color = np.array(person_color(instance), dtype=np.float64)
        share = np.where(instances == instance, 0.5, 1.0)[whole][:, None]
        out[whole] += share * (color - out[whole])
    return _resized(np.rint(out).astype(np.uint8), width)


def legend(title: str, classes: Sequence[LabelClass], width: int) -> np.ndarray:
    """Swatches with class names in as many lines as they need, `width` wide."""
    places: list[tuple[int, int]] = []
    (x, _), line = cv2.getTextSize(title, FONT, TEXT_SCALE, 1)[0], 0
    x += 4 * GAP
    for entry in classes:
        room = 14 + 3 * GAP + cv2.getTextSize(_words(entry), FONT, TEXT_SCALE, 1)[0][0]
        if x + room > width:
            x, line = 4 * GAP, line + 1
        places.append((x, line))
        x += room + 2 * GAP
    strip = np.full(((line + 1) * LINE_HEIGHT, width, 3), PAPER, dtype=np.uint8)
    _write(strip, title, GAP, 0)
    for entry, (x, line) in zip(classes, places, strict=True):
        top = line * LINE_HEIGHT
        cv2.rectangle(strip, (x, top + 4), (x + 14, top + 18), entry.color, -1)
        cv2.rectangle(strip, (x, top + 4), (x + 14, top + 18), INK, 1)
        _write(strip, _words(entry), x + 14 + GAP, line)
    return strip


def heading(text: str, width: int) -> np.ndarray:
    """One line of text on paper."""
    strip = np.full((LINE_HEIGHT, width, 3), PAPER, dtype=np.uint8)
    _write(strip, text, GAP, 0)
    return strip


def caption(lines: Sequence[str], picture: np.ndarray) -> np.ndarray:
    """A picture under some lines of text, which are cut off where they are wider."""
    return _stack([*(heading(line, picture.shape[1]) for line in lines), picture])


def framed(picture: np.ndarray, width: int, height: int) -> np.ndarray:
    """A picture, as large as it is, in the middle of a larger sheet of paper."""
    left, top = (width - picture.shape[1]) // 2, (height - picture.shape[0]) // 2
    sheet = np.full((height, width, 3), PAPER, dtype=np.uint8)
    sheet[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return sheet


def row(pictures: Sequence[np.ndarray]) -> np.ndarray:
    """Pictures side by side."""
    return _beside(pictures)


def grid(pictures: Sequence[np.ndarray], columns: int) -> np.ndarray:
    """Pictures in rows of so many."""
    rows = [_beside(pictures[k : k + columns]) for k in range(0, len(pictures), columns)]
    return _stack(rows)


def _words(entry: LabelClass) -> str:
    return entry.name.replace("_", " ")


def _write(strip: np.ndarray, text: str, x: int, line: int) -> None:
    cv2.putText(strip, text, (x, line * LINE_HEIGHT + 16), FONT, TEXT_SCALE, INK, 1, cv2.LINE_AA)


def preview_sheet(samples: Sequence[Fields], width: int) -> np.ndarray:
    """A row per sample: picture, skeleton, body parts and clothes blended in, and what else it has; legends below.

    Each is `width` wide.
    """
    rows = []
    for fields in samples:
        facts, picture = facts_of(fields), picture_of(fields)
        cells = [
            _resized(picture, width),
            draw_people(picture, facts, width),
            blend(picture, decode_picture(fields["body.png"]), BODY_PARTS, width),
            blend(picture, decode_picture(fields["clothes.png"]), CLOTHES, width),
            *_silhouettes(fields, picture, width),
            *(_resized(label, width) for label in dense_pictures(fields)),
        ]
        camera, motion = facts["camera"], facts["motion"]
        events = ", ".join(event["name"] for event in motion["events"])
        text = f"{camera['name']} ({camera['profile']}), {motion['take']} at frame {motion['frame']}"
        row = _beside(cells)
        rows += [heading(f"{text}: {events}" if events else text, row.shape[1]), row]
    return _stack([*rows, *_legends(rows[0].shape[1])])


def _silhouettes(fields: Fields, picture: np.ndarray, width: int) -> list[np.ndarray]:
    if "amodal.png" not in fields:
        return []
    bits, instances = (decode_picture(fields[f"{name}.png"]) for name in ("amodal", "instance"))
    return [draw_silhouettes(picture, bits, instances, width)]


def close_up(facts: Mapping[str, Any]) -> tuple[slice, slice]:
    """Rows and columns around everyone in focus who is seen, in the picture's own proportions; all where nobody is."""
    width, height = facts["camera"]["width"], facts["camera"]["height"]
    boxes = [person["bbox"] for person in facts["people"] if person["in_focus"] and person["bbox"][2] > 0.0]
    if not boxes:
        return slice(0, height), slice(0, width)
    x, y, w, h = np.array(boxes).T
    left, top, right, bottom = x.min(), y.min(), (x + w).max(), (y + h).max()
    share = min(1.0, max((right - left) / width, (bottom - top) / height) * CLOSE_UP_ROOM)
    columns, rows = max(1, round(share * width)), max(1, round(share * height))
    first_column = min(max(0, round((left + right - columns) / 2)), width - columns)
    first_row = min(max(0, round((top + bottom - rows) / 2)), height - rows)
    return slice(first_row, first_row + rows), slice(first_column, first_column + columns)


def write_picture(path: Path, picture: np.ndarray) -> None:
    """An RGB picture as a whole file: a JPEG where the name ends in .jpg, a PNG otherwise."""
    suffix = ".jpg" if path.suffix.lower() in (".jpg", ".jpeg") else ".png"
    settings = [cv2.IMWRITE_JPEG_QUALITY, 85] if suffix == ".jpg" else []
    done, data = cv2.imencode(suffix, np.ascontiguousarray(picture[..., ::-1]), settings)
    if not done:
        raise ValueError(f"OpenCV cannot write a picture of shape {picture.shape}")
    with whole_file(path) as file:
        file.write(data.tobytes())


class Sheet:
    """A contact sheet that is filled while samples pass: moments across a data set, from every camera."""

    def __init__(self, clips: Sequence[tuple[int, int]], cameras: Sequence[str]) -> None:
        """`clips`: index and number of frames of each; `cameras`: names, of which the first few are shown."""
        self._cameras = tuple(cameras[:SHEET_CAMERAS])
        ends = np.cumsum([count for _, count in clips])
        total = int(ends[-1])
        columns = min(SHEET_COLUMNS, total)
        self._wanted: dict[str, tuple[int, int]] = {}
        for column in range(columns):
            moment = (2 * column + 1) * total // (2 * columns)
            which = int(np.searchsorted(ends, moment, side="right"))
            index, count = clips[which]
            for row, camera in enumerate(self._cameras):
                self._wanted[sample_key(index, camera, moment - int(ends[which]) + count)] = (row, column)
        self._cells: dict[tuple[int, int], np.ndarray] = {}

    def add(self, key: str, fields: Fields) -> None:
        """Draws the sample if it is one of those shown."""
        place = self._wanted.get(key)
        if place is None:
            return
        facts, picture, width = facts_of(fields), picture_of(fields), SHEET_CELL_WIDTH
        part = close_up(facts)
        body, clothes = (decode_picture(fields[f"{name}.png"])[part] for name in ("body", "clothes"))
        whole = _resized(picture, width)
        parts = (
            draw_people(picture[part], facts, width, (part[1].start, part[0].start)),
            colored_mask(body, BODY_PARTS, width),
            colored_mask(clothes, CLOTHES, width),
        )
        # Whole pixels make the proportions of close-ups differ by a line or two.
        self._cells[place] = _stack([whole, *(_padded(cell[: len(whole)], width, len(whole)) for cell in parts)])

    def picture(self) -> np.ndarray:
        """The sheet: per camera a row of pictures and three of close-ups with their labels; then the legends."""
        bands: list[np.ndarray] = []
        for row, name in enumerate(self._cameras):
            cells = [cell for (r, _), cell in sorted(self._cells.items()) if r == row]
            if cells:
                band = _beside(cells)
                bands += [
                    heading(
                        f"Camera {name}: the picture; the skater close up with skeleton, body parts, clothes",
                        band.shape[1],
                    ),
                    band,
                ]
        width = max(band.shape[1] for band in bands)
        return _stack([*bands, *_legends(width)])

    def write(self, path: Path) -> None:
        """The sheet as a PNG file."""
        write_picture(path, self.picture())


def _legends(width: int) -> list[np.ndarray]:
    return [legend("Body parts", BODY_PARTS, width), legend("Clothes", CLOTHES, width)]


def _resized(picture: np.ndarray, width: int, *, exact: bool = False) -> np.ndarray:
    height = max(1, round(picture.shape[0] * width / picture.shape[1]))
    smaller = width < picture.shape[1]
    how = cv2.INTER_NEAREST if exact else cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return np.ascontiguousarray(cv2.resize(np.ascontiguousarray(picture), (width, height), interpolation=how))


def _stack(pictures: Sequence[np.ndarray]) -> np.ndarray:
    width = max(picture.shape[1] for picture in pictures)
    rows: list[np.ndarray] = []
    for picture in pictures:
        rows += [_padded(picture, width, picture.shape[0]), np.full((GAP, width, 3), PAPER, dtype=np.uint8)]
    return np.concatenate(rows[:-1])


def _padded(picture: np.ndarray, width: int, height: int) -> np.ndarray:
    missing = ((0, height - picture.shape[0]), (0, width - picture.shape[1]), (0, 0))
    return np.pad(picture, missing, constant_values=PAPER[0])


def _beside(pictures: Sequence[np.ndarray]) -> np.ndarray:
    height = max(picture.shape[0] for picture in pictures)
    columns: list[np.ndarray] = []
    for picture in pictures:
        columns += [_padded(picture, picture.shape[1], height), np.full((height, GAP, 3), PAPER, dtype=np.uint8)]
    return np.concatenate(columns[:-1], axis=1)
