"""The `skatesynth` command. Exit status: 0 done, 1 failed, 2 what was given cannot be used.

What a command needs is imported when it runs: `--help` must not wait for scipy, OpenCV or Blender.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

from mocap.errors import UserError
from render_scripts.errors import RunFailed
from render_scripts.export import FORMATS, export

if TYPE_CHECKING:
    from mocap.motion import Motion
    from render_scripts.job import Job
    from render_scripts.movement import TakeKey

DONE, FAILED, BAD_INPUT, STOPPED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit status, having said in one line on standard error what went wrong."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        signal.signal(signal.SIGTERM, _stop)
        return command(options)
    except UserError as error:
        return _complain(error.line(), BAD_INPUT)
    except KeyboardInterrupt:
        return _complain("stopped; clips that are finished stay, the same command goes on from them", STOPPED)
    except BrokenPipeError:
        # Whoever read our output has enough of it; Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return DONE
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] in ("mocap", "blender_addon", "render_scripts"):
            raise
        return _complain(f"the library {error.name!r} is not installed. See: skatesynth doctor", FAILED)
    except RunFailed as error:
        return _complain(str(error), FAILED)
    except OSError as error:
        place = "" if error.filename is None else f"{error.filename}: "
        return _complain(f"{place}{error.strerror or error}", FAILED)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line like every other mistake, in place of the whole usage."""
        self.exit(BAD_INPUT, f"skatesynth: {message}. See: {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="skatesynth", description="Labelled training pictures of figure skaters, from motion capture."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(command=run)
        return command

    demo = add("demo", _demo, "Render the project's own take: 16 instants from two cameras.")
    demo.add_argument("--out", type=Path, default=Path("demo"), metavar="DIR", help="folder to fill (%(default)s)")
    _add_running(demo)

    render = add("render", _render, "Render a job into labelled shards.")
    _add_job(render)
    render.add_argument("--out", type=Path, metavar="DIR", help="folder to fill, in place of the job's")
    _add_running(render)

    plan = add("plan", _plan, "Show what a job will render, without rendering.")
    _add_job(plan)
    plan.add_argument(
        "--clip", type=int, metavar="K", help="show one clip in full, with everything that is drawn for it"
    )
    plan.add_argument("--json", action="store_true", help="the clips in full, or that one, as JSON")

    preview = add(
        "preview",
        _preview,
        "Render a small frame of each camera with its labels drawn on it, or a sheet of people or scenes.",
    )
    _add_job(preview, needed=False)
    preview.add_argument("--clip", type=int, default=0, help="which clip (%(default)s)")
    preview.add_argument("--frame", type=int, help="which frame of it (the middle one)")
    preview.add_argument(
        "--people", type=_positive, metavar="N", help="portraits of N random people of the job, or of no job at all"
    )
    preview.add_argument(
        "--scenes", type=_positive, metavar="N", help="N random scenes of the job, or of no job at all, seen small"
    )
    preview.add_argument(
        "--preset", choices=("clean", "default", "wild"), help="of --scenes without a job (default), from any camera"
    )
    preview.add_argument("--seed", type=_seed, help="in place of the job's")
    preview.add_argument("-o", "--out", type=Path, default=Path("preview.png"), metavar="PNG", help="(%(default)s)")
    _add_assets(preview)

    validate = add("validate", _validate, "Check that a data set is whole, and that labels and pictures agree.")
    validate.add_argument("dataset", type=Path, metavar="DIR", help="folder of shards")
    validate.add_argument("--full", action="store_true", help="look at every byte and every sample, not at some")
    validate.add_argument("--workers", type=_positive, default=1, metavar="N", help="processes (%(default)s)")
    validate.add_argument("--json", action="store_true", help="all figures and faults as JSON, and no bar")

    report = add("report", _report, "Write what is in a data set as one HTML file, with samples and plots.")
    report.add_argument("dataset", type=Path, metavar="DIR", help="folder of shards")
    report.add_argument("--out", type=Path, default=Path("report.html"), metavar="HTML", help="(%(default)s)")

    export = add("export", _export, "Write a data set in another program's format.")
    export.add_argument("dataset", type=Path, metavar="DIR", help="folder of shards")
    export.add_argument("--format", required=True, choices=sorted(FORMATS))
    export.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to fill, or to go on with")
    export.add_argument("--split", metavar="NAME", help="only samples of this split")
    export.add_argument("--keypoints", metavar="SET", help="of coco, yolo-pose: another keypoint set than COCO's")
    export.add_argument("--video", action="store_true", help="of openpose: a video per camera instead of frames")
    export.add_argument("--json", action="store_true", help="say what was written as JSON, and show no bar")

    take = add("take", _take, "Tell what is in a recording.")
    take.add_argument("file", metavar="FILE", help=".mvnx, .bvh or 'demo'")
    take.add_argument("--subject", help="which person, in a file of several")
    take.add_argument("--start", type=_seconds, metavar="S", help="seconds from the first frame to look from")
    take.add_argument("--end", type=_seconds, metavar="S", help="seconds from the first frame to look to")
    take.add_argument(
        "--mvnx", type=Path, metavar="FILE", help="also write the recording, or that part of it, as MVNX 4"
    )
    take.add_argument("--joint-map", type=Path, metavar="YAML", help="what the joints of a foreign BVH are")
    take.add_argument(
        "--write-joint-map", type=Path, metavar="YAML", help="write a guess of that map, to look over, and no more"
    )
    _add_picture(take)
    _add_retarget(take)
    take.add_argument("--json", action="store_true")

    element = add("element", _element, "Tell of the skating elements that can be asked for by name, and make them.")
    element.add_argument("name", nargs="?", metavar="NAME", help="such as 'axel'; all of them if left out")
    element.add_argument(
        "--set", action="append", default=[], type=_setting, metavar="KEY=NUMBER", help="a parameter; repeatable"
    )
    element.add_argument("--mvnx", type=Path, metavar="FILE", help="write it as MVNX 4")
    _add_picture(element)
    _add_retarget(element)
    element.add_argument("--json", action="store_true")

    wardrobe = add("wardrobe", _wardrobe, "Tell what people can look like and wear, as tables.")
    wardrobe.add_argument("--out", type=Path, metavar="PAGE", help="put the tables between the marks of this page")

    quality = add(
        "quality", _quality, "Measure how well takes and all elements are retargeted onto every body and rig."
    )
    quality.add_argument("takes", nargs="*", metavar="FILE", help="recordings to measure as well")
    quality.add_argument("--out", type=Path, metavar="PAGE", help="put the tables between the marks of this page")
    _add_assets(quality)

    assets = add("assets", _assets, "Fetch the MakeHuman data, or say where it is.")
    assets.add_argument("action", choices=("fetch", "where"))
    assets.add_argument("--json", action="store_true")

    extension = add("build-extension", _build_extension, "Pack the Blender extension, for one system.")
    extension.add_argument("--out", type=Path, default=Path("dist"), metavar="DIR", help="folder (%(default)s)")
    extension.add_argument("--platform", metavar="NAME", help="linux-x64, windows-x64, macos-arm64, … (this machine's)")
    extension.add_argument("--python", action="append", metavar="X.Y", help="Python in the Blender; repeatable")

    doctor = add("doctor", _doctor, "Say what is missing on this machine, and how to mend it.")
    doctor.add_argument("--json", action="store_true")
    return parser


def _add_job(command: argparse.ArgumentParser, *, needed: bool = True) -> None:
    command.add_argument(
        "job",
        type=Path,
        metavar="JOB",
        nargs=None if needed else "?",
        help="a job file (.yaml), or a recording (.mvnx, .bvh)",
    )


def _add_assets(command: argparse.ArgumentParser) -> None:
    command.add_argument("--assets", type=Path, metavar="DIR", help="MakeHuman's data folder, if not the usual one")


def _add_picture(command: argparse.ArgumentParser) -> None:
    command.add_argument("--picture", type=Path, metavar="PNG", help="also draw stills of it, front and side")
    command.add_argument(
        "--stills", type=_positive, default=8, metavar="N", help="how many instants --picture shows (%(default)s)"
    )
    _add_assets(command)


def _add_retarget(command: argparse.ArgumentParser) -> None:
    command.add_argument("--retarget", metavar="RIG", help="also say how well it goes onto this rig: default, …")


def _add_running(command: argparse.ArgumentParser) -> None:
    command.add_argument("--workers", type=_positive, default=1, metavar="N", help="processes (%(default)s)")
    begun = command.add_mutually_exclusive_group()
    begun.add_argument("--overwrite", action="store_true", help="replace a data set that is in the folder")
    begun.add_argument(
        "--resume", action="store_true", help="refuse to begin; one that is there is gone on with in any case"
    )
    command.add_argument("--progress-file", type=Path, metavar="FILE", help="write progress here, as lines of JSON")
    command.add_argument("--json", action="store_true", help="say what was made as JSON, and show no bar")
    _add_assets(command)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"give a whole number from 1 up, not {text!r}")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**63:
        raise argparse.ArgumentTypeError(f"give a whole number from 0 to 2^63 - 1, not {text!r}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0.0 <= number <= 1e6:
        raise argparse.ArgumentTypeError(f"give seconds from 0 up, not {text!r}")
    return number


def _setting(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not name.strip() or not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"give a parameter and a number, as turns=2, not {text!r}")
    return name.strip(), number


def _demo(options: argparse.Namespace) -> int:
    from mocap.elements.demo import demo_take
    from mocap.mvnx.write import write_mvnx
    from render_scripts.job import demo_job

    status = _make(lambda: demo_job(options.out), options)
    # The take as a lab would have it, for trying the other commands on; beside the data set, of which it is no part.
    folder = options.out.absolute()
    write_mvnx(demo_take(), folder.with_name(f"{folder.name}.mvnx"))
    return status


def _render(options: argparse.Namespace) -> int:
    return _make(lambda: _load(options.job, options.out), options)


def _load(path: Path, out: Path | None = None) -> Job:
    from render_scripts.job import load_job

    job = load_job(path)
    return job if out is None else job.model_copy(update={"out": str(out.absolute())})


def _make(load: Callable[[], Job], options: argparse.Namespace) -> int:
    from blender_addon.makehuman.assets import ensure_assets
    from render_scripts.dataset import make_dataset
    from render_scripts.progress import Progress, one_line

    try:
        job = load()
        assets = ensure_assets(options.assets, progress=_tell)
        made = make_dataset(
            job,
            assets,
            workers=options.workers,
            overwrite=options.overwrite,
            resume=options.resume,
            progress_file=options.progress_file,
            quiet=options.json,
        )
    except BaseException as error:
        # Whoever watches the progress file learns of mistakes that come before the first frame, too.
        if options.progress_file is not None:
            Progress.note_failure(options.progress_file, one_line(error))
        raise
    if options.json:
        facts = {
            "out": str(made.out),
            "already": made.already,
            "samples": sum(shard.samples for shard in made.shards),
            "shards": [vars(shard) for shard in made.shards],
            "sheet": str(made.sheet),
            "set_aside": [{"clip": one.clip, "reason": one.reason} for one in made.set_aside],
        }
        print(json.dumps(facts, indent=2))
    else:
        samples = sum(shard.samples for shard in made.shards)
        state = "already there, finished: " if made.already else ""
        print(f"{state}{samples} samples in {len(made.shards)} shards in {made.out}; look at {made.sheet}")
    for one in made.set_aside:
        _tell(f"clip {one.clip} is missing: {one.reason}")
    if made.set_aside:
        return _complain(f"{len(made.set_aside)} clips were set aside; the same command tries them again", FAILED)
    return DONE


def _plan(options: argparse.Namespace) -> int:
    from render_scripts.movement import check_takes
    from render_scripts.outline import clip_count, outlines
    from render_scripts.splits import splits_of

    job = _load(options.job)
    durations = check_takes(job)
    count = clip_count(job)
    if options.clip is not None and not 0 <= options.clip < count:
        raise UserError(f"there is no clip {options.clip}: this job has {count}, counted from 0")
    if options.clip is not None or options.json:
        return _plan_in_full(job, durations, options)
    clips = list(outlines(job, durations))
    splits = splits_of(job, clips).of_clips
    several = len(job.output.splits) > 1
    wide = max(map(len, ("split", *job.output.splits))) + 2 if several else 0
    lines = [
        f"{'clip':>6}  {'split' if several else '':{wide}}{'take':24}{'from s':>8}{'frames':>8}{'fps':>8}  cameras"
    ]
    pictures = 0
    for clip in clips:
        pictures += clip.pictures
        cameras = ", ".join(f"{name} {width}×{height}" for name, width, height in clip.cameras)
        which = f"{clip.index:6d}  {splits[clip.index] if several else '':{wide}}{clip.take[:23]:24}"
        lines.append(f"{which}{clip.start:8.2f}{clip.count:8d}{clip.fps:8.2f}  {cameras}")
    lines.append(f"{count} clips, {pictures} pictures, to {job.out or 'the folder given by --out'}")
    print("\n".join(lines))
    return DONE


def _plan_in_full(job: Job, durations: Mapping[TakeKey, float], options: argparse.Namespace) -> int:
    from blender_addon.clip import to_dict
    from render_scripts.plan import Plan

    plan = Plan(job, durations)
    if options.clip is None:
        print(json.dumps([to_dict(clip) for clip in plan], indent=2))
    elif options.json:
        print(json.dumps(to_dict(plan[options.clip]), indent=2))
    else:
        from render_scripts.shown_clip import as_yaml

        print(as_yaml(plan[options.clip]), end="")
    return DONE


def _preview(options: argparse.Namespace) -> int:
    from blender_addon.makehuman.assets import ensure_assets
    from render_scripts.draw import write_picture
    from render_scripts.job import Job
    from render_scripts.portraits import people_sheet
    from render_scripts.preview import preview
    from render_scripts.scene_sheet import any_job, scene_sheet

    if options.job is None and options.people is None and options.scenes is None:
        raise UserError("no job is given", mend="Name a job file, or ask for --people N or --scenes N.")
    if options.preset is not None and (options.job is not None or options.scenes is None):
        raise UserError("--preset is for --scenes without a job", mend="In a job, write scene: {preset: …}.")
    if options.job is not None:
        job = _load(options.job)
    else:
        job = Job() if options.scenes is None else any_job(options.preset or "default")
    if options.seed is not None:
        job = job.model_copy(update={"seed": options.seed})
    assets = ensure_assets(options.assets, progress=_tell)
    if options.people is not None:
        picture = people_sheet(job, assets, options.people)
    elif options.scenes is not None:
        sheet = scene_sheet(job, assets, options.scenes)
        print(sheet.words())
        picture = sheet.picture
    else:
        picture = preview(job, assets, options.clip, options.frame)
    write_picture(options.out, picture)
    print(options.out)
    return DONE


def _validate(options: argparse.Namespace) -> int:
    from render_scripts.validate import as_json, table, validate

    report = validate(options.dataset, full=options.full, workers=options.workers, quiet=options.json)
    print(json.dumps(as_json(report), indent=2) if options.json else table(report))
    return DONE if report.well else FAILED


def _report(options: argparse.Namespace) -> int:
    from render_scripts.report import write_report

    size = write_report(options.dataset, options.out)
    print(f"{options.out}: {size / 1e6:.1f} MB")
    return DONE


def _export(options: argparse.Namespace) -> int:
    from render_scripts.export.format import Options

    asked = Options(split=options.split, video=options.video, keypoints=options.keypoints)
    count = export(options.dataset, options.format, options.out, asked, None if options.json else _tell)
    facts = {"out": str(options.out), "format": options.format, "files": count}
    print(json.dumps(facts) if options.json else f"{count} files in {options.out}")
    return DONE


def _take(options: argparse.Namespace) -> int:
    from blender_addon.cast import DEMO
    from mocap.elements.demo import demo_take
    from mocap.skating.corrections import annotated
    from mocap.takes import read_take

    if options.write_joint_map is not None:
        return _write_joint_map(options)
    chosen = {"subject": options.subject, "start": options.start, "stop": options.end, "joint_map": options.joint_map}
    if options.file != DEMO:
        motion = read_take(options.file, **chosen)
        return _tell_of(motion, annotated(motion, options.file, options.start or 0.0), options)
    if any(value is not None for value in chosen.values()):
        raise UserError("the demo take is one person's and is taken whole", mend="Give nothing but 'demo'.")
    return _tell_of(demo_take(), demo_take(), options)


def _write_joint_map(options: argparse.Namespace) -> int:
    from mocap.bvh.joint_map import format_joint_map
    from mocap.bvh.joint_names import suggest_joint_map
    from mocap.whole_file import whole_file

    text = format_joint_map(*suggest_joint_map(options.file))
    with whole_file(options.write_joint_map) as file:
        file.write(text.encode())
    print(f"{options.write_joint_map}: a guess; look it over, then give it as --joint-map")
    return DONE


def _element(options: argparse.Namespace) -> int:
    from mocap.elements.library import ELEMENTS, element_take

    if options.name is None:
        _draw_stills([element_take(name) for name in ELEMENTS] if options.picture else [], options)
        known = {name: {key: vars(p) for key, p in element.parameters.items()} for name, element in ELEMENTS.items()}
        print(json.dumps(known, indent=2) if options.json else _element_table(known))
        return DONE
    motion = element_take(options.name, dict(options.set))
    return _tell_of(motion, motion, options)


def _default(value: float | None) -> str:
    return "by the others" if value is None else f"{value:g}"


def _tell_of(recorded: Motion, motion: Motion, options: argparse.Namespace) -> int:
    """Writes a take as it was recorded, shows and tells it as one works with it."""
    from mocap.mvnx.write import write_mvnx
    from mocap.summary import format_summary, summarize

    if options.mvnx is not None:
        write_mvnx(recorded, options.mvnx)
    _draw_stills([motion], options)
    facts: dict[str, Any] = summarize(motion)
    text = format_summary(facts)
    if options.retarget is not None:
        facts["retargeting"], figures = _retargeted(motion, options)
        text = f"{text}\n{figures}"
    print(json.dumps(facts, indent=2) if options.json else text)
    return DONE


def _retargeted(motion: Motion, options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from blender_addon.makehuman.assets import ensure_assets
    from mocap.metrics.quality import to_json
    from render_scripts.quality import BODY, avatar, quality_on, ready
    from render_scripts.quality_tables import describe

    onto = avatar(BODY, options.retarget, ensure_assets(options.assets, progress=_tell))
    quality = quality_on(ready(motion), onto)
    return {"rig": onto.rig_name, "body": onto.body, **to_json(quality)}, describe(quality, onto)


def _quality(options: argparse.Namespace) -> int:
    from blender_addon.makehuman.assets import ensure_assets
    from render_scripts.pages import put_between_marks
    from render_scripts.quality_tables import TOPIC, all_takes, markdown, measure_all

    tables = markdown(*measure_all(all_takes(options.takes), ensure_assets(options.assets, progress=_tell)))
    if options.out is None:
        print(tables)
    else:
        put_between_marks(options.out, TOPIC, tables)
        print(options.out)
    return DONE


def _wardrobe(options: argparse.Namespace) -> int:
    from render_scripts.pages import put_between_marks
    from render_scripts.skater_tables import TOPIC, markdown

    if options.out is None:
        print(markdown())
    else:
        put_between_marks(options.out, TOPIC, markdown())
        print(options.out)
    return DONE


def _element_table(known: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> str:
    lines = []
    for name, parameters in known.items():
        lines.append(name)
        lines += [
            f"  {key:14} {p['low']:g} to {p['high']:g}, default {_default(p['default'])}: {p['about']}"
            for key, p in parameters.items()
        ]
    return "\n".join(lines)


def _draw_stills(motions: Sequence[Motion], options: argparse.Namespace) -> None:
    """Stills of takes, if they are asked for."""
    if options.picture is None:
        return
    from blender_addon.makehuman.assets import ensure_assets
    from render_scripts.draw import write_picture
    from render_scripts.stills import takes_picture

    write_picture(
        options.picture, takes_picture(motions, ensure_assets(options.assets, progress=_tell), options.stills)
    )


def _assets(options: argparse.Namespace) -> int:
    from blender_addon.makehuman.assets import ensure_assets

    folder = ensure_assets(offline=options.action == "where", progress=_tell)
    print(json.dumps({"assets": str(folder)}) if options.json else folder)
    return DONE


def _build_extension(options: argparse.Namespace) -> int:
    from render_scripts.build_extension import OFFICIAL_PYTHONS, build_extension

    archive = build_extension(options.out, pythons=options.python or OFFICIAL_PYTHONS, platform=options.platform)
    print(f"{archive} ({archive.stat().st_size / 1e6:.0f} MB)")
    return DONE


def _doctor(options: argparse.Namespace) -> int:
    from render_scripts.doctor import examine, table

    findings = examine()
    print(json.dumps([vars(finding) for finding in findings], indent=2) if options.json else table(findings))
    return DONE if all(finding.well for finding in findings) else FAILED


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _complain(line: str, status: int) -> int:
    print(f"skatesynth: {line}", file=sys.stderr)
    return status


def _stop(signum: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
