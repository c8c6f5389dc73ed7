"""The one family of errors that a user can cause; the doors print its single line and exit non-zero."""

from __future__ import annotations

from os import PathLike


class UserError(Exception):
    """Something the user gave cannot be used.

    Args:
        message: what is wrong, without a final stop ("the XML ends in the middle of a frame").
        file: the file it is wrong in, if there is one.
        place: where in the file ("line 12", "frame 3", "cameras[0].profile").
        mend: what to do about it, as a sentence ("Export the take again from MVN.").
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | PathLike[str] | None = None,
        place: str | None = None,
        mend: str | None = None,
    ) -> None:
        self.message = " ".join(str(message).split())
        self.file = None if file is None else str(file)
        self.place = place
        self.mend = mend
        super().__init__(self.line())

    def line(self) -> str:
        """The one line a user sees: `file: place: message. mend`."""
        head = ": ".join(part for part in (self.file, self.place) if part)
        text = f"{head}: {self.message}" if head else self.message
        if self.mend:
            text = f"{text.rstrip('.')}. {' '.join(self.mend.split())}"
        # A file's name may hold line ends, too.
        return " ".join(text.splitlines())
