"""Five questions about loyalty, each answered from the shop's own data with its uncertainty.

What goes together need not be cause and effect: every answer carries its caveat; a test with a hold-out settles it.
"""

from __future__ import annotations

import html
import math
import textwrap
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd

from segkit import _portable as p
from segkit import intervals
from segkit.measures.early import EARLY_DAYS, EXPERIENCES, INDICATORS, YEAR_DAYS, early
from segkit.measures.orders import known_orders
from segkit.segmentation import segment
from segkit.segmenters import Loyalty

NOT_A_CAUSE = (
    "This is what goes together, not what causes what: customers who did so may differ in other ways. Of twenty such "
    "intervals about one misses the true value. To know, give it to some customers at random and not to others."
)
ORDERED_LATER = f"ordered in days {EARLY_DAYS + 1} to {YEAR_DAYS}"
STEPS = (("one_time", "repeat"), ("repeat", "loyal"), ("loyal", "advocate"), ("lapsed", "repeat"))


@dataclass(frozen=True, eq=False, repr=False)
class Answer:
    """An answer from data. ``print`` says it in words; as a cell's last value it comes with its table and caveat.

    Attributes
    ----------
    question, sentence, caveat : str
        What was asked, what the data say, and what they cannot say.
    table : pandas.DataFrame
        The figures; ``low`` and ``high`` are 95 % intervals.
    """

    question: str
    sentence: str
    table: pd.DataFrame
    caveat: str

    def __str__(self) -> str:
        said = textwrap.wrap(self.sentence.replace(" %", "\u00a0%"), 88)  # a number and its sign stay together
        return "\n    ".join([self.question, *said]).replace("\u00a0", " ")

    def __repr__(self) -> str:
        return "\n".join([self.question, self.sentence, self.table.round(3).to_string(index=False), self.caveat])

    def _repr_html_(self) -> str:
        texts = [html.escape(text) for text in (self.question, self.sentence, self.caveat)]
        table = self.table.round(3).to_html(index=False, escape=True)
        return f"<p><strong>{texts[0]}</strong></p><p>{texts[1]}</p>{table}<p>{texts[2]}</p>"


def who_would_answer_a_programme(shop: Any) -> Answer:
    """Compare how many joined the programme, by what customers did in their first 90 days.

    Parameters
    ----------
    shop : Shop
        Needs ``orders`` and ``memberships``; each further table adds what can be compared.

    Returns
    -------
    Answer
        Its table: ``trait``; ``with_it`` and ``without`` (customers), the ``share_with`` and ``share_without`` who
        joined (0 to 1), their ``difference`` with ``low`` and ``high``, and ``not_yet`` (with the trait, outside).

    Raises
    ------
    MissingTable
        When there is no ``memberships`` table.

    Examples
    --------
    >>> import synthetic, segkit as sk
    >>> answer = who_would_answer_a_programme(sk.Shop(synthetic.outdoor_shop(customers=200, seed=7)))
    >>> list(answer.table.columns)[:2]
    ['trait', 'with_it']
    """
    shop.table("memberships")
    traits = {name: text for name, text in INDICATORS.items() if name != "joined"}
    table = _compared(early(shop), traits, "member")
    table["not_yet"] = (table["with_it"] * (1 - table["share_with"])).round().astype("int64")
    return Answer("Who would answer a loyalty programme?", _strongest(table, "joined at some time"), table, NOT_A_CAUSE)


def what_leads_to_loyalty(shop: Any) -> Answer:
    """Compare who still orders in the rest of the first year, by what they did in its first 90 days.

    Only customers whose first order is a year ago or more are counted.

    Parameters
    ----------
    shop : Shop
        Needs ``orders``; each further table adds what can be compared.

    Returns
    -------
    Answer
        Its table as in :func:`who_would_answer_a_programme`, without ``not_yet``.

    Examples
    --------
    >>> import synthetic, segkit as sk
    >>> answer = what_leads_to_loyalty(sk.Shop(synthetic.outdoor_shop(customers=200, seed=7)))
    >>> bool((answer.table["low"] <= answer.table["high"]).all())
    True
    """
    table = _compared(early(shop).filter(nw.col("tenure_days") >= YEAR_DAYS), INDICATORS, "ordered_later")
    return Answer("Which indicators lead to loyalty?", _strongest(table, ORDERED_LATER), table, NOT_A_CAUSE)


def which_experiences_make_loyal(shop: Any) -> Answer:
    """Compare who still orders in the rest of the first year, by how their first order went.

    Parameters
    ----------
    shop : Shop
        Needs ``orders``; with ``order_lines`` and ``answers`` there is more to compare.

    Returns
    -------
    Answer
        Its table as in :func:`what_leads_to_loyalty`.

    Examples
    --------
    >>> import synthetic, segkit as sk
    >>> answer = which_experiences_make_loyal(sk.Shop(synthetic.outdoor_shop(customers=200, seed=7)))
    >>> answer.question
    'Which experiences make people loyal?'
    """
    table = _compared(early(shop).filter(nw.col("tenure_days") >= YEAR_DAYS), EXPERIENCES, "ordered_later")
    return Answer("Which experiences make people loyal?", _strongest(table, ORDERED_LATER), table, NOT_A_CAUSE)


def how_to_attract_and_keep(shop: Any) -> Answer:
    """Count who comes back within a year: by what brought them first, and after each of the first five orders.

    Parameters
    ----------
    shop : Shop
        Needs ``orders``; with ``first_source`` in ``customers`` it compares sources.

    Returns
    -------
    Answer
        Its table: ``part`` (attract or keep), ``group``, ``customers`` (whose order is a year ago or more), and the
        ``share`` who ordered again within a year, with ``low`` and ``high``.

    Examples
    --------
    >>> import synthetic, segkit as sk
    >>> answer = how_to_attract_and_keep(sk.Shop(synthetic.outdoor_shop(customers=200, seed=7)))
    >>> answer.table["part"].unique().tolist()
    ['attract', 'keep']
    """
    orders = known_orders(shop)
    days = orders.select(p.KEY, "order_id", "ordered_at", day=p.day_number(nw.col("ordered_at")))
    number = p.running_count(~nw.col("order_id").is_null(), within=p.KEY, order_by=("ordered_at", "order_id"))
    until_next = nw.col("day").shift(-1).over(p.KEY, order_by=("ordered_at", "order_id")) - nw.col("day")
    steps = days.with_columns(number=number, again=p.as_count((until_next <= YEAR_DAYS).fill_null(False)))
    steps = steps.filter(nw.col("day") <= p.day_number_of(shop.as_of) - YEAR_DAYS, nw.col("number") <= 5)
    kept = _shares(steps, "number", "keep").sort_values("group", ignore_index=True)
    kept["group"] = [f"after order {number}" for number in kept["group"]]
    parts = [kept]
    if shop.has("customers") and "first_source" in p.columns(shop.lazy("customers")):
        came = shop.lazy("customers").select(p.KEY, "first_source").filter(~nw.col("first_source").is_null())
        first = steps.filter(nw.col("number") == 1).join(came, on=p.KEY, how="inner")
        sources = _shares(first, "first_source", "attract")
        parts.insert(0, sources.sort_values(["share", "group"], ascending=[False, True], ignore_index=True))
    table = pd.concat(parts, ignore_index=True)
    return Answer("How to attract and keep loyal customers?", _attract_and_keep(table), table, NOT_A_CAUSE)


def how_to_raise_lifetime_value(shop: Any) -> Answer:
    """Compare a year's revenue per customer, rung by rung of the loyalty ladder.

    Parameters
    ----------
    shop : Shop
        Needs ``orders`` and ``order_lines``.

    Returns
    -------
    Answer
        Its table: ``step`` up the ladder, ``customers`` (below the step), ``orders_per_year`` and ``mean_order_value``
        after the step over those before it (1 is no change), and the ``difference`` in revenue a year per customer with
        ``low`` and ``high``. A year is at least one: customers of less than a year count as if it were one.

    Raises
    ------
    MissingTable
        When there is no ``order_lines`` table.

    Examples
    --------
    >>> import synthetic, segkit as sk
    >>> answer = how_to_raise_lifetime_value(sk.Shop(synthetic.outdoor_shop(customers=200, seed=7)))
    >>> answer.table["step"].tolist()[:2]
    ['one_time to repeat', 'repeat to loyal']
    """
    shop.table("order_lines")
    table = worth_of_steps(segment(shop, Loyalty()))
    caveat = "These are differences between customers, not what a step would cause: probably less. " + NOT_A_CAUSE
    return Answer("How to raise customers' lifetime value?", _worth(table), table, caveat)


def worth_of_steps(ladder: Any) -> pd.DataFrame:
    """Compare a year's revenue per customer on neighbouring rungs of a loyalty segmentation.

    Parameters
    ----------
    ladder : Segmentation
        By :class:`segkit.Loyalty`; its facts hold ``revenue``.

    Returns
    -------
    pandas.DataFrame
        As in :func:`how_to_raise_lifetime_value`.

    Examples
    --------
    >>> import synthetic, segkit as sk
    >>> seg = sk.segment(sk.Shop(synthetic.outdoor_shop(customers=200, seed=7)), sk.Loyalty())
    >>> worth_of_steps(seg)["step"].tolist()[-1]
    'lapsed to repeat'
    """
    tenure = nw.col("tenure_days") / YEAR_DAYS
    years = nw.when(tenure > 1).then(tenure).otherwise(nw.lit(1.0))
    yearly = ladder.lazy.with_columns(
        value=nw.col("revenue") / years, times=nw.col("orders") / years, orders=nw.col("orders").cast(nw.Float64)
    )
    rungs = p.small(yearly.group_by("segment").agg(
        n=p.whole(nw.len()), mean=nw.col("value").mean(), square=(nw.col("value") ** 2).mean(),
        times=nw.col("times").mean(), revenue=nw.col("revenue").sum(), orders=nw.col("orders").sum(),
    )).set_index("segment")  # fmt: skip
    rungs["basket"] = rungs["revenue"] / rungs["orders"]
    rows = [_step(rungs, low, high) for low, high in STEPS if {low, high} <= set(rungs.index)]
    names = ["step", "customers", "orders_per_year", "mean_order_value", "difference", "low", "high"]
    return pd.DataFrame(rows, columns=names)


def _compared(facts: nw.LazyFrame, traits: dict[str, str], outcome: str) -> pd.DataFrame:
    """One row per trait that some have and others have not, the largest difference first."""
    traits = {name: text for name, text in traits.items() if name in p.columns(facts)}
    counts = {}
    for name in traits:
        for side in (1, 0):
            there = nw.when(nw.col(name) == side).then(nw.col(outcome))
            counts |= {f"{name} {side} n": there.count(), f"{name} {side} k": there.sum()}
    counted = p.small(facts.select(**counts)).iloc[0].fillna(0).astype("int64") if counts else {}
    rows = []
    for name, text in traits.items():
        (hits, tries), (misses, rest) = ([int(counted[f"{name} {side} {what}"]) for what in "kn"] for side in (1, 0))
        if tries and rest:
            gap = intervals.difference(hits, tries, misses, rest)
            rows.append((text, tries, hits / tries, rest, misses / rest, *gap))
    names = ["trait", "with_it", "share_with", "without", "share_without", "difference", "low", "high"]
    table = pd.DataFrame(rows, columns=names)
    return table.sort_values(["difference", "trait"], ascending=[False, True], ignore_index=True)


def _shares(frame: nw.LazyFrame, by: str, part: str) -> pd.DataFrame:
    counted = p.small(frame.group_by(by).agg(n=p.whole(nw.len()), k=p.whole(nw.col("again").sum())))
    rows = [(part, getattr(row, by), row.n, *intervals.share(row.k, row.n)) for row in counted.itertuples()]
    return pd.DataFrame(rows, columns=["part", "group", "customers", "share", "low", "high"])


def _step(rungs: pd.DataFrame, low: str, high: str) -> tuple[Any, ...]:
    """How the upper rung differs from the lower."""
    below, above = rungs.loc[low], rungs.loc[high]

    def spread(rung: pd.Series) -> float:
        return math.sqrt(max(rung["square"] - rung["mean"] ** 2, 0) * rung["n"] / max(rung["n"] - 1, 1))

    gap = intervals.mean_difference(
        above["mean"], spread(above), int(above["n"]), below["mean"], spread(below), int(below["n"])
    )
    basket = above["basket"] / below["basket"] if below["basket"] else math.nan
    return f"{low} to {high}", int(below["n"]), above["times"] / below["times"], basket, *gap


def _strongest(table: pd.DataFrame, did: str) -> str:
    """Say which trait differs most, of those whose interval leaves out 0."""
    clear = table[(table["low"] > 0) | (table["high"] < 0)]
    if clear.empty:
        return "Nothing stands out: every interval holds 0." if len(table) else "These tables hold nothing to compare."
    row = clear.loc[clear["difference"].abs().idxmax()]
    return (
        f"{row['trait'][0].upper()}{row['trait'][1:]}: of these {row['with_it']:,} customers "
        f"{_percent(row['share_with'])} {did}, of the {row['without']:,} others {_percent(row['share_without'])}; "
        f"a difference of {100 * row['difference']:.0f} points, between "
        f"{100 * row['low']:.0f} and {100 * row['high']:.0f}."
    )


def _attract_and_keep(table: pd.DataFrame) -> str:
    said = []
    sources, kept = table[table["part"] == "attract"], table[table["part"] == "keep"]
    if len(sources) > 1:
        best, last = sources.iloc[0], sources.iloc[-1]
        chance = "" if best["low"] > last["high"] else "The source tells nothing sure, the intervals overlap. "
        said.append(
            f"{chance}Most come back of those brought by {best['group']} ({_percent(best['share'])}), fewest by "
            f"{last['group']} ({_percent(last['share'])})."
        )
    if len(kept):
        leak = kept.loc[kept["share"].idxmin()]
        said.append(f"The largest loss is {leak['group']}: {_percent(leak['share'])} come back within a year.")
    return " ".join(said) or "No order is a year ago yet; there is nothing to count."


def _worth(table: pd.DataFrame) -> str:
    clear = table[table["low"] > 0]
    if clear.empty:
        return "No rung surely brings more than the one below it: every interval holds 0."
    total = clear["difference"] * clear["customers"]
    row = clear.loc[total.idxmax()]
    below, above = row["step"].split(" to ")
    return (
        f"The widest step is {row['step']}: a customer on {above} brings {row['difference']:,.0f} a year more (between "
        f"{row['low']:,.0f} and {row['high']:,.0f}), with {row['orders_per_year']:.1f} times as many orders a year and "
        f"{row['mean_order_value']:.1f} times as much in each. {row['customers']:,} stand on {below}. How much of this "
        "lifting them would bring, these data cannot say."
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
