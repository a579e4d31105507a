"""Columns of a block as Arrow arrays: texts without a Python loop, dates from minutes."""

import numpy as np
import pyarrow as pa

MINUTE = 60_000_000
"""Microseconds in a minute."""
_CHUNKS = np.array([list(f"{n:04d}".encode()) for n in range(10_000)], dtype=np.uint8)


def text_ids(prefix: str, numbers, digits: int = 6) -> pa.Array:
    """Return texts like ``C000042``: a prefix and a number with at least so many digits, all of one length.

    Examples
    --------
    >>> text_ids("C", [1, 42]).to_pylist()
    ['C000001', 'C000042']
    """
    numbers = np.asarray(numbers, dtype=np.int64)
    limit = int(numbers.max()) if len(numbers) else 0
    if limit >= 10**digits:
        wide = numbers >= 10**digits
        narrow, long = text_ids(prefix, numbers[~wide], digits), text_ids(prefix, numbers[wide], len(str(limit)))
        place = np.empty(len(numbers), dtype=np.int64)
        place[~wide], place[wide] = np.arange(len(narrow)), len(narrow) + np.arange(len(long))
        return pa.concat_arrays([narrow, long]).take(pa.array(place))
    head = np.frombuffer(prefix.encode(), dtype=np.uint8)
    width = len(head) + digits
    letters = np.empty((len(numbers), width), dtype=np.uint8)
    letters[:, : len(head)] = head
    rest, end = numbers, width
    while end > len(head):
        size = min(4, end - len(head))
        rest, chunk = np.divmod(rest, 10_000)
        letters[:, end - size : end] = _CHUNKS[chunk, 4 - size :]
        end -= size
    offsets = np.arange(len(numbers) + 1, dtype=np.int32) * width
    return pa.Array.from_buffers(pa.string(), len(numbers), [None, pa.py_buffer(offsets), pa.py_buffer(letters)])


def coded(codes, words) -> pa.Array:
    """Return texts from codes into a list of words; a negative code is null."""
    codes = np.asarray(codes)
    absent = codes < 0
    indices = pa.array(codes.astype(np.int32), mask=absent if absent.any() else None)
    words = words if isinstance(words, pa.Array) else pa.array(list(words), pa.string())
    return pa.DictionaryArray.from_arrays(indices, words, safe=False)


def moments(first_day, minutes, absent=None) -> pa.Array:
    """Return timestamps (microseconds, local time without zone) from minutes since the first day."""
    origin = np.datetime64(first_day, "us").astype(np.int64)
    return seconds(origin, np.asarray(minutes, dtype=np.int64) * 60, absent)


def seconds(origin, values, absent=None) -> pa.Array:
    """Return timestamps from whole seconds since an origin given in microseconds."""
    stamps = origin + np.asarray(values, dtype=np.int64) * 1_000_000
    return pa.array(stamps, pa.int64(), mask=absent).cast(pa.timestamp("us"), safe=False)


def plain(table: pa.Table) -> pa.Table:
    """Return the table with every dictionary column as plain text, in one piece."""
    columns = []
    for column in table.columns:
        kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        columns.append(column.cast(kind) if kind != column.type else column)
    return pa.table(columns, names=table.column_names)
