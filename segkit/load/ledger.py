"""The ledger kept while loading: codes for set-aside rows, and notes for everything else."""

from __future__ import annotations

from dataclasses import dataclass, field

from segkit.load.report import FIXED, SET_ASIDE, WARNING, Note

KEPT, NETTED = 0, -1  # a netted row is kept: it lives on in the returned_quantity of another

# reason -> what the rows do, in words; {column} is the column's own name in the file
REASONS = {
    "repeated_header": "repeat the column names",
    "total_row": "are totals, not records",
    "missing": "have no {column}",
    "unreadable": "have an unreadable {column}",
    "percent": "have a percentage in {column}",
    "other_form": "write {column} in another way than most",
    "impossible": "have a date in {column} that does not exist, or lies outside 1900 to 2200",
    "placeholder": "have a date in {column} that only stands for 'none'",
    "not_finite": "have no finite number in {column}",
    "zero": "have {column} 0",
    "vast": "have a {column} above a million million",
    "other_currency": "are in another currency",
    "not_a_sale": "belong to orders that were cancelled, failed or never paid",
    "not_an_event": "are no events (identify, group and alias calls)",
    "duplicate": "are exact duplicates of an earlier row",
    "cancellation": "are cancelled invoices",
    "negative_quantity": "have a negative quantity or price and are no cancelled invoice",
    "unmatched_return": "return something that was not bought before in these files, or more than was bought",
    "free_line": "have price 0",
    "no_such_order": "belong to an order that is not among the orders kept",
    "superseded": "were replaced by a later row with the same key",
}


@dataclass
class Ledger:
    """Codes and notes of one load."""

    notes: list[Note] = field(default_factory=list)
    reasons: list[tuple[str, str, str]] = field(default_factory=list)
    examples: dict[int, str] = field(default_factory=dict)

    def code(self, reason: str, file: str, column: str = "") -> int:
        """Return the number under which rows are set aside for a reason; asks for a new one when needed."""
        key = (reason, file, column)
        if key not in self.reasons:
            self.reasons.append(key)
        return self.reasons.index(key) + 1

    def name(self, code: int) -> str:
        """Short name of a code, such as 'missing customer_id'."""
        reason, _, column = self.reasons[code - 1]
        return f"{reason} {column}".strip()

    def example(self, code: int, text: str) -> None:
        """Keep the first example of a reason."""
        self.examples.setdefault(code, text)

    def fixed(self, reason: str, file: str, what: str, *, rows: int = 0, lines: tuple[int, ...] = ()) -> None:
        """Note that something was put right."""
        self.notes.append(
            Note(
                FIXED,
                reason,
                file,
                _sentence(file, what),
                rows,
                lines=lines,
            )
        )

    def warn(
        self, reason: str, file: str, what: str, *, rows: int = 0, lines: tuple[int, ...] = (), aside: int = 0
    ) -> None:
        """Note something the reader should know."""
        self.notes.append(
            Note(
                WARNING,
                reason,
                file,
                _sentence(file, what),
                rows,
                aside,
                lines=lines,
            )
        )

    def set_aside(
        self, code: int, rows: int, total: int, revenue: float, lines: list[int], found: int | None = None
    ) -> None:
        """Note that rows were set aside."""
        reason, file, column = self.reasons[code - 1]
        text = REASONS[reason].format(column=column)
        shown = ", ".join(str(line) for line in lines[:3])
        example = self.examples.get(code, "")
        like = f", such as '{example}'" if example else ""
        text = (
            f"{file}: {rows:,} of {total:,} rows ({100 * rows / total:.1f} %) {text}{like};"
            f" set aside in report.rejected. First line{'s' if len(lines) > 1 else ''}: {shown}."
        )
        self.notes.append(
            Note(SET_ASIDE, self.name(code), file, text, found or rows, rows, revenue, tuple(lines[:3]), example)
        )


def _sentence(file: str, what: str) -> str:
    return f"{file}: {what}" + ("" if what.endswith(("?", ".")) else ".")
