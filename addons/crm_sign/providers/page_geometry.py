"""Where a point of the displayed page is in the coordinates of the PDF.

The rest of the addon counts in points from the TOP LEFT of the page as a reader
sees it: after cropping and rotation, which is also what pdf.js shows at scale 1.
A PDF counts from the bottom left of the media box, before rotation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Rect = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]


def normal_rect(values: Sequence[float]) -> Rect:
    """Return a rectangle with its corners in order (left, bottom, right, top)."""
    x0, y0, x1, y1 = (float(value) for value in values)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def visible_box(media: Sequence[float], crop: Sequence[float] | None) -> Rect:
    """Return the part of a page that is shown: the crop box inside the media box.

    >>> visible_box((0, 0, 200, 100), (50, 0, 500, 80))
    (50.0, 0.0, 200.0, 80.0)
    """
    whole = normal_rect(media)
    if crop is None:
        return whole
    wanted = normal_rect(crop)
    left, bottom = max(whole[0], wanted[0]), max(whole[1], wanted[1])
    right, top = min(whole[2], wanted[2]), min(whole[3], wanted[3])
    if left >= right or bottom >= top:
        return whole
    return left, bottom, right, top


@dataclass(frozen=True)
class PageFrame:
    """The shown part of a page and how it is turned.

    :param box: shown rectangle in the coordinates of the PDF
    :param turn: clockwise rotation in degrees: 0, 90, 180 or 270
    """

    box: Rect
    turn: int = 0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as displayed, in points."""
        width, height = self.box[2] - self.box[0], self.box[3] - self.box[1]
        return (height, width) if self.turn in (90, 270) else (width, height)

    @property
    def matrix(self) -> Matrix:
        """From the displayed page, counted from its BOTTOM left, to the PDF."""
        x0, y0, x1, y1 = self.box
        return {
            0: (1, 0, 0, 1, x0, y0),
            90: (0, 1, -1, 0, x1, y0),
            180: (-1, 0, 0, -1, x1, y1),
            270: (0, -1, 1, 0, x0, y1),
        }[self.turn]

    @property
    def inverse(self) -> Matrix:
        """From the PDF to the displayed page, counted from its BOTTOM left."""
        x0, y0, x1, y1 = self.box
        return {
            0: (1, 0, 0, 1, -x0, -y0),
            90: (0, -1, 1, 0, -y0, x1),
            180: (-1, 0, 0, -1, x1, y1),
            270: (0, 1, -1, 0, y1, -x0),
        }[self.turn]

    def to_pdf(self, x: float, y: float, width: float, height: float) -> Rect:
        """Return a displayed rectangle (from the top left) as a PDF rectangle."""
        bottom = self.size[1] - y
        first = apply(self.matrix, x, bottom)
        last = apply(self.matrix, x + width, bottom - height)
        return normal_rect((*first, *last))


def apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Return the point moved by a matrix, written as PDF does."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def normal_turn(value: float) -> int:
    """Return a rotation as 0, 90, 180 or 270; anything else is no rotation.

    >>> [normal_turn(v) for v in (0, -90, 450, 33)]
    [0, 270, 90, 0]
    """
    turn = int(value) % 360
    return turn if turn in (90, 180, 270) else 0
