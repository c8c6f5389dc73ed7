"""The report as a browser shows it: labels switch, nothing complains, nothing is fetched, nothing hostile runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from chromium import Chromium, find_chromium
from made_report import report_set, with_hostile_names

from render_scripts.report import write_report

LAYERS = "[...document.querySelectorAll('#frame img.layer')].map((i) => i.dataset.layer).join()"
POINTS = "document.querySelectorAll('#frame .point').length"


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium here (apt-get install chromium)")
    with Chromium(program) as running:
        yield running


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    write_report(report_set(folder / "set"), folder / "report.html", quiet=True)
    return folder / "report.html"


@pytest.fixture(autouse=True)
def quiet_and_offline(browser: Chromium) -> Iterator[None]:
    browser.complaints.clear()
    browser.requests.clear()
    yield
    assert browser.complaints == []
    assert [url for url in browser.requests if not url.startswith(("file:", "data:"))] == []


def press(browser: Chromium, selector: str) -> None:
    browser.ask(f"document.querySelector({selector!r}).click()")


def test_labels_switch_by_hand(browser: Chromium, report: Path) -> None:
    browser.open(report)
    assert browser.ask(LAYERS) == "body" and browser.ask(POINTS) == 25
    press(browser, "#overlays [value=clothes]")
    press(browser, "#overlays [value=body]")
    assert browser.ask(LAYERS) == "clothes"
    press(browser, "#overlays [value=amodal]")
    press(browser, "#overlays [value=depth]")
    press(browser, "#overlays [value=boxes]")
    assert browser.ask(LAYERS) == "depth,clothes,amodal"
    # Of what is seen, and of the whole person.
    assert browser.ask("document.querySelectorAll('#frame .box').length") == 2
    browser.ask("(s => { s.value = 'coco_17'; s.dispatchEvent(new Event('change')); })(document.querySelector('#set'))")
    assert browser.ask(POINTS) == 17 and "points=coco_17" in browser.ask("location.hash")
    assert browser.ask("document.querySelector('#frame .point title').textContent") == "nose: visible"
    before = browser.ask("document.querySelector('#key').textContent")
    press(browser, "#next")
    assert browser.ask("document.querySelector('#key').textContent") != before
    assert browser.ask("document.querySelectorAll('#strip [aria-pressed=true]').length") == 1
    assert browser.ask("[...document.images].every((i) => i.complete && i.naturalWidth > 0)")


def test_a_view_can_be_sent_to_somebody(browser: Chromium, report: Path) -> None:
    browser.open(report, "#sample=000001_a_000000&show=boxes,instance&points=none&strength=80")
    assert browser.ask("document.querySelector('#key').textContent") == "000001_a_000000"
    assert browser.ask(LAYERS) == "instance" and browser.ask(POINTS) == 0
    assert browser.ask("document.querySelector('#frame img.layer').style.opacity") == "0.8"
    browser.ask("location.hash = '#sample=nobody&show=nothing&points=constructor&strength=x'")
    assert (
        browser.ask("new Promise((r) => setTimeout(() => r(document.querySelectorAll('#frame img').length), 200))") == 1
    )


@pytest.mark.parametrize(("width", "dark"), [(1360, False), (1360, True), (390, False)], ids=["wide", "dark", "narrow"])
def test_it_is_seen_at_any_width(browser: Chromium, report: Path, tmp_path: Path, width: int, dark: bool) -> None:
    browser.window(width, 900, dark=dark)
    browser.open(report)
    assert browser.ask("document.documentElement.scrollWidth") <= width
    browser.screenshot(tmp_path / "seen.png")
    picture = cv2.imread(str(tmp_path / "seen.png"))
    assert picture is not None and picture.shape[1] == width
    ground = picture[4, 4].astype(int)
    assert (ground.max() < 60) if dark else (ground.min() > 230)
    assert 0.01 < np.mean(np.abs(picture.astype(int) - ground).max(axis=-1) > 60) < 0.9


def test_nothing_of_a_hostile_set_runs(browser: Chromium, tmp_path: Path) -> None:
    dataset = report_set(tmp_path / "set", 3, change=with_hostile_names)
    write_report(dataset, tmp_path / "report.html", quiet=True)
    browser.open(tmp_path / "report.html")
    assert browser.ask("typeof window.hacked") == "undefined"
    assert (
        browser.ask("document.scripts.length") == 2
        and browser.ask("document.querySelectorAll('[onerror]').length") == 0
    )
    assert "<script>window.hacked" in browser.ask("document.querySelector('#facts').textContent")
