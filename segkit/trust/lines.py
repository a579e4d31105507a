"""The lines of the card: figure, threshold, source, and the sentence that says what it means here."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from segkit.trust.card import Line, line
from segkit.trust.sample import UNKNOWN, Coverage, Sample
from segkit.trust.stability import Stability
from segkit.trust.structure import Borders

CONVENTION = "segkit's convention"


def size_lines(sizes: pd.DataFrame, covered: Coverage, smallest: int) -> list[Line]:
    """How large the groups are, whether one is so small that it points at persons, and who is in none."""
    known = sizes[sizes["segment"] != UNKNOWN]
    total = int(sizes["customers"].sum())
    least = known.loc[known["customers"].idxmin()]
    empty = known.loc[known["customers"] == 0, "segment"].tolist()
    said = f"The smallest group, {least['segment']}, has {least['customers']:,} of {total:,} customers."
    if empty:
        said = f"Nobody is in {_listed(empty)}."
    occupied = known[known["customers"] > 0]
    cell = int(occupied["customers"].min()) if len(occupied) else None
    if cell is None:
        told = "No group has customers."
    elif cell < smallest:
        who = _listed(occupied.loc[occupied["customers"] < smallest, "segment"].tolist())
        told = f"Too few customers in {who}: publish no figures about them, they would point at persons."
    else:
        told = f"Every group with customers has {cell:,} or more, so its figures point at nobody."
    once = "Every customer is in exactly one group."
    if covered.unknown:
        once = f"{covered.unknown:,} customers are {UNKNOWN}, because a fact is missing."
    if covered.astray:
        once += (
            f" {covered.astray:,} have no label, several, or a word that is none of the groups: the rule has a hole."
        )
    return [
        line("size", least["customers"] / max(total, 1), "share", f"Kotler (1967), substantial; {CONVENTION}", said,
             wanted=("at least", 0.05, 0.02)),
        line("smallest cell", cell, "customers", "Hundepool et al. (2012), minimum frequency", told,
             wanted=("at least", smallest, smallest)),
        line("coverage", covered.share, "share", CONVENTION, once, wanted=("at least", 0.95, 0.80)),
    ]  # fmt: skip


def stability_lines(found: Stability, sample: Sample) -> list[Line]:
    """Whether the groups come back, on these customers and on shuffled facts."""
    pairs = len(found.agreement)
    why_not = "Too few different customers: no sample of them could be learned from."
    if not found.learned:
        why_not = "Nothing is learned from the customers: the rule is given, and would come back whoever they were."
    again = shuffled = above = weakest = why_not
    worst = min((name for name in sample.occupied if name in found.overlap), key=found.overlap.get, default=None)
    one_fact = len(sample.used) == 1
    if pairs:
        low, high = found.quartiles
        again = (
            f"Learned on two fresh draws of the customers, the groups agree by {found.median:.2f} "
            f"(middle half of {pairs} pairs: {low:.2f} to {high:.2f}; 1 is the same groups, 0 is chance)."
        )
        if found.failed:
            again += f" {found.failed} more draws were too poor to learn from."
        above = "Of the agreement that shuffled facts leave open, so much is reached; 0 or less: no more than shuffled."
        weakest = f"{worst} comes back least: {found.overlap[worst]:.2f} of it and its best match overlap, on average."
    if found.shuffled.size:
        low, high = found.shuffled_quartiles
        shuffled = f"With every fact shuffled among the customers: {found.null:.2f} ({low:.2f} to {high:.2f})."
        if one_fact:
            above = "Of one fact it is 0, always: there is nothing that shuffling could part."
            shuffled = (
                f"The rule reads one fact, {sample.used[0]}. Shuffling only hands its values to other customers, so "
                "the same cuts come back."
            )
    return [
        line("stability", found.median, "index", "Hubert & Arabie (1985); threshold Steinley (2004)", again,
             wanted=("at least", 0.80, 0.65)),
        line("stability, shuffled", found.null, "index", "Dolnicar & Leisch (2010)", shuffled),
        line("above shuffled", found.adjusted, "index", f"as Cohen's kappa (1960); {CONVENTION}", above,
             wanted=None if one_fact else ("at least", 0.50, 0.20)),
        line("weakest segment", found.overlap.get(worst, math.nan), "index",
             "Hennig (2007); Dolnicar & Leisch (2017), SLSw", weakest, wanted=("at least", 0.75, 0.60)),
    ]  # fmt: skip


def structure_lines(
    sample: Sample,
    ground: Borders,
    silhouette: float,
    distinct: dict[str, tuple[str, float]],
    marked: dict[str, list[str]],
) -> list[Line]:
    """What is between the groups, and what marks them."""
    border = filled = "Too few customers, or no fact in numbers, to see what is between the groups."
    if ground.depth:
        border = (
            "How far the crowd thins out at a group's shallowest border, on average: 0 % is a cut through one crowd, "
            "100 % is empty ground."
        )
        filled = (
            "How much of that shuffling the facts fills; thin ground that stays belongs to single facts, not to groups."
        )
    one_fact = len(sample.used) == 1
    if one_fact:
        filled = "Of one fact it is 0, always: there is nothing that shuffling could part."
    least = min(distinct, key=lambda name: distinct[name][1], default=None)
    apart = "There are not two groups to compare."
    if least is not None:
        apart = (
            f"{least} differs least from the rest; most in {distinct[least][0]}, by "
            f"{distinct[least][1]:.2f} standard deviations."
        )
    bare = [name for name, facts in marked.items() if not facts]
    share = (len(marked) - len(bare)) / len(marked) if marked else math.nan
    marks = f"No fact marks {_listed(bare)}." if bare else "Every group is marked by at least one fact."
    return [
        line("borders", ground.thin, "share", f"Hartigan (1975), high-density clusters; {CONVENTION}", border,
             wanted=("at least", 0.50, 0.25)),
        line("borders, filled", ground.filled, "share", CONVENTION, filled,
             wanted=None if one_fact else ("at least", 0.10, 0.05)),
        line("silhouette", silhouette, "index", "Rousseeuw (1987); Kaufman & Rousseeuw (1990)",
             "How much nearer customers are to their own group than to the next one: 1 at best, 0 on the border.",
             wanted=("at least", 0.51, 0.26)),
        line("distinctness", min((far for _, far in distinct.values()), default=math.nan), "index",
             "Wasserstein distance; threshold Cohen (1988), medium effect", apart, wanted=("at least", 0.50, 0.20)),
        line("markers", share, "share", "Dolnicar, Grün & Leisch (2018)", marks if marked else apart,
             wanted=("at least", 1.0, 0.75)),
    ]  # fmt: skip


def boundary_lines(day: float, order: float, step: float, parts: float | None) -> list[Line]:
    """How many change when something small does."""
    no_shop = " Needs the shop the facts came from, as in sk.segment(shop, ...), and orders on more than one day."
    lines = [
        line("one day", day, "share", CONVENTION,
             "Customers who change group when looked at a day later or earlier, by the same rule."
             + (no_shop if math.isnan(day) else ""), wanted=("at most", 0.01, 0.05)),
        line("one order", order, "share", CONVENTION,
             "Customers who change group with one order less or one more, by the same rule."
             + (no_shop if math.isnan(order) else ""), wanted=("at most", 0.20, 0.40)),
        line("one step", step, "share", CONVENTION,
             "Customers who change group when one fact moves by 1 (whole numbers) or by 5 % (others).",
             wanted=("at most", 0.10, 0.25)),
    ]  # fmt: skip
    if parts is not None:
        said = "Customers who would be in another group if the same fact were cut in groups of equal size."
        lines.append(line("another binning", parts, "share", CONVENTION, said, wanted=("at most", 0.20, 0.40)))
    return lines


def reach_lines(reached: pd.DataFrame | None, customers: int, told_apart: float) -> list[Line]:
    """Who may be written to, and who could be told apart by the customers table."""
    share, said = math.nan, "The shop has no consents table: nobody may be written to until there is one."
    if reached is not None:
        share = float(reached["any"].sum()) / customers
        each = [f"{name} {reached[name].sum() / customers:.0%}" for name in reached.columns if name != "any"]
        said = f"Customers who said yes to any purpose; to each: {', '.join(each)}.".replace("%", " %")
    known = "How far the customers table alone (country, first source ...) tells the groups apart: 0 is guessing."
    if math.isnan(told_apart):
        known = "Not tried: it needs a customers table and at least 50 customers, 5 in every group."
    return [
        line("reachable", share, "share", f"Kotler (1967), accessible; {CONVENTION}", said,
             wanted=("at least", 0.50, 0.25)),
        line("identifiable", told_apart, "index", f"Kotler (1967), measurable; {CONVENTION}", known,
             wanted=("at least", 0.20, 0.05)),
    ]  # fmt: skip


def segments_table(sizes: pd.DataFrame, **columns: dict[str, Any]) -> pd.DataFrame:
    """The card per segment, in order of meaning."""
    table = sizes.copy()
    table["share"] = table["customers"] / max(table["customers"].sum(), 1)  # not rounded twice
    for name, values in columns.items():
        values = [values.get(segment) for segment in table["segment"]]
        words = any(isinstance(value, str) for value in values)
        table[name] = values if words else pd.Series(values, dtype="float64").round(4)
    return table


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
