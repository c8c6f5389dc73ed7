"""A run that is killed time and again, whose disk fills up, whose worker dies: does the same data set come of it?

    python tests/bench/check_kills.py [--kills 25] [--seed 0] [--work DIR] [--painted]

Renders a job of 12 small clips once without interruption. Then once more, with SIGKILL for the whole process group at
random instants, resumed each time. Once all clips are finished every second one comes in the moment of packing, and
when the data set is finished another one is begun, until there were so many. Then on a small tmpfs that fills up and is
enlarged (needs root), and with workers killed. Every time SHA256SUMS must be that of the first run. `--painted` takes
workers that need no Blender.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAINTER = ROOT / "tests" / "unit" / "made_frames.py"
CLIPS = 12
JOB = f"""
clips: {CLIPS}
motions: [{{element: standing, parameters: {{seconds: 2}}}}]
frames: {{fps: 25, count: 2}}
cameras: [{{name: phone, width: 96, height: 72}}]
scene: {{preset: clean}}
render: {{quality: draft, samples: 1, subdivision: 0}}
output: {{split: {{train: 2, val: 1}}, shard_size: 5}}
"""
TIMEOUT = 3600.0
WRONG = 0


class Runs:
    """Starts `render` on the job, in a process group of its own."""

    def __init__(self, work: Path, painted: bool) -> None:
        self.job, self.painted = work / "job.yaml", painted
        self.job.write_text(JOB)

    def start(self, out: Path) -> subprocess.Popen[str]:
        command = [sys.executable, __file__, "--child", str(self.job), "--out", str(out)]
        return subprocess.Popen(
            [*command, *(["--painted"] if self.painted else [])],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def through(self, out: Path) -> tuple[int, str]:
        """Status and the last line of a run that nobody disturbs."""
        run = self.start(out)
        _, told = run.communicate(timeout=TIMEOUT)
        return run.returncode, (told.strip().splitlines() or [""])[-1]


def child(job: str, out: str, painted: bool) -> int:
    """The command `render`, with painters for workers if so asked."""
    from render_scripts.cli import main
    from render_scripts.run import process

    if painted:
        process.worker_command = lambda: [sys.executable, str(PAINTER)]
    return main(["render", job, "--out", out, "--json"])


def sums(out: Path) -> str:
    """What a finished data set is told by; empty if it is none, or anything else lies beside it."""
    try:
        text = (out / "SHA256SUMS").read_text()
    except OSError:
        return ""
    expected = {line.split("  ", 1)[1] for line in text.splitlines()} | {"SHA256SUMS", "run.json"}
    return text if {path.name for path in out.iterdir()} == expected else ""


def tell(what: str, good: bool) -> None:
    """One line of the result."""
    global WRONG
    WRONG += not good
    print(f"{'ok ' if good else 'BAD'} {what}", flush=True)


def killed(runs: Runs, work: Path, whole: str, seconds: float, kills: int, chance: random.Random) -> None:
    """SIGKILL at random instants of a run that takes so many seconds."""
    done, folders, told = 0, 0, []
    while done < kills:
        out = work / f"killed-{folders}"
        folders += 1
        while done < kills and not sums(out):
            packing = len(list(out.glob(".unfinished/0*.tar"))) == CLIPS
            run = runs.start(out)
            if packing and done % 2:
                while run.poll() is None and not [*out.glob("*.tar"), *out.glob(".*.tar.*.part")]:
                    time.sleep(0.005)
                wait = chance.uniform(0.0, 0.5)
            else:
                # Painters take most of their time to start.
                wait = chance.uniform(0.0, seconds if runs.painted else seconds / 4.0)
            with contextlib.suppress(subprocess.TimeoutExpired):
                run.wait(wait)
            if run.poll() is None:
                os.killpg(run.pid, signal.SIGKILL)
                run.wait()
                done += 1
                told.append(standing(out))
            run.communicate()
        status, line = runs.through(out)
        good = status == 0 and sums(out) == whole
        tell(
            f"folder {folders}, after {done} kills in all: status {status}, sums the same {'' if good else line}", good
        )
        shutil.rmtree(out)
    print(f"killed at: {'; '.join(told)}")


def standing(out: Path) -> str:
    """How far a run came, in words."""
    clips, half = len(list(out.glob(".unfinished/0*.tar"))), len(list(out.glob(".unfinished/.0*.part")))
    packed = [path.name for path in (*out.glob("*-*.tar"), *out.glob(".*.part"), *out.glob("SHA256SUMS"))]
    return f"{clips} clips{' and a half' if half else ''}{f', {len(packed)} files packed' if packed else ''}"


def filled(runs: Runs, work: Path, whole: str, size: int) -> None:
    """A disk that has room for `size` bytes until it is enlarged."""
    disk = work / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        print(f"--  a full disk is not tried: {mounted.stderr.strip()}")
        return
    try:
        for share in (0.4, 1.3):
            out = disk / f"out-{share}"
            subprocess.run(["mount", "-o", f"remount,size={int(share * size)}", str(disk)], check=True)
            status, line = runs.through(out)
            clips = sorted(out.glob(".unfinished/0*.tar"))
            before = {path: path.stat().st_mtime_ns for path in clips}
            good = status == 1 and "No space left" in line and not sums(out)
            tell(f"full disk, {share} of the clips' size: status {status}, {len(clips)} clips kept: {line}", good)
            run = runs.start(out)
            run.communicate()
            kept = all(path.stat().st_mtime_ns == then for path, then in before.items())
            tell(f"the same command again: status {run.returncode}, the clips are still there", kept)
            subprocess.run(["mount", "-o", f"remount,size={64 * size}", str(disk)], check=True)
            status, _ = runs.through(out)
            tell(f"enlarged: status {status}, sums the same", status == 0 and sums(out) == whole)
            shutil.rmtree(out)
    finally:
        subprocess.run(["umount", str(disk)], check=False)


def bereft(runs: Runs, work: Path, whole: str, seconds: float, chance: random.Random) -> None:
    """Workers that are killed, as for want of memory: twice in one run."""
    out = work / "bereft"
    run = runs.start(out)
    struck = 0
    while run.poll() is None and struck < 2:
        with contextlib.suppress(subprocess.TimeoutExpired):
            run.wait(chance.uniform(0.2, 0.4) * seconds)
        for worker in children(run.pid):
            os.kill(worker, signal.SIGKILL)
            struck += 1
    _, told = run.communicate(timeout=TIMEOUT)
    line = (told.strip().splitlines() or [""])[-1]
    tell(f"{struck} workers killed: status {run.returncode} {line}", run.returncode == 0 and sums(out) == whole)


def children(pid: int) -> list[int]:
    """Processes that a process has started (Linux)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return found


def main() -> int:
    """Returns 1 if anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--work", type=Path, help="folder for the data sets, in place of a temporary one")
    parser.add_argument("--painted", action="store_true")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--out", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        return child(options.child, options.out, options.painted)
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory(dir=options.work, prefix="kills-") as folder:
        work = Path(folder)
        runs, began = Runs(work, options.painted), time.monotonic()
        status, line = runs.through(work / "straight")
        seconds, whole = time.monotonic() - began, sums(work / "straight")
        tell(f"unbroken: status {status} in {seconds:.0f} s {line if status else ''}", status == 0 and bool(whole))
        if status:
            return 1
        size = sum(path.stat().st_size for path in (work / "straight").glob("*.tar"))
        killed(runs, work, whole, seconds, options.kills, chance)
        filled(runs, work, whole, size)
        bereft(runs, work, whole, seconds, chance)
    print("everything came out the same" if not WRONG else f"{WRONG} went wrong")
    return int(WRONG > 0)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
