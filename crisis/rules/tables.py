"""Reading CSV tables with every fault gathered as a Korean sentence naming file, line and column."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path

MOST_SHOWN = 50
GZIP_MAGIC = b"\x1f\x8b"


class FilesError(ValueError):
    """The files cannot be used. ``sentences`` holds the first faults (at most 50), ``total`` how many there are."""

    def __init__(self, sentences: list[str], total: int) -> None:
        super().__init__("\n".join(sentences))
        self.sentences, self.total = sentences, total


class Faults:
    """Gathers faults over all files; only the first 50 are kept as text, all are counted."""

    def __init__(self) -> None:
        self.sentences: list[str] = []
        self.total = 0

    def add(self, path: Path, line: int | None, column: str | None, complaint: str) -> None:
        self.total += 1
        if len(self.sentences) < MOST_SHOWN:
            place = path.name + (f" {line}행" if line else "") + (f" '{column}' 열" if column else "")
            self.sentences.append(f"{place}: {complaint}")

    def raise_if_any(self) -> None:
        if self.total:
            raise FilesError(self.sentences, self.total)


def read_bytes(path: Path, faults: Faults) -> bytes | None:
    """The file's content, gunzipped where it is gzip; None, with a fault, when it cannot be read."""
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if content.startswith(GZIP_MAGIC) else content
    except FileNotFoundError:
        faults.add(path, None, None, "파일이 없습니다. 경로를 확인하십시오.")
    except IsADirectoryError:
        faults.add(path, None, None, "파일이 아니라 폴더입니다. 파일 경로를 적으십시오.")
    except (EOFError, gzip.BadGzipFile):
        faults.add(path, None, None, "압축이 깨졌거나 끝까지 내려받지 못한 gz 파일입니다. 다시 받으십시오.")
    except OSError as error:
        faults.add(path, None, None, f"읽을 수 없습니다({error.strerror or error}). 파일의 권한을 확인하십시오.")
    return None


def read_text(path: Path, faults: Faults) -> str | None:
    """The file as UTF-8 text (a byte order mark is passed over); None, with a fault, otherwise."""
    content = read_bytes(path, faults)
    if content is None:
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        faults.add(path, line, None, "UTF-8이 아닙니다. 엑셀이라면 'CSV UTF-8'로 다시 저장하십시오.")
        return None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        faults.add(path, line, None, "글자가 아닌 내용이 들어 있습니다. CSV 파일인지 확인하십시오.")
        return None
    if not text.strip():
        faults.add(path, None, None, "빈 파일입니다. 머리글과 자료가 있는 파일을 고르십시오.")
        return None
    return text


class Table:
    """One CSV file: its header checked, its rows as lists in the order of ``columns``.

    ``rows`` yields (line number, cells stripped); cells of absent optional columns are "". Lines with too few or too
    many cells become faults and are not yielded.
    """

    def __init__(self, path: Path, required: tuple[str, ...], optional: tuple[str, ...], faults: Faults) -> None:
        self.path, self.faults = path, faults
        self.columns = required + optional
        self.present: frozenset[str] = frozenset()
        self._text = read_text(path, faults)
        self._places: list[int] | None = None
        self._width = 0
        if self._text is not None:
            self._read_header(required)

    def _read_header(self, required: tuple[str, ...]) -> None:
        header = [name.strip() for name in next(csv.reader(io.StringIO(self._text or "")), [])]
        twice = sorted({name for name in header if header.count(name) > 1})
        missing = [name for name in required if name not in header]
        unknown = [name for name in dict.fromkeys(header) if name not in self.columns]
        for name in twice:
            self.faults.add(self.path, 1, name, "같은 열이 두 번 있습니다. 하나만 남기십시오.")
        for name in missing:
            self.faults.add(self.path, 1, name, "꼭 있어야 하는 열이 없습니다. 열을 추가하십시오.")
        for name in unknown:
            known = ", ".join(self.columns)
            self.faults.add(self.path, 1, name, f"알 수 없는 열입니다. 쓸 수 있는 열은 {known}입니다.")
        if not (twice or missing or unknown):
            self._places = [header.index(name) if name in header else -1 for name in self.columns]
            self._width = len(header)
            self.present = frozenset(header)

    @property
    def usable(self) -> bool:
        """Whether the header allows the rows to be read."""
        return self._places is not None

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        if self._places is None:
            return
        reader = csv.reader(io.StringIO(self._text or ""), strict=True)
        found = False
        try:
            next(reader)
            for cells in reader:
                if not cells:
                    continue
                found = True
                if len(cells) != self._width:
                    complaint = f"칸이 {len(cells)}개입니다. 머리글처럼 {self._width}개여야 합니다."
                    self.faults.add(self.path, reader.line_num, None, complaint)
                    continue
                yield reader.line_num, [cells[place].strip() if place >= 0 else "" for place in self._places]
        except csv.Error:
            self.faults.add(self.path, reader.line_num, None, "따옴표가 맞지 않습니다. 그 줄의 따옴표를 고치십시오.")
            return
        if not found:
            self.faults.add(self.path, None, None, "머리글만 있고 자료가 한 줄도 없습니다.")
