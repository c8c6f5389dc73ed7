"""What reading costs, against a bare pass over the same bytes: `python tests/bench/bench_reading.py [MB]` of a large
MVNX, against expat; `python tests/bench/bench_reading.py DIR` of the pictures of a data set, against OpenCV.

Of a data set: pictures per second of `open_dataset`, with and without opening it anew in each round, and of bare
`cv2.imdecode` over the same pictures, which lie in memory already; in turns, seconds of the processor on one thread,
fastest rounds.

Of recordings, two files, both from our own writer: one as it is, all of which has to be turned into numbers, and one
with the other streams of a real take put in between (about 7 kB a frame), of which the reader needs a third. The bare
pass parses the same floats in the same way and does nothing with them.

Seconds are those of the processor. The two programs take turns in one interpreter each, so that a busy machine slows
both, and the ratio is that of their fastest rounds. Memory is the peak of each interpreter above what it held after its
imports, and above the arrays of the result.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

_ROOT = Path(__file__).resolve().parents[2]
_ROUNDS = 3
_BARE_PICTURES = "cv2.imdecode alone"
_OTHER_STREAMS = {
    "velocity": 69, "acceleration": 69, "angularVelocity": 69, "angularAcceleration": 69, "sensorFreeAcceleration": 51,
    "sensorMagneticField": 51, "sensorOrientation": 68, "jointAngle": 66, "jointAngleXZY": 66, "centerOfMass": 3,
}  # fmt: skip

_OURS = """
from mocap.takes import read_take
def read(path):
    motion = read_take(path)
    return len(motion), motion.orientations.nbytes + motion.positions.nbytes
"""
_BARE = """
from array import array
from xml.parsers import expat
def read(path):
    values = {name: array("d") for name in ("orientation", "position", "footContacts")}
    chunks = []
    frames = 0
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    def start(name, attributes):
        if name in values:
            chunks.clear()
            parser.CharacterDataHandler = chunks.append
    def end(name):
        nonlocal frames
        if name in values:
            parser.CharacterDataHandler = None
            values[name].extend(map(float, "".join(chunks).split()))
        elif name == "frame":
            frames += 1
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    with open(path, "rb") as file:
        while block := file.read(1 << 16):
            parser.Parse(block, False)
        parser.Parse(b"", True)
    return frames, 8 * sum(map(len, values.values()))
"""
_PROGRAM = """
import gc, sys, time
{definition}
import numpy
def peak():
    try:
        import resource
    except ImportError:  # Windows
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
def held():
    try:
        with open("/proc/self/status") as status:
            return 1024 * next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    except OSError:  # no Linux
        return peak()
before = held()
for line in sys.stdin:
    begin = time.process_time()
    frames, result = read(sys.argv[1])
    print(frames, time.process_time() - begin, peak() - before, result, flush=True)
"""


def large_take(path: Path, megabytes: int, streams: dict[str, int]) -> None:
    """An MVNX 4 file of about that size, with these further streams of so many values a frame."""
    from mocap.elements.body import skater
    from mocap.motion import Motion, forward_kinematics
    from mocap.mvnx.write import write_mvnx
    from mocap.rotations import from_axis_angle

    rng = np.random.default_rng(0)
    count = 240
    turns = from_axis_angle(rng.normal(size=(23, 3)), np.cumsum(rng.normal(scale=0.05, size=(count, 23)), axis=0))
    skeleton = skater()
    orientations, positions = forward_kinematics(skeleton, rng.normal(size=(count, 3)), turns)
    write_mvnx(Motion("bench", 240.0, skeleton, orientations, positions, rng.random((count, 4)) < 0.5), path)
    text = path.read_text(encoding="utf-8")
    begin = text.index('\t\t\t<frame time="0" index="0"')
    end = text.index("\t\t</frames>")
    others = "".join(
        f"\t\t\t\t<{name}>{' '.join(f'{value:.6f}' for value in rng.normal(size=width))}</{name}>\n"
        for name, width in streams.items()
    )
    frames = text[begin:end].replace("\t\t\t</frame>", f"{others}\t\t\t</frame>")
    with path.open("w", encoding="utf-8") as file:
        file.write(text[:begin])
        for _ in range(max(1, round(megabytes * 1e6 / len(frames)))):
            file.write(frames)
        file.write(text[end:])


class Reader:
    """One way to read, in an interpreter of its own."""

    def __init__(self, name: str, definition: str, path: Path) -> None:
        self.name = name
        self.seconds: list[float] = []
        self.frames = self.peak = self.result = 0.0
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM.format(definition=definition), str(path)],
            cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def once(self) -> None:
        """Read the file once more."""
        assert self._process.stdin is not None and self._process.stdout is not None
        print(file=self._process.stdin, flush=True)
        frames, seconds, peak, result = map(float, self._process.stdout.readline().split())
        if not self.seconds:  # later rounds may find the memory of the first still held
            self.frames, self.peak, self.result = frames, peak, result
        self.seconds.append(seconds)

    def close(self) -> None:
        """End the interpreter."""
        self._process.communicate()


def compare(path: Path) -> None:
    """Print a table of both readers over one file."""
    readers = [Reader("read_take", _OURS, path), Reader("bare expat", _BARE, path)]
    for _ in range(_ROUNDS):
        for reader in readers:
            reader.once()
    print(f"{path.stem}: {path.stat().st_size / 1e6:.0f} MB, {readers[0].frames:.0f} frames")
    for reader in readers:
        above = (reader.peak - reader.result) / 1e6
        print(
            f"  {reader.name:<12} {min(reader.seconds):6.2f} s, {above:5.0f} MB above the {reader.result / 1e6:.0f} MB"
        )
        reader.close()
    print(f"  ratio        {min(readers[0].seconds) / min(readers[1].seconds):6.2f}")


def compare_pictures(folder: Path, most: int = 400) -> None:
    """Print how fast our reader delivers a data set's pictures, and OpenCV decodes them."""
    import time

    import cv2

    from render_scripts.reading import open_dataset

    cv2.setNumThreads(1)
    data = open_dataset(folder)[:most]
    stored = [sample.raw("rgb.png" if "rgb.png" in sample.fields else "rgb.jpg") for sample in data]

    keys = np.random.default_rng(0).permutation(data.keys).tolist()

    def ours() -> None:
        for sample in open_dataset(folder)[:most]:
            sample["rgb"]

    def again() -> None:
        for sample in data:
            sample["rgb"]

    def scattered() -> None:
        for key in keys:
            data[key]["rgb"]

    def bare() -> None:
        for picture in stored:
            cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_UNCHANGED)

    ways = {
        "in order": again,
        "in order, opened anew": ours,
        "at random, by key": scattered,
        "cv2.imdecode alone": bare,
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(5 * _ROUNDS):
        for name, way in ways.items():
            begin = time.process_time()
            way()
            seconds[name].append(time.process_time() - begin)
    print(f"{len(data)} pictures, {sum(map(len, stored)) / len(stored) / 1e3:.0f} kB each")
    for name, each in seconds.items():
        ratio = min(seconds[_BARE_PICTURES]) / min(each)
        print(f"  {name:<24}{len(data) / min(each):8.0f} pictures/s   {ratio:5.2f}")


def main() -> None:
    """Write both files, read each both ways."""
    if len(sys.argv) > 1 and not sys.argv[1].isdecimal():
        return compare_pictures(Path(sys.argv[1]))
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory() as folder:
        for name, streams in (("as written", {}), ("all streams", _OTHER_STREAMS)):
            path = Path(folder) / f"{name}.mvnx"
            large_take(path, megabytes, streams)
            compare(path)


if __name__ == "__main__":
    sys.path.insert(0, str(_ROOT))
    main()
