"""What a path holds: which files, of which real kind, and what is wrong with them in words."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from segkit.errors import FileProblem, did_you_mean

SUFFIXES = (
    ".csv",
    ".tsv",
    ".txt",
    ".gz",
    ".zip",
    ".xlsx",
    ".xlsm",
    ".xls",
    ".ods",
    ".parquet",
    ".jsonl",
    ".ndjson",
    ".json",
)
MOST_UNPACKED = 8 * 2**30  # bytes: more than any class or shop export, less than a disk
_MOST_RATIO = 1_000  # real exports shrink ten- to fiftyfold
_EXCEL = (".xlsx", ".xlsm", ".xls", ".ods")


def find_files(path: str | Path) -> list[Path]:
    """List the files to read: the path itself, or what is readable in the folder.

    Raises
    ------
    FileProblem
        When there is nothing at the path, or nothing readable in the folder.
    """
    path = Path(path).expanduser()
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if _readable(file))
        if not files:
            raise FileProblem(
                f"The folder '{path.name or path}' holds no file that can be read ({', '.join(SUFFIXES)}). "
                f"{_listing(path)}"
            )
        return files
    if not path.exists():
        raise FileProblem(f"No file at '{path}'. {_listing(path.parent)}")
    return [path]


def _readable(file: Path) -> bool:
    return file.is_file() and not file.name.startswith((".", "~$")) and file.name.lower().endswith(SUFFIXES)


def _listing(folder: Path) -> str:
    if not folder.is_dir():
        return f"The folder '{folder}' does not exist either."
    names = sorted(file.name for file in folder.iterdir() if not file.name.startswith("."))
    if not names:
        return "The folder is empty."
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return f"The folder holds: {', '.join(names[:12])}{more}."


def kind_of(path: Path) -> str:
    """Tell what a file really is from its first bytes: text, json, gzip, zip, excel or parquet.

    Raises
    ------
    FileProblem
        When it is empty, or something that only looks like a table.
    """
    with _opened(path) as file:
        head = file.read(4096)
    if not head:
        raise FileProblem(f"'{path.name}' is empty (0 bytes).")
    suffix = path.suffix.lower()
    real = _from_bytes(path, head)
    if real == "web page":
        raise FileProblem(f"'{path.name}' is an HTML page, not a table; open it and save it again as .xlsx or CSV.")
    if real == "lfs":
        raise FileProblem(f"'{path.name}' is a Git-LFS pointer, not the data; type: git lfs pull")
    if real == "encrypted":
        raise FileProblem(f"'{path.name}' is protected by a password; open it, save it without one, and read that.")
    if suffix == ".parquet" and real != "parquet":
        raise FileProblem(f"'{path.name}' is not Parquet: it looks like {real}. Rename it, or export it again.")
    if suffix in _EXCEL and real not in ("excel", "zip"):
        raise FileProblem(
            f"'{path.name}' is not an Excel workbook: it looks like {real}. Rename it to .csv, or export it again."
        )
    return real


def _from_bytes(path: Path, head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:512].lower()
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"PK"):
        return _zip_kind(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "encrypted" if _is_encrypted(path) else "excel"
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<?xml")) or b"<html" in start:
        return "web page"
    if start.startswith(b"version https://git-lfs"):
        return "lfs"
    return "json" if start.startswith((b"{", b"[")) else "text"


def _zip_kind(path: Path) -> str:
    with plain_errors(path.name), zipfile.ZipFile(path) as archive:
        sizes = {info.filename: info.file_size for info in archive.infolist()}
    if not {"[Content_Types].xml", "mimetype"} & set(sizes):
        return "zip"
    if sum(sizes.values()) > MOST_UNPACKED:
        raise FileProblem(f"'{path.name}' would unpack to {sum(sizes.values()):,} bytes; not opened. Export it as CSV.")
    return "excel"


def _is_encrypted(path: Path) -> bool:
    return "EncryptedPackage".encode("utf-16-le") in path.read_bytes()[: 4 * 2**20]


def open_bytes(path: Path, kind: str, member: str | None = None) -> BinaryIO:
    """Open a text file, unpacking on the way; nothing is ever written to disk.

    Raises
    ------
    FileProblem
        When an archive holds several files and none is named, or looks dangerous.
    """
    if kind == "gzip":
        return _Capped(gzip.open(path, "rb"), path)
    if kind == "zip":
        return _open_member(path, member)
    return _opened(path)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as problem:
        raise FileProblem(f"'{path.name}' cannot be opened: {problem.strerror}.") from None


def _open_member(path: Path, member: str | None) -> BinaryIO:
    with plain_errors(path.name):
        archive = zipfile.ZipFile(path)
    infos = {info.filename: info for info in archive.infolist() if not info.is_dir()}
    unsafe = [name for name in infos if name.startswith(("/", "\\")) or ".." in Path(name).parts or ":" in name[:3]]
    if unsafe:
        raise FileProblem(f"'{path.name}' holds a file that wants to be written elsewhere on the disk; not opened.")
    names = [name for name in infos if not Path(name).name.startswith(".") and "__MACOSX" not in name]
    if member is None and len(names) == 1:
        member = names[0]
    if member not in infos:
        problem = f"holds {len(names)} files" if member is None else f"has no file '{member}'"
        raise FileProblem(
            f"'{path.name}' {problem}. Pass member= with one of them. {did_you_mean(member or '', names)}"
        )
    info = infos[member]
    if info.file_size > MOST_UNPACKED or info.file_size > _MOST_RATIO * max(info.compress_size, 1000):
        raise FileProblem(
            f"'{path.name}' would unpack to {info.file_size:,} bytes; not opened. Unpack it yourself first."
        )
    if info.flag_bits & 1:
        raise FileProblem(f"'{path.name}' is protected by a password; unpack it and read the file inside.")
    return _Capped(archive.open(info), path)


class _Capped(io.BufferedIOBase):
    """A stream that stops when far more comes out than went in: a bomb, not an export."""

    def __init__(self, stream: BinaryIO, path: Path) -> None:
        self._stream, self._name, self._out = stream, path.name, 0
        self._most = min(MOST_UNPACKED, max(_MOST_RATIO * path.stat().st_size, 2**20))

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        return self._counted(self._stream.read(-1 if size is None else size))

    def read1(self, size: int = -1) -> bytes:
        return self._counted(self._stream.read1(size))

    def _counted(self, data: bytes) -> bytes:
        self._out += len(data)
        if self._out > self._most:
            raise FileProblem(
                f"'{self._name}' unpacks to more than {self._most:,} bytes; stopped. Unpack it yourself first."
            )
        return data

    def close(self) -> None:
        self._stream.close()
        super().close()


@contextmanager
def plain_errors(name: str) -> Iterator[None]:
    """Say a library's complaint about a broken file in words."""
    try:
        yield
    except EOFError:
        raise FileProblem(f"'{name}' ends too early: the download is cut short. Fetch it again.") from None
    except (gzip.BadGzipFile, zlib.error, zipfile.BadZipFile) as problem:
        raise FileProblem(f"'{name}' is damaged ({_brief(problem)}). Fetch it again.") from None
    except (pa.ArrowException, OSError) as problem:
        raise FileProblem(f"'{name}' cannot be read: {_brief(problem)}. Export it again.") from None


def _brief(problem: Exception) -> str:
    return re.split(r"\.\s|\n", str(problem))[0].rstrip(".")[:100] or type(problem).__name__
