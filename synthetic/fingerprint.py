"""A fingerprint of tables that does not depend on how they were cut into pieces."""

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

NAMES = ("first_name", "last_name", "email", "phone")
"""Left out: the names come from Faker, which may change its lists."""


class Fingerprint:
    """Adds tables piece by piece and column by column; equal values in equal order give an equal text.

    Examples
    --------
    >>> whole, pieces = Fingerprint(), Fingerprint()
    >>> whole.add("orders", pa.table({"order_id": ["O1", "O2"]}))
    >>> pieces.add("orders", pa.table({"order_id": ["O1"]}))
    >>> pieces.add("orders", pa.table({"order_id": ["O2"]}))
    >>> whole.text() == pieces.text()
    True
    """

    def __init__(self):
        self._marks = {}

    def add(self, table: str, rows: pa.Table):
        """Add the next rows of a table."""
        for name, column in zip(rows.column_names, rows.columns, strict=True):
            for chunk in column.chunks if name not in NAMES else ():
                for part, values in _parts(chunk):
                    mark = self._marks.setdefault((table, name, part), hashlib.blake2b(digest_size=16))
                    mark.update(values)

    def text(self) -> str:
        """Return the fingerprint of all that was added."""
        total = hashlib.blake2b(digest_size=16)
        for key in sorted(self._marks):
            total.update("/".join(key).encode() + self._marks[key].digest())
        return total.hexdigest()


def _parts(chunk):
    """Yield a column's values as bytes: letters and lengths of texts (-1 for null), 8 bytes for each number."""
    if pa.types.is_dictionary(chunk.type):
        chunk = chunk.cast(chunk.type.value_type)
    if pa.types.is_string(chunk.type) or pa.types.is_large_string(chunk.type):
        chunk = chunk.cast(pa.large_string())
        _, offsets, letters = chunk.buffers()
        offsets = np.frombuffer(offsets, dtype=np.int64)[chunk.offset : chunk.offset + len(chunk) + 1]
        if letters is not None and len(offsets):
            yield "letters", memoryview(letters)[offsets[0] : offsets[-1]]
        yield "lengths", np.asarray(pc.fill_null(pc.binary_length(chunk), -1)).tobytes()
        return
    if pa.types.is_timestamp(chunk.type):
        chunk = chunk.cast(pa.timestamp("us")).cast(pa.int64())
    values = chunk.cast(pa.float64(), safe=False)
    yield "values", np.asarray(pc.fill_null(values, np.nan)).tobytes()
