# mypy: disable-error-code="valid-type", no-strict-optional
# Blender reads a property from what stands in a type's place, which no type checker takes for a type; and by its stubs
# a context may lack whatever it is asked for, which it does not where an operator runs.
"""The step Cameras: who films is drawn, put into the scene, looked through, taken out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import bpy

from blender_addon.ui.buttons import Button
from blender_addon.ui.properties import settings
from blender_addon.ui.steps import busy, job_hurdle, mode_hurdle, rink_meant, skater_hurdle
from mocap.errors import UserError

if TYPE_CHECKING:
    from bpy.stub_internal.rna_enums import OperatorReturnItems


def cameras_of(scene: bpy.types.Scene) -> list[bpy.types.Object]:
    """All cameras of a scene, by name."""
    return sorted((thing for thing in scene.objects if thing.type == "CAMERA"), key=lambda thing: thing.name)


def why_not_filmed(scene: bpy.types.Scene, camera: bpy.types.Object) -> str | None:
    """Why a camera cannot film, as a sentence; None when it can."""
    from blender_addon.scene.at_hand.views import spec_at_hand

    try:
        spec_at_hand(scene, camera, ())
    except UserError as error:
        return " ".join(part for part in (f"{camera.name} {error.message}.", error.mend) if part)
    return None


def none_there(context: bpy.types.Context) -> str | None:
    """Why nothing can be done with the cameras yet."""
    from blender_addon.scene.at_hand import cameras_in

    if not cameras_in(context.scene):
        return "Put cameras first."
    return mode_hurdle(context)


@contextmanager
def _progress(context: bpy.types.Context, count: int) -> Iterator[Callable[[float], None]]:
    """Shows at the pointer how many of so many things are done; yields what is to be told that."""
    manager = context.window_manager
    manager.progress_begin(0, count)
    try:
        yield manager.progress_update
    finally:
        manager.progress_end()


class _Puts(Button):
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    def put(self, context: bpy.types.Context, draw: int) -> set["OperatorReturnItems"]:
        """Draws a clip's cameras, and puts them into the scene in place of those from before."""
        from blender_addon.scene.at_hand import camera_spec_of, cameras_in, put_camera, take_out_camera
        from blender_addon.ui.preferences import makehuman_data
        from blender_addon.ui.request import clip_of

        scene = context.scene
        with busy(context):
            assets, specs, rink = makehuman_data(context), clip_of(context, draw).cameras, rink_meant(context)
            with _progress(context, len(specs)) as show:
                for done, spec in enumerate(specs):
                    show(done)
                    put_camera(scene, spec, assets, rink)
            names = {spec.name for spec in specs}
            for camera in cameras_in(scene):
                if camera_spec_of(camera).name not in names:
                    take_out_camera(camera)
        settings(context).cameras.draw = draw
        return {"FINISHED"}


class SKATESYNTH_OT_put_cameras(_Puts):
    """Put cameras where such cameras stand at a rink; they follow the first skater over the scene's frames. Those that are there are replaced"""  # noqa: E501

    bl_idname = "skatesynth.put_cameras"
    bl_label = "Put Cameras"

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it is greyed."""
        return skater_hurdle(context) or job_hurdle(context)

    def act(self, context: bpy.types.Context) -> set["OperatorReturnItems"]:
        """Those of the clip that is drawn."""
        return self.put(context, settings(context).cameras.draw)


class SKATESYNTH_OT_randomise_cameras(_Puts):
    """The same kinds of cameras, standing elsewhere, with other shake, exposure and noise"""

    bl_idname = "skatesynth.randomise_cameras"
    bl_label = "Randomise"

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it is greyed."""
        return none_there(context) or skater_hurdle(context) or job_hurdle(context)

    def act(self, context: bpy.types.Context) -> set["OperatorReturnItems"]:
        """Those of the next clip."""
        return self.put(context, settings(context).cameras.draw + 1)


class SKATESYNTH_OT_remove_cameras(Button):
    """Remove the cameras that SkateSynth has put; your own stay"""

    bl_idname = "skatesynth.remove_cameras"
    bl_label = "Remove"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it is greyed."""
        return none_there(context)

    def act(self, context: bpy.types.Context) -> set["OperatorReturnItems"]:
        """Takes them out of the scene and of the file."""
        from blender_addon.scene.at_hand import cameras_in, take_out_camera

        for camera in cameras_in(context.scene):
            take_out_camera(camera)
        return {"FINISHED"}


class _OfCamera(Button):
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}  # noqa: RUF012

    camera: bpy.props.StringProperty(name="Camera", description="Name of the object")

    def meant(self, context: bpy.types.Context) -> bpy.types.Object | None:
        """The camera of that name, which may have gone in the meantime."""
        found = next((thing for thing in cameras_of(context.scene) if thing.name == self.camera), None)
        if found is None:
            self.report({"ERROR"}, f"There is no camera called {self.camera}.")
            return None
        return found


class SKATESYNTH_OT_view_through(_OfCamera):
    """Look through this camera, at its own picture size"""

    bl_idname = "skatesynth.view_through"
    bl_label = "View Through"

    def act(self, context: bpy.types.Context) -> set["OperatorReturnItems"]:
        """Makes it the scene's camera, and turns the 3D view to it."""
        from blender_addon.scene.at_hand import camera_spec_of, cameras_in

        scene, camera = context.scene, self.meant(context)
        if camera is None:
            return {"CANCELLED"}
        scene.camera = camera
        if camera in cameras_in(scene):
            spec = camera_spec_of(camera)
            scene.render.resolution_x, scene.render.resolution_y = spec.width, spec.height
        space = context.space_data
        if isinstance(space, bpy.types.SpaceView3D) and space.region_3d is not None:
            space.region_3d.view_perspective = "CAMERA"
        return {"FINISHED"}


class SKATESYNTH_OT_film_with(_OfCamera):
    """Whether clips of this scene are filmed with this camera"""

    bl_idname = "skatesynth.film_with"
    bl_label = "Film with This Camera"

    def act(self, context: bpy.types.Context) -> set["OperatorReturnItems"]:
        """Turns it on or off."""
        from blender_addon.scene.at_hand import cameras_in, film_with, films_with

        camera = self.meant(context)
        if camera is None:
            return {"CANCELLED"}
        scene = context.scene
        films = camera in films_with(scene)
        if camera in cameras_in(scene):
            camera.hide_render = films
            return {"FINISHED"}
        film_with(camera, not films)
        if not films:
            camera.hide_render = False
        elif camera in films_with(scene):
            self.report({"INFO"}, "With no other camera there, the scene's own films.")
        return {"FINISHED"}


CLASSES = (
    SKATESYNTH_OT_put_cameras,
    SKATESYNTH_OT_randomise_cameras,
    SKATESYNTH_OT_remove_cameras,
    SKATESYNTH_OT_view_through,
    SKATESYNTH_OT_film_with,
)
