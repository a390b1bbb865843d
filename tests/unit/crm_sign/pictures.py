"""Pages as pictures, drawn by poppler: what a reader really shows."""

import subprocess
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image

DPI = 144
SCALE = DPI / 72


def render(content, page=1):
    """Return one page in grey, as displayed, at two pixels per point."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.pdf"
        path.write_bytes(content)
        command = ["pdftoppm", "-r", str(DPI), "-png", "-cropbox"]
        command += ["-f", str(page), "-l", str(page), str(path)]
        answer = subprocess.run(command, capture_output=True, check=True, timeout=60)
    return Image.open(BytesIO(answer.stdout)).convert("RGB")


def part(picture, x, y, width, height):
    """Return a rectangle given in points from the top left."""
    box = (x * SCALE, y * SCALE, (x + width) * SCALE, (y + height) * SCALE)
    return picture.crop(tuple(round(value) for value in box))


def darkest(picture, x, y, width, height):
    """Return the darkest grey in a rectangle given in points from the top left."""
    return part(picture, x, y, width, height).convert("L").getextrema()[0]
