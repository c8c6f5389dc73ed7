"""What all buttons have in common: greyed they say why, and a mistake of the user's is told in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy

from blender_addon.ui.words import spoken
from mocap.errors import UserError

if TYPE_CHECKING:
    from bpy.stub_internal.rna_enums import OperatorReturnItems


class Button(bpy.types.Operator):
    """A button; each kind says what it does (`act`) and, where it may be greyed, why (`hurdle`)."""

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it cannot be clicked, as a sentence for its tooltip; None when it can."""
        return None

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Blender's question."""
        reason = cls.hurdle(context)
        if reason is not None:
            cls.poll_message_set(reason)
        return reason is None

    def act(self, context: bpy.types.Context) -> set[OperatorReturnItems]:
        """What it does. A UserError leaves nothing to undo."""
        raise NotImplementedError

    def execute(self, context: bpy.types.Context) -> set[OperatorReturnItems]:
        """Blender's call."""
        try:
            return self.act(context)
        except UserError as error:
            self.report({"ERROR"}, spoken(error))
            return {"CANCELLED"}
