"""Rows of numbers as PostgreSQL copies them out, read without a Python object a cell.

`COPY (...) TO STDOUT (FORMAT binary)` of columns that are all `float8` and never NULL
has rows of one length: numpy reads a hundred thousand of them in some milliseconds.
"""

import numpy as np

SIGNATURE = b"PGCOPY\n\xff\r\n\0"
# signature, flags, length of the extension
HEADER_BYTES = len(SIGNATURE) + 8
TRAILER = b"\xff\xff"


def read_floats(data: bytes, width: int) -> np.ndarray:
    """Return the rows of a binary copy as an array of shape (rows, width).

    :param width: number of columns, each a `float8` without NULL (NaN instead)
    :raises ValueError: the bytes are something else
    """
    if not data.startswith(SIGNATURE) or not data.endswith(TRAILER):
        raise ValueError("not a binary copy")
    body = memoryview(data)[HEADER_BYTES : -len(TRAILER)]
    cell = np.dtype([("length", ">i4"), ("value", ">f8")])
    row = np.dtype([("fields", ">i2"), ("cells", cell, (width,))])
    if len(body) % row.itemsize:
        raise ValueError("rows of another width")
    rows = np.frombuffer(body, dtype=row)
    if len(rows) and (
        (rows["fields"] != width).any() or (rows["cells"]["length"] != 8).any()
    ):
        raise ValueError("a column is NULL or no float8")
    return rows["cells"]["value"].reshape(len(rows), width).astype(np.float64)
