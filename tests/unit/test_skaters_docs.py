"""docs/skaters.md: its tables are those of the code, and the job it shows is one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from render_scripts.cli import main
from render_scripts.job import load_job
from render_scripts.pages import marks
from render_scripts.plan import Plan
from render_scripts.skater_tables import TOPIC, markdown

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_has_the_tables_that_the_command_makes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (DOCS / "skaters.md").read_text(encoding="utf-8")
    page = tmp_path / "skaters.md"
    page.write_text(text, encoding="utf-8")
    assert main(["wardrobe", "--out", str(page)]) == 0
    assert page.read_text(encoding="utf-8") == text, "run: skatesynth wardrobe --out docs/skaters.md"
    capsys.readouterr()
    assert main(["wardrobe"]) == 0
    assert capsys.readouterr().out.strip() == markdown()
    begin, end = marks(TOPIC)
    assert f"{begin}\n\n{markdown()}\n\n{end}" in text


@pytest.mark.parametrize("name", ["skaters.md", "job.md"])
def test_the_jobs_shown_can_be_planned(name: str, tmp_path: Path) -> None:
    # The first one, with all keys; what follows it needs files that are not there.
    text, *_ = re.findall(r"```yaml\n(.*?)```", (DOCS / name).read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "job.yaml"
    path.write_text(text, encoding="utf-8")
    job = load_job(path)
    clips = Plan(job.model_copy(update={"clips": 3}), {("demo", None): 12.0})
    assert len(clips) == 3 and all(clip.skaters for clip in clips)
