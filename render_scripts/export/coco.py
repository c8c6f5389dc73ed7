"""COCO: `annotations/person_keypoints_<split>.json` with boxes, masks and keypoints, and the pictures in `<split>/`.

Ids begin at 1, since readers take an annotation of id 0 for none. Boxes, areas and masks are of what is seen, counted
from the picture's top-left corner; masks are compressed RLE, exact to the pixel. Keypoints are counted from the middle
of the first pixel, as COCO's are: the samples' less 0.5. iscrowd is always 0: everybody has a mask of their own, while
that flag is of heaps of people that share one. `shown.py` says who is in it, and with which v.

Beyond COCO's, a picture has `clip`, `camera` and `frame`, an annotation has `role`: readers pass over them.

Lost: depth and everything in space, the cause why a point is hidden, what is hidden of a person (`amodal.png`: COCO has
no place for it), classes of body parts and clothes, cameras, movements.

Source: COCO's data format and API (cocodataset.org, pycocotools).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from blender_addon.labels.keypoint_sets import KeypointSet
from blender_addon.labels.keypoint_sets.coco import COCO_17
from mocap.errors import UserError
from render_scripts.export.format import Clips, Format, Made, Out
from render_scripts.export.samples import Sample, stored_picture
from render_scripts.export.shown import Shown, labelled, set_named, shown_people, size_of, triples
from render_scripts.version import own_version

# From the corner of the first pixel to its middle.
TO_MIDDLE = -0.5
_PERSON = 1


class ClipOfImages:
    """Copies a clip's pictures and keeps what there is to say of them; `annotate` gives people's annotations."""

    def __init__(self, annotate: Callable[[Sample], list[dict[str, Any]]], out: Out, split: str, clip: int) -> None:
        """`annotate` gives those of a sample, without `id` and `image_id`."""
        self._annotate, self._out, self._split = annotate, out, split
        self._images: list[dict[str, Any]] = []

    def add(self, sample: Sample) -> None:
        """See `format.ClipWriter`."""
        people = self._annotate(sample)
        suffix, picture = stored_picture(sample)
        width, height = size_of(sample)
        self._out.write(f"{self._split}/{sample.key}.{suffix}", picture)
        image = {"file_name": f"{sample.key}.{suffix}", "width": width, "height": height}
        image |= {"clip": sample.clip, "camera": sample.camera, "frame": sample.frame}
        self._images.append({"image": image, "people": people})

    def close(self) -> list[dict[str, Any]]:
        """See `format.ClipWriter`."""
        return self._images


def annotation(person: Shown, size: tuple[int, int]) -> dict[str, Any]:
    """What COCO says of somebody; `size` is the picture's width and height."""
    return {
        "category_id": _PERSON,
        "bbox": list(person.bbox),
        "area": float(len(person.pixels)),
        "iscrowd": 0,
        "num_keypoints": labelled(person.v.tolist()),
        "keypoints": triples(person.xy, person.v, TO_MIDDLE),
        "segmentation": rle(person.pixels, *size),
        "role": person.role,
    }


def rle(pixels: np.ndarray, width: int, height: int) -> dict[str, Any]:
    """COCO's compressed run lengths of a mask, from the pixels in it, ascending, counted down the columns."""
    try:
        from pycocotools import mask
    except ModuleNotFoundError:
        raise UserError(
            "masks in COCO's way need the library pycocotools", mend="Install it: pip install 'skatesynth[coco]'."
        ) from None
    breaks = np.flatnonzero(np.diff(pixels) > 1)
    first = pixels[np.concatenate(((0,), breaks + 1))]
    last = pixels[np.concatenate((breaks, (len(pixels) - 1,)))]
    edges = np.stack((first, last + 1), axis=1).ravel()
    counts = np.diff(edges, prepend=0, append=width * height).tolist()
    # A mask that ends with the picture has no last run of nothing.
    counts = counts if counts[-1] else counts[:-1]
    packed = mask.frPyObjects({"size": [height, width], "counts": counts}, height, width)
    return {"size": [height, width], "counts": packed["counts"].decode("ascii")}


def write_annotations(out: Out, clips: Clips, file: str, points: KeypointSet) -> None:
    """A JSON file for each split, `file` with its name in place of {split}; never all of it in memory."""
    for split in clips.splits:
        with out.file(file.format(split=split)) as json_file:
            for text in _pieces(clips, split, points):
                json_file.write(text.encode())


def _pieces(clips: Clips, split: str, points: KeypointSet) -> Iterator[str]:
    head = {
        "info": {"description": f"skatesynth, {split}", "version": own_version(), "year": 0, "contributor": ""},
        "licenses": [],
        "categories": [
            {
                "id": _PERSON,
                "name": "person",
                "supercategory": "person",
                "keypoints": list(points.points),
                "skeleton": [[a + 1, b + 1] for a, b in points.limbs],
            }
        ],
    }
    yield _json(head)[:-1]
    images = ({"id": number, **image["image"]} for number, image in _images(clips, split))
    people = ({"image_id": number, **person} for number, image in _images(clips, split) for person in image["people"])
    annotations = ({"id": number, **person} for number, person in enumerate(people, start=1))
    for name, entries in (("images", images), ("annotations", annotations)):
        yield f',\n"{name}":['
        for number, entry in enumerate(entries):
            yield f"{',' if number else ''}\n{_json(entry)}"
        yield "]"
    yield "}\n"


def _images(clips: Clips, split: str) -> Iterator[tuple[int, dict[str, Any]]]:
    made: Iterator[Made] = (clip for clip in clips if clip.split == split)
    yield from enumerate((image for clip in made for image in clip.made), start=1)


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def _people(points: KeypointSet, sample: Sample) -> list[dict[str, Any]]:
    return [annotation(person, size_of(sample)) for person in shown_people(sample, points)]


def _clip(out: Out, split: str, clip: int) -> ClipOfImages:
    return ClipOfImages(partial(_people, set_named(out.options.keypoints, COCO_17)), out, split, clip)


def _finish(out: Out, clips: Clips) -> None:
    points = set_named(out.options.keypoints, COCO_17)
    write_annotations(out, clips, "annotations/person_keypoints_{split}.json", points)


FORMAT = Format(_clip, _finish, frozenset({"keypoints"}))
