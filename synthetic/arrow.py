"""Columns of a block as Arrow arrays: texts without a Python loop, dates from minutes."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_FOUR_DIGITS = np.frombuffer("".join(f"{n:04d}" for n in range(10_000)).encode(), dtype="<u4")
"""The texts 0000 to 9999, each as one 32-bit word."""
POOL = pa.system_memory_pool()
"""The C library's allocator keeps what was freed, so that the next block need not ask the system for fresh pages."""


def text_ids(prefix: str, numbers, digits: int = 6) -> pa.Array:
    """Return texts like ``C000042``: one letter and a number with at least so many digits.

    Examples
    --------
    >>> text_ids("C", [1, 42]).to_pylist()
    ['C000001', 'C000042']
    """
    numbers = np.asarray(numbers, dtype=np.int64)
    limit = int(numbers.max()) if len(numbers) else 0
    if limit >= 10**digits:
        return _of_two_lengths(prefix, numbers, digits, limit)
    words = -(-(digits + 1) // 4)
    letters = np.empty((len(numbers), words), dtype="<u4")
    rest = numbers
    for word in range(words - 1, 0, -1):
        above = rest // 10_000
        letters[:, word] = _FOUR_DIGITS[rest - above * 10_000]
        rest = above
    place = 8 * (3 - digits % 4)
    letters[:, 0] = (_FOUR_DIGITS[rest] & np.uint32(~(255 << place) & 0xFFFFFFFF)) | np.uint32(ord(prefix) << place)
    unused = 4 * words - digits - 1
    letters = letters.view(np.uint8).reshape(len(numbers), 4 * words)[:, unused:]
    offsets = np.arange(len(numbers) + 1, dtype=np.int64) * (digits + 1)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(letters))]
    return pa.Array.from_buffers(pa.large_string(), len(numbers), buffers)


def _of_two_lengths(prefix, numbers, digits, limit):
    wide = numbers >= 10**digits
    narrow, long = text_ids(prefix, numbers[~wide], digits), text_ids(prefix, numbers[wide], len(str(limit)))
    place = np.empty(len(numbers), dtype=np.int64)
    place[~wide], place[wide] = np.arange(len(narrow)), len(narrow) + np.arange(len(long))
    return pa.concat_arrays([narrow, long]).take(pa.array(place))


def coded(codes, words) -> pa.Array:
    """Return texts from codes into a list of words; a negative code is null."""
    codes = np.asarray(codes)
    if codes.dtype == np.int64:
        codes = codes.astype(np.int32)
    absent = codes < 0
    indices = pa.array(codes, mask=absent if absent.any() else None)
    words = words if isinstance(words, pa.Array) else pa.array(list(words), pa.large_string())
    return pa.DictionaryArray.from_arrays(indices, words, safe=False)


def moments(first_day, minutes, absent=None) -> pa.Array:
    """Return timestamps (microseconds, local time without zone) from minutes since the first day."""
    origin = np.datetime64(first_day, "us").astype(np.int64)
    return seconds(origin, np.asarray(minutes, dtype=np.int64) * 60, absent)


def seconds(origin, values, absent=None) -> pa.Array:
    """Return timestamps from whole seconds since an origin given in microseconds."""
    stamps = origin + np.asarray(values, dtype=np.int64) * 1_000_000
    return pa.array(stamps, mask=absent).view(pa.timestamp("us"))


def plain(table: pa.Table) -> pa.Table:
    """Return the table with every dictionary column as plain text."""
    columns = []
    for column in table.columns:
        if pa.types.is_dictionary(column.type):
            column = pc.cast(column, pa.large_string(), memory_pool=POOL)
        columns.append(column)
    return pa.table(columns, names=table.column_names)
