"""What a layout of cards calls to set a text: `card`, with the fonts of the card in it."""

from collections.abc import Sequence

from markupsafe import Markup

from generator.pictures.card_directions import is_right_to_left
from generator.pictures.card_lines import Fitted, fitted, lines
from generator.pictures.card_runs import Anchor, placed
from generator.pictures.glyphs import Faces


class Lettering:
    """The `card` of a layout: breaks texts into lines, and places these; all is in pixels."""

    def __init__(self, faces: Faces) -> None:
        self._faces = faces

    def lines(self, text: str, width: float, size: float, most: int) -> tuple[str, ...]:
        """Return a text in lines, as `card_lines.lines` does."""
        return lines(text, width, size, most, self._faces)

    def fitted(
        self, text: str, width: float, height: float, sizes: Sequence[int], most: int = 0
    ) -> Fitted:
        """Return a text at the largest size that has room, as `card_lines.fitted` does."""
        return fitted(text, width, height, sizes, self._faces, most)

    def placed(
        self, line: str, x: float, size: float, rtl: bool = False, anchor: Anchor = "start"
    ) -> Markup:
        """Return what stands in the `<text>` of a line, as `card_runs.placed` does."""
        return placed(line, x, size, self._faces, rtl=rtl, anchor=anchor)

    def rtl(self, text: str) -> bool:
        """Return whether a text is read from the right."""
        return is_right_to_left(text)

    def width(self, text: str, size: float) -> float:
        """Return the width of a text in one line."""
        return self._faces.width_of(text, size)
