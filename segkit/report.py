"""Report: one segmentation on one page that needs nothing beside it, and the files that go with it."""

from __future__ import annotations

import html
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from segkit import _portable as p
from segkit import act, plots
from segkit.errors import DataProblem, FileProblem

_LOOK = """
body { font: 17px/1.55 system-ui, sans-serif; color: #222; background: #fff; margin: 0 auto; padding: 1.5rem;
       max-width: 52rem; }
h1 { font-size: 1.7rem; line-height: 1.25; } h2 { font-size: 1.3rem; margin-top: 2.4rem; }
.lead { font-size: 1.15rem; border-left: .3rem solid #0173b2; padding-left: .9rem; }
table { border: 0; border-collapse: collapse; font-size: .9rem; margin: .6rem 0 1.4rem; }
th, td { padding: .25rem .6rem; border: 0; border-bottom: 1px solid #ddd; text-align: right; vertical-align: top; }
th:first-child, td:first-child { text-align: left; }
dt { font-weight: 600; } dd { margin: 0 0 .4rem 1.2rem; }
.wide { overflow-x: auto; } .wide table { font-size: .82rem; } figure { margin: 1.2rem 0 0 !important; }
code, pre { background: #f3f3f3; border-radius: .2rem; padding: .1rem .3rem; }
pre { padding: .7rem; overflow-x: auto; } summary { cursor: pointer; color: #01598c; } img { height: auto; }
"""

_MEANING = {
    "natural": "Each group is a kind of customer of its own. Plan for each as such.",
    "reproducible": "The groups come back, but the borders between them are ours. Use them to plan, and treat "
    "customers close to a border alike.",
    "constructed": "The groups are a decision, not a finding. They can still be of use; do not tell anybody that the "
    "data shows so many kinds of customer.",
}


def headline(seg: Any) -> str:
    """Say in one sentence what stands out: the segment that is worth most for its size, or the largest.

    Examples
    --------
    >>> import segkit as sk, synthetic
    >>> seg = sk.segment(sk.Shop(synthetic.outdoor_shop(customers=300, seed=7)), sk.Usage(cuts=(2, 6)))
    >>> headline(seg).startswith("The heavy segment is")
    True
    """
    sizes = seg.sizes()
    known = sizes[(sizes["segment"] != "unknown") & (sizes["customers"] > 0)]
    if known.empty:
        return "No customer could be placed: a fact is missing for everybody."
    if "revenue_share" in known and (known["revenue_share"] > 0).any():
        top = known.loc[(known["revenue_share"] / known["share"]).idxmax()]
        return (
            f"The {top['segment']} segment is {_percent(top['share'])} of customers ({top['customers']:,}) "
            f"and {_percent(top['revenue_share'])} of revenue."
        )
    top = known.loc[known["customers"].idxmax()]
    return f"The largest segment is {top['segment']}: {top['customers']:,} customers, {_percent(top['share'])} of all."


def page(seg: Any, *, trust: Any = None, report: Any = None, title: str | None = None) -> str:
    """Return one segmentation as one HTML page, pictures included, that needs no network and no script.

    Parameters
    ----------
    seg : Segmentation
        What to show. No customer is named on the page.
    trust : TrustCard, optional
        Without it the card is computed.
    report : LoadReport, optional
        How the files were read; without it the shop's own, where there is one.
    title : str, optional
        Without it: the type and its question.

    Returns
    -------
    str
        The whole page.

    Examples
    --------
    >>> import segkit as sk, synthetic
    >>> seg = sk.segment(sk.Shop(synthetic.outdoor_shop(customers=300, seed=7)), sk.Usage())
    >>> page(seg).count("<img alt=")
    5
    """
    trust = trust or seg.trust()
    report = report or getattr(seg.shop, "report", None)
    kind = seg.segmenter
    title = title or f"Segmentation by {plots.words(kind.name)}. {kind.question}"
    parts = [
        f"<h1>{html.escape(title)}</h1>",
        f'<p class="lead">{html.escape(headline(seg))}</p>',
        f"<p>{html.escape(_scope(seg))}</p>",
        "<h2>How large the segments are</h2>",
        seg.plot("sizes").to_html(),
        "<h2>What the segments are like</h2>",
        *_figures(seg),
        *([_means(seg)] if seg.numeric_facts else []),
        "<h2>How far this can be trusted</h2>",
        f"<p>{html.escape(_MEANING[trust.label])}</p>",
        plots.draw(trust).to_html(folded=True),
        wide(trust._repr_html_(), "trust card"),
        "<h2>The rule</h2>",
        "<p>This is all that the computer needs to label a customer; it is also in <code>rule.json</code>.</p>",
        f"<pre>{html.escape(kind.to_json().strip())}</pre>",
        *([f"<h2>How the files were read</h2>{report._repr_html_()}"] if report is not None else []),
        "<h2>What to do next</h2>",
        _next_steps(seg),
    ]
    return shell(title, "\n".join(parts))


def write(
    seg: Any, folder: str | Path, *, trust: Any = None, report: Any = None, title: str | None = None
) -> list[Path]:
    """Write the page and what goes with it into a folder: all four files, or none.

    Parameters
    ----------
    seg : Segmentation
        What to write.
    folder : str or pathlib.Path
        Made when it is not there. Files of these names are replaced; others are left alone.
    trust, report, title
        As for :func:`page`.

    Returns
    -------
    list of pathlib.Path
        ``report.html``, ``trust_card.json``, ``segments.csv`` (customer and segment), ``rule.json``.

    Raises
    ------
    FileProblem
        When it cannot be written there.
    """
    trust = trust or seg.trust()
    labels = p.small(p.lazy(seg.labels).sort(p.KEY))
    return write_together(
        folder,
        {
            "report.html": page(seg, trust=trust, report=report, title=title),
            "trust_card.json": json.dumps(trust.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n",
            "segments.csv": lambda path: act.write_csv(labels, path),
            "rule.json": seg.segmenter.to_json(),
        },
    )


def write_together(folder: str | Path, files: Mapping[str, str | Callable[[Path], object]]) -> list[Path]:
    """Write several files into a folder so that none is left half written.

    They are written beside each other first, and moved to their names when all are whole.

    Parameters
    ----------
    folder : str or pathlib.Path
        Made when it is not there.
    files : mapping
        Name to its text, or to a function that writes to the path it is given.

    Returns
    -------
    list of pathlib.Path
        Where they are, in order.

    Raises
    ------
    FileProblem
        When it cannot be written there.
    """
    folder = Path(folder)
    is_new = not folder.exists()
    unfinished = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(dir=folder, prefix=".unfinished-"))
        for name, content in files.items():
            if callable(content):
                content(unfinished / name)
            else:
                (unfinished / name).write_text(content, encoding="utf-8", newline="\n")
        for name in files:
            os.replace(unfinished / name, folder / name)
        is_new = False
    except OSError as error:
        raise FileProblem(f"Cannot write into '{folder}': {error.strerror}. Name another folder.") from None
    finally:
        if unfinished is not None:
            shutil.rmtree(unfinished, ignore_errors=True)
        if is_new and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    return [folder / name for name in files]


def shell(title: str, body: str) -> str:
    """Put HTML into a whole page with the house's look.

    Examples
    --------
    >>> shell("A & B", "<h1>A</h1>").splitlines()[0]
    '<!DOCTYPE html>'
    """
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n<style>{_LOOK}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _figures(seg: Any) -> list[str]:
    """The figure made for this type, then those that say something about any."""
    wanted = dict.fromkeys([seg.segmenter.figure, *(("facts", "profile") if seg.numeric_facts else ())])
    wanted.pop("sizes", None)  # shown already
    drawn = []
    for question in wanted:
        try:
            picture = seg.plot(question)
        except DataProblem as error:  # such as too few different values for three tiers
            drawn.append(f"<p>{html.escape(str(error))}</p>")
            continue
        drawn.append(picture.to_html(folded=True))
        begins = picture.twin.attrs.get("begins")
        if begins:
            borders = ", ".join(f"{name} begins at {plots.number(cut)}" for name, cut in begins.items())
            fact = plots.words(picture.twin.columns[0], 99)
            drawn.append(f"<p>{html.escape(f'By {fact}: {borders}.')}</p>")
    return drawn


def _scope(seg: Any) -> str:
    customers = int(seg.sizes()["customers"].sum())
    if seg.shop is None:
        return f"{customers:,} customers."
    return (
        f"{customers:,} customers with at least one order, from {seg.shop.first_day} to {seg.shop.as_of}. "
        f"The shop is looked at as it was at the end of {seg.shop.as_of}."
    )


def _next_steps(seg: Any) -> str:
    one = next((name for name in reversed(seg.names) if name != "unknown"), seg.names[0])
    code = (
        "import segkit as sk\n\n"
        'seg = sk.segment(sk.read_shop("exports/"), sk.read_segmenter("rule.json"))\n'
        f'seg.audience("{one}", purpose="email").to_csv("audience.csv")'
    )
    return (
        "<ol><li>Choose one segment and one message. Ask what is lost when a customer gets it by mistake.</li>"
        "<li>Take only those customers who agreed to be written to. The lines below do that, and count everybody who "
        "is left out, by reason.</li>"
        "<li>Keep a part of them without the message. Otherwise you cannot know what it did.</li>"
        "<li>Next month use the same rule. Then customers move, and the borders do not.</li></ol>"
        f"<pre>{html.escape(code)}</pre>"
    )


def _means(seg: Any) -> str:
    """The typical values themselves, beside the figure that compares them."""
    table = seg.profile().map(plots.number).reset_index()
    table["fact"] = [plots.words(fact, 99) for fact in table["fact"]]
    text = table.to_html(index=False, escape=True, border=0)
    return f"<h3>The mean of every fact</h3>{wide(text, 'mean of every fact')}"


def wide(text: str, name: str) -> str:
    """Let something wide be moved sideways, with the keyboard too, so that the page itself never is."""
    return f'<div class="wide" tabindex="0" role="region" aria-label="{name}">{text}</div>'


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.01 else "less than 1 %"
