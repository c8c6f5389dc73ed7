"""How long a large MVNX takes to read, against building its whole tree: `python tests/bench/bench_reading.py [MB]`.

The file has the streams of a real take (about 7 kB a frame), of which the reader needs two. Both readers run in one
process each, so that their peak memory can be told apart (not on Windows). Seconds are those of the processor.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

_ROOT = Path(__file__).resolve().parents[2]
_OTHER_STREAMS = {
    "velocity": 69, "acceleration": 69, "angularVelocity": 69, "angularAcceleration": 69, "sensorFreeAcceleration": 51,
    "sensorMagneticField": 51, "sensorOrientation": 68, "jointAngle": 66, "jointAngleXZY": 66, "centerOfMass": 3,
}  # fmt: skip

_OURS = "from mocap.takes import read_take; frames = len(read_take(path))"
_TREE = (
    "import xml.etree.ElementTree as E, numpy as np;"
    "ns = '{http://www.xsens.com/mvn/mvnx}'; root = E.parse(path).getroot();"
    "rows = [[np.array(f.find(ns + s).text.split(), float) for s in ('orientation', 'position')]"
    " for f in root.iter(ns + 'frame') if f.get('type') == 'normal']; frames = len(rows)"
)
_PROGRAM = """
import sys, time
path = sys.argv[1]
begin = time.process_time()
{body}
seconds = time.process_time() - begin
try:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == 'darwin' else 1 / 1024)
except ImportError:
    peak = 0
print(frames, seconds, peak / 1e6)
"""


def large_take(path: Path, megabytes: int) -> None:
    """An MVNX 4 file of about that size."""
    from mocap.elements.body import skater
    from mocap.motion import Motion
    from mocap.mvnx_writer import write_mvnx

    rng = np.random.default_rng(0)
    skeleton = skater()
    origins = skeleton.identity_positions()
    count = 240
    unrotated = np.tile((1.0, 0.0, 0.0, 0.0), (count, len(origins), 1))
    write_mvnx(Motion("bench", 240.0, skeleton, unrotated, np.tile(origins, (count, 1, 1))), path)
    text = path.read_text(encoding="utf-8")
    begin = text.index('\t\t\t<frame time="0" index="0"')
    end = text.index("\t\t</frames>")
    streams = "".join(
        f"\t\t\t\t<{name}>{' '.join(f'{value:.6f}' for value in rng.normal(size=width))}</{name}>\n"
        for name, width in _OTHER_STREAMS.items()
    )
    frames = text[begin:end].replace("\t\t\t</frame>", f"{streams}\t\t\t</frame>")
    with path.open("w", encoding="utf-8") as file:
        file.write(text[:begin])
        for _ in range(max(1, round(megabytes * 1e6 / len(frames)))):
            file.write(frames)
        file.write(text[end:])


def measured(body: str, path: Path) -> tuple[int, float, float]:
    """Frames read, seconds, and peak memory in MB of a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM.format(body=body), str(path)],
        cwd=_ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    frames, seconds, peak = done.stdout.split()
    return int(frames), float(seconds), float(peak)


def main() -> None:
    """Write the file, read it both ways, print a table."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.mvnx"
        large_take(path, megabytes)
        ours, tree = measured(_OURS, path), measured(_TREE, path)
        print(f"{path.stat().st_size / 1e6:.0f} MB, {ours[0]} frames")
        for name, (_, seconds, peak) in (("read_take", ours), ("xml.etree, whole tree", tree)):
            print(f"  {name:<22} {seconds:6.2f} s  {peak:6.0f} MB")
        print(f"  ratio                  {ours[1] / tree[1]:6.2f}    {ours[2] / max(tree[2], 1e-9):6.2f}")


if __name__ == "__main__":
    sys.path.insert(0, str(_ROOT))
    main()
