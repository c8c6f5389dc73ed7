"""The schema that is committed is that of the models, and samples are as it says."""

from __future__ import annotations

import json
from pathlib import Path

from made_sets import made_samples, small_job

from render_scripts.sample_schema import faults_of_json, schema_text

ROOT = Path(__file__).resolve().parents[2]


def test_the_committed_schema_is_up_to_date() -> None:
    # python -m render_scripts.sample_schema docs/sample.schema.json
    assert (ROOT / "docs" / "sample.schema.json").read_text(encoding="utf-8") == schema_text()
    assert json.loads(schema_text())["additionalProperties"] is False


def test_samples_follow_it() -> None:
    assert [faults_of_json(fields["json"]) for _, fields in made_samples(small_job())] == [[]] * 12


def test_what_is_no_json_does_not() -> None:
    for data in (b"", b"\xff", b"[" * 100_000, b"{}", b"[]", b"NaN"):
        assert faults_of_json(data), data[:5]
