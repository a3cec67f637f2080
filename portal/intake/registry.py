"""The kinds of files the portal takes. Each domain registers its own in its `ready`; the pipeline knows none."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from portal.intake.readers import Book, read_book, refuse_unopenable

if TYPE_CHECKING:
    from portal.directory.models import User
    from portal.directory.scope import Scope
    from portal.intake.models import Upload


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a template: its header(s), how a cell is read, what the template offers.

    `read` turns a raw cell into a value and raises `ValueError` with a Korean sentence. It knows nothing but the cell:
    for the same text it gives the same value, one that nobody changes (cells that repeat are read once).
    """

    name: str
    header: str
    read: Callable[[Any], Any]
    required: bool = True
    aliases: tuple[str, ...] = ()
    help: str = ""
    choices: Callable[["Scope"], Sequence[str]] | None = None
    width: int = 16
    example: str = ""
    text: bool = False
    """Kept as text in Excel (codes with leading zeros)."""
    show: Callable[[Any], str] | None = None
    """How the preview writes the kept (JSON) value."""


@dataclass(slots=True)
class Problem:
    """What is wrong, in which column (its name), and how to mend it. `rule` is for machines.

    `cell` (`C17`) is filled in by the pipeline, which knows where each column stands in the file.
    """

    rule: str
    message: str
    column: str = ""
    warning: bool = False
    cell: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "message": self.message,
            "column": self.column,
            "warning": self.warning,
            "cell": self.cell,
        }


@dataclass(slots=True)
class Row:
    """One row under way: as written, as read, as it stands now in the portal, and what is wrong with it.

    `values` and `before` hold what columns are named by, ready for JSON once the pipeline has encoded dates and
    Decimals; names beginning with `_` are the importer's own and are not shown.
    """

    sheet: str
    number: int
    cells: list[Any]
    values: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    same: bool = False

    @property
    def is_wrong(self) -> bool:
        return any(not problem.warning for problem in self.problems)


class Importer(Protocol):
    """What a domain offers the pipeline for one kind of file."""

    # May also have `warnings_need_reason: frozenset[str]`: rules whose warnings are committed only with a reason, which
    # then stands in `upload.accepted_reason`. And `names_people(scope) -> bool`: whether what `export` gives this reader
    # names people; a template filled with it then asks what for. And `file_types: tuple[str, ...]`: endings of files it
    # takes beside spreadsheets, as `.json`.

    @property
    def kind(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def capability(self) -> str: ...

    @property
    def columns(self) -> tuple[Column, ...]: ...

    def check(self, rows: list[Row], *, scope: "Scope", say: Callable[..., None]) -> None:
        """Judge every row against the books, in place: add problems, fill `before`, set `same`."""
        ...

    def commit(self, upload: "Upload", rows: Iterable[Mapping[str, Any]], *, actor: "User") -> dict[str, Any]:
        """Write the rows (`values` of the new and changed ones) in the caller's transaction; return what was done."""
        ...

    def undo(self, upload: "Upload", *, actor: "User", reason: str) -> dict[str, Any]:
        """Take the upload's effect back in the caller's transaction; refuse if something built on it since."""
        ...

    def export(self, scope: "Scope") -> Iterator[Mapping[str, Any]]:
        """Rows in the template's own columns, so that what is taken out can be brought back."""
        ...


@runtime_checkable
class OpensItsBook(Protocol):
    """An importer whose files are published in a layout of their own: it lays the book out as the pipeline's table."""

    def open_book(self, data: bytes) -> Book:
        """The file as sheets with a one-row head, every row where it stands in the file; `FileProblem` if it cannot be.

        `data` is no bomb, no locked file and no document: that has been looked at. Files in the portal's own template
        must be taken as well.
        """
        ...


def open_file(importer: Importer, data: bytes) -> Book:
    """A file's content as sheets, opened by its importer if that knows how. FileProblem tells why it cannot be read."""
    if isinstance(importer, OpensItsBook):
        refuse_unopenable(data)
        return importer.open_book(data)
    return read_book(data)


class Family(Protocol):
    """Kinds that are rows of a domain, one for each survey that is open, say: not known before there is a database.

    A kind of the family begins with `prefix`. `title` names a kind without asking the database (lists show many).
    """

    @property
    def prefix(self) -> str: ...

    def title(self, kind: str) -> str: ...

    def find(self, kind: str) -> Importer | None:
        """The importer of a kind; None when there is no such kind."""
        ...

    def offered(self, scope: "Scope") -> list[Importer]:
        """The kinds of which this reader may bring files in now."""
        ...


_importers: dict[str, Importer] = {}
_families: dict[str, Family] = {}


def register(importer: Importer) -> None:
    _importers[importer.kind] = importer


def register_family(family: Family) -> None:
    _families[family.prefix] = family


def _family_of(kind: str) -> Family | None:
    return next((family for prefix, family in _families.items() if kind.startswith(prefix)), None)


def importer_for(kind: str) -> Importer:
    """The importer of a kind. KeyError for a kind nobody registered."""
    if kind not in _importers and (family := _family_of(kind)) and (found := family.find(kind)):
        return found
    return _importers[kind]


def title_of(kind: str) -> str:
    """The kind in words; the kind itself when nobody registered it."""
    if kind in _importers:
        return _importers[kind].title
    family = _family_of(kind)
    return family.title(kind) if family else kind


def names_people(importer: Importer, scope: "Scope") -> bool:
    """Whether the rows this reader would be given out name people."""
    said: Callable[[Scope], bool] | None = getattr(importer, "names_people", None)
    return said is not None and said(scope)


def is_known(kind: str) -> bool:
    return kind in _importers or ((family := _family_of(kind)) is not None and family.find(kind) is not None)


def importers_for(scope: "Scope") -> list[Importer]:
    """The kinds of files this reader may bring in."""
    fixed = [importer for importer in _importers.values() if scope.can(importer.capability)]
    return [*fixed, *(importer for family in _families.values() for importer in family.offered(scope))]
