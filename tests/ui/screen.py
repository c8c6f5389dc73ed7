"""Works the real Blender's window as a user does: looks at its pixels, moves the mouse, clicks, types.

Blender's interface tells nobody what stands where. So words are looked for in the picture of the screen: Blender itself
writes them as its interface does, and where the picture correlates with that, there they are. A field is the box of
one colour beside its name. No place is known beforehand, so panels may change and windows may have another size.
"""

from __future__ import annotations

import base64
import json
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import cv2
import numpy as np
from real_blender import Blender

WIDTH, HEIGHT = 1280, 800
ALIKE = 0.93  # correlation from which a place in the picture is the words: theirs is over 0.97, others' under 0.83
INK = 60  # of 255, from which a pixel of written words belongs to them
CLEAR = 5  # pixels before and behind words that must be empty: most spaces within a sentence have less
APART = 9  # pixels that are empty there where words are all that is written; an icon may be nearer
TOOLS = ("Xvfb", "xdotool")
FAR = 60  # notches of the wheel, from one end of a sidebar to the other
LETTER = 10  # pixels along words that are compared by themselves, or “1 of 26” would be taken for “5 of 26”
SAME = 0.7  # correlation from which so few pixels are the same letters
WIDGET = 16  # pixels: a box of one colour that is shorter is no field


@dataclass(frozen=True)
class Box:
    """A place on the screen, pixels from its upper left corner."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def middle(self) -> tuple[int, int]:
        """Where one clicks."""
        return (self.left + self.right) // 2, (self.top + self.bottom) // 2

    def holds(self, x: float, y: float) -> bool:
        """Whether a pixel is in it."""
        return self.left <= x < self.right and self.top <= y < self.bottom


class Screen:
    """A virtual screen with Blender on it. A context manager; ends what it has started.

    Args:
        blender: the program and its folder.
        pictures: where `save` puts screenshots.
        arguments: given to Blender, such as a .blend file.
        variables: of its environment, besides those that it has anyway.
        online: whether it sees a network; without one, where the system has namespaces (Linux, as root).
    """

    def __init__(
        self,
        blender: Blender,
        pictures: Path,
        *arguments: str,
        variables: Mapping[str, str] | None = None,
        online: bool = True,
    ) -> None:
        self.folder, self.pictures = blender.folder, pictures
        self._asked = 0
        self._turned_to: str | None = None
        self._written: dict[tuple[str, bool], list[np.ndarray]] = {}
        pictures.mkdir(parents=True, exist_ok=True)
        shutil.copy(Path(__file__).with_name("inside.py"), self.folder)
        for name in ("ask.json", "answer.json", "display"):
            (self.folder / name).unlink(missing_ok=True)
        *before, program = blender.command()
        self._shell = subprocess.Popen(
            [*before, "sh"],
            cwd=self.folder,
            env=blender.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        frame = shlex.quote(str(self.folder))
        size = f"{WIDTH}x{HEIGHT}x24"
        self._say(
            f"Xvfb -displayfd 3 -screen 0 {size} -nolisten tcp -nocursor -fbdir {frame} 3>display >xvfb.txt 2>&1 &"
        )
        self._say("xvfb=$!")
        self.wait(lambda: (self.folder / "display").read_text().strip(), "a virtual screen", seconds=20)
        self._say(f"export DISPLAY=:{(self.folder / 'display').read_text().strip()} LP_NUM_THREADS=2")
        script = ["--python", str(self.folder / "inside.py"), "--", str(self.folder)]
        where = ["--window-geometry", "0", "0", str(WIDTH), str(HEIGHT)]
        for name, value in (variables or {}).items():
            self._say(f"export {name}={shlex.quote(value)}")
        apart = [] if online or self._say("unshare --net true && echo yes") != "yes\n" else ["unshare", "--net"]
        words = shlex.join([*apart, program, *where, *arguments, *script])
        self._say(f"{words} >blender.txt 2>&1 & blender=$!")

    def __enter__(self) -> Screen:
        """Waits until Blender has drawn itself."""
        try:
            self.ask("1", seconds=120)
            self.settle()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leaves a last picture where something went wrong."""
        try:
            if error is not None:
                self.save("where_it_failed")
        finally:
            self.close()

    def close(self) -> None:
        """Ends Blender and the screen."""
        if self._shell.poll() is None:
            self._say("kill $blender; sleep 0.3; kill -9 $blender 2>/dev/null; kill $xvfb; wait")
            self._shell.stdin.close()  # type: ignore[union-attr]
            try:
                self._shell.wait(20)
            except subprocess.TimeoutExpired:
                self._shell.kill()

    def run(self, command: str) -> str:
        """What a line of shell prints on both channels, run where Blender runs: it may see other disks than we do."""
        told = self._say(f"told=$(exec 2>&1; {command}); status=$?; printf '%s\\n%s\\n' \"$told\" $status")
        said, _, status = told.rstrip("\n").rpartition("\n")
        assert status == "0", f"{command}\n{said}"
        return said

    # What Blender says

    def ask(self, expression: str, *, seconds: float = 60.0) -> Any:
        """The value of a Python expression inside Blender: what `inside.listen` says. Waits while Blender is busy."""
        self._asked += 1
        question = self.folder / "ask.json"
        part = question.with_suffix(".part")
        part.write_text(json.dumps({"number": self._asked, "expression": expression}), encoding="utf-8")
        part.replace(question)
        answers: list[dict[str, Any]] = []

        def answered() -> bool:
            try:
                answer = json.loads((self.folder / "answer.json").read_text(encoding="utf-8"))
            except (OSError, ValueError):
                return False
            answers[:] = [answer]
            return bool(answer["number"] == self._asked)

        self.wait(answered, f"an answer to {expression}", seconds=seconds, pause=0.02)
        assert "error" not in answers[0], f"{expression}\n{answers[0]['error']}"
        return answers[0]["answer"]

    def region(self, area: str, region: str) -> Box:
        """Where a part of Blender's window is: `VIEW_3D`, `UI` is the sidebar of the 3D view."""
        for found in self.ask("areas()"):
            if (found["area"], found["region"]) == (area, region):
                return Box(*found["box"])
        raise AssertionError(f"no {region} of {area} on the screen")

    def log(self) -> str:
        """What Blender has printed."""
        return (self.folder / "blender.txt").read_text(encoding="utf-8", errors="replace")

    # What the eye sees

    def picture(self) -> np.ndarray:
        """The screen as it is now, (H, W, 3), blue first: the virtual screen's own memory, an XWD file."""
        data = (self.folder / "Xvfb_screen0").read_bytes()
        head = np.frombuffer(data, ">u4", 25)
        start, width, height, per_line, colours = int(head[0]), int(head[4]), int(head[5]), int(head[12]), int(head[19])
        start += 12 * colours
        rows = np.frombuffer(data, np.uint8, per_line * height, start).reshape(height, per_line)
        return rows[:, : 4 * width].reshape(height, width, 4)[..., :3].copy()

    def save(self, name: str, box: Box | None = None) -> Path:
        """A screenshot, or a part of it."""
        pixels = self.picture()
        if box is not None:
            pixels = pixels[box.top : box.bottom, box.left : box.right]
        path = self.pictures / f"{name}.png"
        assert cv2.imwrite(str(path), pixels, [cv2.IMWRITE_PNG_COMPRESSION, 9])
        return path

    def settle(self, seconds: float = 60.0) -> None:
        """Waits until the picture stands still, over two rounds of Blender's loop at least: each ends with drawing."""
        end = time.monotonic() + seconds
        before = None
        while time.monotonic() < end:
            for _ in range(2):
                self.ask("1", seconds=seconds)
            time.sleep(0.05)
            now = self.picture()
            if before is not None and np.array_equal(now, before):
                return
            before = now
        raise AssertionError(f"the screen was not still within {seconds:.0f} s")

    def places(self, words: str, *, inside: Box | None = None, upright: bool = False, title: bool = False) -> list[Box]:
        """Where these words stand, from top to bottom; nothing may stand close before or behind them.

        Args:
            inside: looks there only.
            upright: turned by a quarter, as on the tabs of a sidebar.
            title: of a panel, with its arrow before it; else, where words stand with and without an arrow or an icon,
                those without are meant.
        """
        area = inside or Box(0, 0, WIDTH, HEIGHT)
        seen = cv2.cvtColor(self.picture()[area.top : area.bottom, area.left : area.right], cv2.COLOR_BGR2GRAY)
        found: list[tuple[float, Box]] = []
        for pattern in self._patterns(words, upright):
            high, wide = pattern.shape
            if high > seen.shape[0] or wide > seen.shape[1]:
                continue
            likeness = np.abs(cv2.matchTemplate(seen, pattern, cv2.TM_CCOEFF_NORMED))
            likeness[~np.isfinite(likeness)] = 0.0
            for y, x in zip(*np.nonzero(likeness >= ALIKE), strict=True):
                there = seen[y : y + high, x : x + wide]
                if _stands_alone(there, CLEAR, upright) and _same_letters(there, pattern, upright):
                    left, top = area.left + int(x), area.top + int(y)
                    found.append((float(likeness[y, x]), Box(left, top, left + wide, top + high)))
        chosen: list[Box] = []
        for _, box in sorted(found, key=lambda each: -each[0]):
            if not any(other.holds(*box.middle) for other in chosen):
                chosen.append(box)
        chosen.sort(key=lambda box: (box.top, box.left))
        more = APART - CLEAR
        alone = []
        for box in chosen:
            x, y = box.left - area.left, box.top - area.top
            right, bottom = box.right - area.left, box.bottom - area.top
            along = seen[max(y - more, 0) : bottom + more, x:right], seen[y:bottom, max(x - more, 0) : right + more]
            if _stands_alone(along[0 if upright else 1], APART, upright):
                alone.append(box)
        if title:
            # Of words within a button, too, something stands close before them; but titles begin at the very left.
            return [box for box in chosen if box not in alone and box.left == min(each.left for each in chosen)]
        return alone or chosen

    def likeness(self, words: str, *, inside: Box | None = None, upright: bool = False) -> float:
        """The best correlation anywhere, to judge `ALIKE` by."""
        area = inside or Box(0, 0, WIDTH, HEIGHT)
        seen = cv2.cvtColor(self.picture()[area.top : area.bottom, area.left : area.right], cv2.COLOR_BGR2GRAY)
        return max(
            float(np.nanmax(np.abs(cv2.matchTemplate(seen, pattern, cv2.TM_CCOEFF_NORMED))))
            for pattern in self._patterns(words, upright)
        )

    def find(
        self,
        words: str,
        *,
        inside: Box | None = None,
        upright: bool = False,
        title: bool = False,
        seconds: float = 5.0,
    ) -> Box:
        """The one place where these words stand; waits for it a little."""
        found: list[Box] = []

        def there() -> bool:
            found[:] = self.places(words, inside=inside, upright=upright, title=title)
            return bool(found)

        self.wait(there, f"“{words}” on the screen", seconds=seconds, pause=0.2)
        assert len(found) == 1, f"“{words}” stands in {len(found)} places: {found}"
        return found[0]

    def sees(self, words: str, *, inside: Box | None = None) -> bool:
        """Whether these words are on the screen now."""
        return bool(self.places(words, inside=inside))

    def field(self, label: str, *, inside: Box | None = None) -> Box:
        """The widget beside a name: the first box of one colour to the right of it."""
        name = self.find(label, inside=inside)
        y = name.middle[1]
        # Above and below the letters in it, a field is its own colour; what is between it and its name is the panel's.
        rows = self.picture()[y - 5 : y + 6, name.right - 2 :].astype(int)
        ground = rows[:, 0]
        other = np.abs(rows - ground[:, None]).sum(axis=2).min(axis=0) > 6
        runs = np.flatnonzero(np.diff(np.concatenate([[False], other, [False]]).astype(np.int8)))
        for begin, end in runs.reshape(-1, 2):
            if end - begin >= WIDGET - 4:
                left = name.right - 2 + int(begin)
                return Box(left, y - 8, left + int(end - begin), y + 8)
        raise AssertionError(f"no field beside “{label}”")

    def before(self, words: Box) -> list[Box]:
        """What is drawn to the left of words, from near to far: icons, a box to tick, an arrow."""
        return self._drawn(Box(0, words.top, words.left + 2, words.bottom))[::-1]

    def after(self, words: Box, *, inside: Box) -> list[Box]:
        """What is drawn to the right of words in a sidebar, from left to right; its tabs are not."""
        tabs = self.find("SkateSynth", inside=inside, upright=True)
        return self._drawn(Box(words.right - 2, words.top, tabs.left - 4, words.bottom))

    def _drawn(self, strip: Box) -> list[Box]:
        pixels = self.picture()[strip.top : strip.bottom, strip.left : strip.right]
        drawn = np.ptp(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY).astype(int), axis=0) > 40
        runs = np.flatnonzero(np.diff(np.concatenate([[False], drawn, [False]]).astype(np.int8))).reshape(-1, 2)
        found: list[Box] = []
        for left, right in (runs + strip.left).tolist():
            if found and left - found[-1].right < CLEAR:  # letters of a word, parts of an icon
                left = found.pop().left
            found.append(Box(left, strip.top, right, strip.bottom))
        return found

    # What hands do

    def move(self, where: Box | tuple[int, int]) -> None:
        """The mouse goes there."""
        x, y = where.middle if isinstance(where, Box) else where
        # In two steps: Blender marks the widget under the mouse when the mouse moves over it.
        self._say(f"xdotool mousemove {x - 2} {y} sleep 0.05 mousemove {x} {y}")
        for _ in range(2):  # a click would be lost on a widget that Blender has not marked yet
            self.ask("1")

    def click(self, what: str | Box, *, inside: Box | None = None, seconds: float = 60.0) -> None:
        """Clicks words or a place, and waits for what comes of it, `seconds` at most."""
        self.move(self.find(what, inside=inside) if isinstance(what, str) else what)
        self._say("xdotool mousedown 1 sleep 0.05 mouseup 1 sleep 0.05")
        self.settle(seconds)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Moves the mouse from one place to another with its button held."""
        self.move(start)
        self._say("xdotool mousedown 1 sleep 0.1")
        for share in (0.3, 0.6, 1.0):  # Blender takes what is farther for a jump of a tablet's pen
            x, y = (round(begin + share * (stop - begin)) for begin, stop in zip(start, end, strict=True))
            self._say(f"xdotool mousemove {x} {y} sleep 0.1")
        self._say("xdotool mouseup 1 sleep 0.05")
        self.settle()

    def key(self, *keys: str) -> None:
        """Presses keys: "ctrl+z", "Return". They go to what is under the mouse."""
        self._say(f"xdotool key --delay 40 {shlex.join(keys)} sleep 0.05")
        self.settle()

    def write(self, words: str) -> None:
        """Types."""
        self._say(f"xdotool type --delay 15 {shlex.quote(words)}")

    def fill(self, label: str, words: str, *, inside: Box | None = None) -> None:
        """Types into the field beside a name, in place of what is there."""
        self.fill_in(self.field(label, inside=inside), words)

    def fill_in(self, field: Box, words: str) -> None:
        """Types into a field, in place of what is there."""
        self.move(field)
        self._say("xdotool click --repeat 2 --delay 60 1 sleep 0.1 key ctrl+a sleep 0.05")
        self.write(words)
        self.key("Return")

    def choose(self, label: str, item: str, *, inside: Box | None = None) -> None:
        """Picks from the menu of the field beside a name."""
        self.click(self.field(label, inside=inside))
        self.click(item)

    def turn_to(self, title: str, *, inside: Box) -> None:
        """Opens a panel of a sidebar and closes the one that was turned to before; at first, all others."""
        if self._turned_to is None:
            # All are open: with the control key held, a click closes all others.
            self.move(self.reveal(title, inside=inside, title=True))
            self._say("xdotool keydown ctrl sleep 0.2 click 1 sleep 0.2 keyup ctrl sleep 0.05")
            self.settle()
        elif self._turned_to != title:
            for each in (self._turned_to, title):
                place = self.reveal(each, inside=inside, title=True)
                if self._is_open(place) == (each != title):
                    self.click(place)
        self._turned_to = title
        assert self._is_open(self.find(title, inside=inside, title=True)), f"the panel {title} did not open"

    def _is_open(self, title: Box) -> bool:
        # The arrow before a title points down, and is wider than high, or to the right.
        arrow = cv2.cvtColor(
            self.picture()[title.top - 3 : title.bottom + 3, title.left - 14 : title.left], cv2.COLOR_BGR2GRAY
        )
        ink = arrow > (int(arrow.min()) + int(arrow.max())) / 2
        return bool(np.ptp(np.flatnonzero(ink.any(0))) > np.ptp(np.flatnonzero(ink.any(1))))

    def reveal(self, words: str, *, inside: Box, title: bool = False) -> Box:
        """Where words stand in a sidebar, which is scrolled until they are seen: upwards first, then down."""
        if not self.places(words, inside=inside, title=title):
            self.scroll(inside, -FAR)
            for _ in range(FAR // 4):
                if self.places(words, inside=inside, title=title):
                    break
                before = self.picture()
                self.scroll(inside, 4)
                if np.array_equal(before, self.picture()):
                    break
        return self.find(words, inside=inside, title=title)

    def scroll(self, over: Box, steps: int) -> None:
        """Turns the mouse wheel; downwards is positive."""
        self.move(over)
        self._say(f"xdotool click --repeat {abs(steps)} --delay 20 {5 if steps > 0 else 4}")
        self.settle()

    def wait(self, until: Callable[[], Any], what: str, *, seconds: float = 30.0, pause: float = 0.1) -> None:
        """Looks again and again; fails if it does not come true."""
        end = time.monotonic() + seconds
        while True:
            if (self.folder / "blender.txt").exists() or what == "a virtual screen":
                try:
                    if until():
                        return
                except OSError:
                    pass
            assert self._shell.poll() is None, f"the screen is gone\n{self.log()[-3000:]}"
            assert time.monotonic() < end, f"waited {seconds:.0f} s for {what}"
            time.sleep(pause)

    def _say(self, command: str) -> str:
        assert self._shell.stdin is not None and self._shell.stdout is not None
        self._shell.stdin.write(f"{command}\necho _done_\n")
        self._shell.stdin.flush()
        said: list[str] = []
        while (line := self._shell.stdout.readline()).strip() != "_done_":
            assert line, f"{command}: the shell has ended\n{''.join(said)}"
            said.append(line)
        return "".join(said)

    def _patterns(self, words: str, upright: bool) -> Sequence[np.ndarray]:
        if (words, upright) not in self._written:
            patterns = []
            for shift in (0.0, 0.25, 0.5, 0.75):
                written = self.ask(f"write({words!r}, False, {shift})")
                pixels = np.frombuffer(base64.b64decode(written["pixels"]), np.uint8)
                pixels = pixels.reshape(written["height"], written["width"])
                rows, columns = np.flatnonzero((pixels > INK).any(1)), np.flatnonzero((pixels > INK).any(0))
                assert len(rows), f"nothing to look for in “{words}”"
                cut = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
                cut = cv2.copyMakeBorder(cut, 1, 1, CLEAR, CLEAR, cv2.BORDER_CONSTANT, value=0)
                patterns.append(np.rot90(cut, -1).copy() if upright else cut)
            self._written[(words, upright)] = patterns
        return self._written[(words, upright)]


def _stands_alone(seen: np.ndarray, margin: int, upright: bool) -> bool:
    """Whether nothing is written in the margins before and behind words."""
    across = seen.T if upright else seen
    contrast = int(across.max()) - int(across.min())
    return all(np.ptp(edge) < contrast / 3 for edge in (across[:, :margin], across[:, -margin:]))


def _same_letters(seen: np.ndarray, pattern: np.ndarray, upright: bool) -> bool:
    """Whether the words are alike in each of their parts, too."""
    there, wanted = (seen.T, pattern.T) if upright else (seen, pattern)
    for left in range(CLEAR - 2, wanted.shape[1] - LETTER, LETTER // 2):
        one = wanted[:, left : left + LETTER].astype(float).ravel()
        other = there[:, left : left + LETTER].astype(float).ravel()
        if one.std() > 20.0 and (other.std() == 0.0 or abs(np.corrcoef(one, other)[0, 1]) < SAME):
            return False
    return True
