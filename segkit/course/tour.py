"""Tour: every type on a shop whose truth is known, in one table and on one page."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

import segkit as sk
import synthetic
from segkit import plots, report
from segkit.errors import DataProblem, SegkitError
from segkit.possible import possible

PAIRS = 20
"""Pairs of samples for each trust card: enough for its one word, and quick."""

GO_ON = (
    ("python start.py lab", "opens the course in your browser, at lesson 00"),
    ("python start.py segment FOLDER", "does this with your own orders (CSV, Excel or Parquet)"),
    ("python start.py --help", "lists everything else"),
)

COLUMNS = {
    "found": "how much of each planted group was found, on average (balanced accuracy)",
    "guessing": "what calling everybody by one group would reach",
    "oracle": "what a model reaches that has seen the truth of other customers: about the best these facts allow",
    "adjusted Rand": "how alike the found and the planted groups are: 1 the same, 0 chance",
    "trust": "natural: the groups are there; reproducible: they come back; constructed: we made them",
    "nothing planted": "the same word for a shop whose customers are all of one kind; natural would be a false alarm",
}
"""The columns of the tour's table, in plain words."""


@dataclass(frozen=True, repr=False)
class Tour:
    """What the tour found.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per type: recovery of the planted truth and trust. See ``COLUMNS``.
    left_out : dict of str to str
        Types that could not be run here, and why.
    path : pathlib.Path
        The page.
    """

    table: pd.DataFrame
    left_out: dict[str, str]
    path: Path

    def __repr__(self) -> str:
        wide = max(len(column) for column in COLUMNS)
        lines = [self.table.to_string(index=False, na_rep="–"), ""]
        lines += [f"{column:<{wide}}  {text}" for column, text in COLUMNS.items()]
        lines += [f"Not here: {name}. {why}" for name, why in self.left_out.items()]
        lines += ["", f"With pictures: {self.path}", "", "How to go on:"]
        command = max(len(command) for command, _ in GO_ON)
        lines += [f"  {words:<{command}}  {text}" for words, text in GO_ON]
        return "\n".join(lines)


def run(
    folder: str | Path = "tour",
    customers: int = 3_000,
    seed: int = 7,
    progress: Callable[[str], None] | None = None,
) -> Tour:
    """Plant two shops, run every type on them, print the table and leave a page with pictures.

    Parameters
    ----------
    folder : str or pathlib.Path
        Where ``index.html`` is written; an older one is replaced when the new one is whole.
    customers : int
        How many customers to plant.
    seed : int
        Decides who they are; the same seed leaves the same page.
    progress : callable, optional
        Called with a line of text before each step.

    Returns
    -------
    Tour
        The table, and where the page is.

    Raises
    ------
    FileProblem
        When the page cannot be written there.
    DataProblem
        When there are too few customers for any type.
    """
    say = progress or (lambda text: None)
    say(f"Planting a shop of {customers:,} customers, and one where nothing is planted")
    planted, plain = synthetic.outdoor_shop(customers, seed=seed), synthetic.no_structure(customers, seed=seed)
    shop, other = sk.Shop(planted), sk.Shop(plain)
    types = possible(shop)
    left_out = {row.type: f"It needs {row.missing}. {row.instead}" for row in types[~types["possible"]].itertuples()}
    names = types.loc[types["possible"], "type"].tolist()
    rows, sections = [], []
    for i, name in enumerate(names, start=1):
        say(f"{i} of {len(names)}: {plots.words(name, 99)}")
        try:
            row, section = _one_type(name, shop, planted.truth, other)
        except SegkitError as error:  # such as too few customers for its groups
            left_out[name] = str(error)
            continue
        rows.append(row)
        sections.append(section)
    if not rows:
        raise DataProblem(f"No type could be run. {next(iter(left_out.values()))}")
    table = pd.DataFrame(rows)
    page = _page(shop, customers, seed, table, left_out, sections)
    (path,) = report.write_together(folder, {"index.html": page})
    tour = Tour(table, left_out, path)
    print(tour)
    return tour


def _one_type(name: str, shop: Any, truth: pd.DataFrame, other: Any) -> tuple[dict[str, Any], str]:
    """The row of one type, and its part of the page."""
    kind = sk.segmenters.by_name(name)
    seg = sk.segment(shop, kind())
    card = seg.trust(pairs=PAIRS)
    false_alarm = sk.segment(other, kind()).trust(pairs=PAIRS)
    found = sk.recovery(seg, truth) if kind.truth_axis else None
    row = {
        "type": name,
        "segments": len([label for label in seg.names if label != "unknown"]),
        "found": _percent(found and found.balanced_accuracy),
        "guessing": _percent(found and found.naive_balanced_accuracy),
        "oracle": _percent(found and found.oracle_balanced_accuracy),
        "adjusted Rand": f"{found.adjusted_rand:.2f}" if found else "–",
        "trust": card.label,
        "nothing planted": false_alarm.label,
    }
    figures = [seg.plot("sizes"), *([] if kind.figure == "sizes" else [seg.plot()])]
    parts = [
        f"<h2>{html.escape(plots.words(name, 99).capitalize())}: {html.escape(kind.question)}</h2>",
        f'<p class="lead">{html.escape(report.headline(seg))}</p>',
        *(picture.to_html(folded=True) for picture in figures),
    ]
    if found:
        parts += [
            "<h3>What was planted, and what was found</h3>",
            f"<p>{html.escape(found.sentence())}</p>",
            plots.draw(found).to_html(folded=True),
        ]
    parts += [
        "<h3>Can it be trusted?</h3>",
        f"<p><strong>{card.label}</strong>. {html.escape(card.reason)}</p>",
        plots.draw(card).to_html(folded=True),
    ]
    return row, "\n".join(parts)


def _page(
    shop: Any, customers: int, seed: int, table: pd.DataFrame, left_out: dict[str, str], sections: list[str]
) -> str:
    terms = "".join(f"<dt>{name}</dt><dd>{html.escape(text)}</dd>" for name, text in COLUMNS.items())
    alarms = int((table["nothing planted"] == "natural").sum())
    false_alarms = f"{alarms:,} of {len(table)} types called their groups" if alarms else "No type called its groups"
    commands = "".join(f"<li><code>{html.escape(words)}</code> {html.escape(text)}</li>" for words, text in GO_ON)
    parts = [
        "<h1>A tour of segkit</h1>",
        '<p class="lead">Customer segmentation, tried where the answer is known.</p>',
        f"<p>This shop for outdoor gear does not exist. The computer made up its {customers:,} customers (seed {seed}) "
        f"and what they did from {shop.first_day} to {shop.as_of}. Each of them was given habits on purpose: how often "
        "they buy, what for, for how long. We say the truth is <em>planted</em>. No method is shown the truth. So "
        "afterwards we can count how much of it each method found. With real customers nobody can do that.</p>",
        "<h2>Every type in one table</h2>",
        report.wide(table.to_html(index=False, escape=True, border=0, na_rep="–"), "every type in one table"),
        f"<dl>{terms}</dl>",
        f"<p>In a second shop all customers are of one kind, and there is nothing to find. "
        f"{false_alarms} natural there.</p>",
        *sections,
        *([_not_here(left_out)] if left_out else []),
        f"<h2>How to go on</h2><ul>{commands}</ul>",
    ]
    return report.shell("A tour of segkit", "\n".join(parts))


def _not_here(left_out: dict[str, str]) -> str:
    items = "".join(f"<li><strong>{html.escape(n)}</strong>: {html.escape(why)}</li>" for n, why in left_out.items())
    return f"<h2>Not possible with this shop</h2><ul>{items}</ul>"


def _percent(share: float | None) -> str:
    return "–" if share is None or share != share else f"{100 * share:.1f} %"
