"""How many customers change their label when something small changes."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from segkit import _portable as p
from segkit import schema
from segkit.errors import SegkitError
from segkit.shop import Shop
from segkit.trust.sample import Sample, predicted

STEP = 0.05
"""One step of a fact that is not counted in whole numbers: 5 % of its value."""

Tables = dict[str, Any]


class Remeasured:
    """The tables of the sampled customers, to measure again under small changes with the rule held fixed.

    Parameters
    ----------
    sample : Sample
        Whose tables; collected once.
    shop : Shop
        Where the facts came from.
    """

    def __init__(self, sample: Sample, shop: Any) -> None:
        self.segmenter, self.as_of = sample.segmenter, shop.as_of
        self.tables = _collected(sample, shop)
        self.before = self._labels(self.tables, self.as_of)

    def one_day(self) -> float:
        """Share of customers who change when the shop is looked at a day later or a day earlier."""
        day = dt.timedelta(days=1)
        return self._changed(
            (self.tables, self.as_of + day),
            (_until(self.tables, self.as_of - day), self.as_of - day),
        )

    def one_order(self) -> float:
        """Share who change when their last order is taken away, or comes once more on the day of ``as_of``."""
        last = _last_orders(self.tables["orders"])
        return self._changed(
            (_without(self.tables, last), self.as_of),
            (_once_more(self.tables, last, self.as_of), self.as_of),
        )

    def _changed(self, *changes: tuple[Tables, dt.date]) -> float:
        """Share of customers whom any of the changes moves; nan where none of the changes can be measured.

        A customer who is no longer there (an only order taken away) has not changed group, but gone.
        """
        moved, measured = pd.Series(False, index=self.before.index), pd.Series(False, index=self.before.index)
        for tables, as_of in changes:
            try:
                after = self._labels(tables, as_of).reindex(self.before.index)
            except SegkitError:  # such as the day before the first order
                continue
            measured |= after.notna()
            moved |= after.notna() & (after != self.before)
        return float(moved.sum() / measured.sum()) if measured.any() else float("nan")

    def _labels(self, tables: Tables, as_of: dt.date) -> pd.Series:
        facts = type(self.segmenter).measure(Shop(tables, as_of))
        labels = p.small(self.segmenter.labelled(facts).select(p.KEY, "segment"))
        return labels.set_index(p.KEY)["segment"].astype(object).sort_index()


def one_step(sample: Sample) -> float:
    """Share of customers who change when any one fact of theirs is a step larger or smaller.

    A step is 1 for whole numbers and 5 % of the value for others; nothing falls below the least value there is.
    """
    facts = sample.small
    before = predicted(sample.segmenter, facts)
    moved = np.zeros(len(before), dtype=bool)
    for fact in (fact for fact in sample.deciding if facts[fact].dtype.is_numeric()):
        value = facts[fact].cast(nw.Float64)
        is_whole = bool(((value % 1).fill_null(0) == 0).all())
        step = value * 0 + 1 if is_whole else value.abs() * STEP
        new = (value + step, (value - step).clip(lower_bound=value.min()))
        kind = facts[fact].dtype if is_whole else nw.Float64
        both = nw.concat([facts.with_columns(other.cast(kind).alias(fact)) for other in new])  # one rule, worked once
        moved |= (predicted(sample.segmenter, both).reshape(2, -1) != before).any(axis=0)
    return float(moved.mean()) if len(moved) else float("nan")


def equal_parts(sample: Sample) -> float:
    """Share who change when the one fact of the rule is cut in groups of equal size in its place.

    Customers are laid out by the fact and dealt into as many groups as the rule has; equal values share a group, the
    upper one, as with every cut. Groups are matched in order of the fact.
    """
    value = sample.known[sample.used[0]].astype("float64")
    ascending = value.groupby(sample.labels).mean().sort_values(kind="stable").index
    if len(ascending) < 2:
        return float("nan")
    cuts = value.quantile(np.arange(1, len(ascending)) / len(ascending)).to_numpy()
    equal = np.searchsorted(cuts, value.to_numpy(), side="right")
    return float((np.array(ascending, dtype=object)[equal] != sample.labels).mean())


def _collected(sample: Sample, shop: Any) -> Tables:
    """Those tables the measure asks for, of the sampled customers only, held in memory and open for lazy work."""
    noted = _Noted({name: p.lazy(frame).to_native() for name, frame in shop.tables.items()})
    watched = copy.copy(shop)
    watched.tables = noted
    type(sample.segmenter).measure(watched)  # lazy: what it asks for shows without its being worked out
    tables: Tables = {}
    who = sample.frame[[p.KEY]]
    for name in ("orders", *sorted(noted.asked - {"orders"})):
        frame = p.lazy(noted[name])
        there = p.columns(frame)
        if not sample.is_all and p.KEY in there:
            frame = frame.join(p.same_engine(who, like=frame), on=p.KEY, how="semi")
        elif not sample.is_all and "order_id" in there:
            ids = p.small(p.lazy(tables["orders"]).select("order_id"))
            frame = frame.join(p.same_engine(ids, like=frame), on="order_id", how="semi")
        tables[name] = p.held(frame).to_native()
    return tables


class _Noted(dict):
    """Tables that note which of them were asked for."""

    def __init__(self, tables: dict) -> None:
        super().__init__(tables)
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        return super().__getitem__(name)


def _until(tables: Tables, day: dt.date) -> Tables:
    """The tables as they were at the end of a day: what happened later had not happened."""
    kept = dict(tables)
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time())
    for name, frame in tables.items():
        there = p.columns(p.lazy(frame))
        when = [c.name for c in schema.TABLES[name].columns if c.kind == "time" and c.required and c.name in there]
        if len(when) == 1:  # campaigns have two, and are the shop's own plan
            kept[name] = p.lazy(frame).filter(nw.col(when[0]) < end).to_native()
    return kept


def _last_orders(orders: Any) -> nw.LazyFrame:
    """Each customer's last order; of two at the same moment the one with the larger id."""
    signed = p.lazy(orders).filter(~nw.col(p.KEY).is_null()).collect()
    return signed.sort("ordered_at", "order_id").unique(p.KEY, keep="last", maintain_order=True).lazy()


def _without(tables: Tables, last: nw.LazyFrame) -> Tables:
    return {**tables, "orders": p.lazy(tables["orders"]).join(last, on="order_id", how="anti").to_native()}


def _once_more(tables: Tables, last: nw.LazyFrame, as_of: dt.date) -> Tables:
    orders, new = p.lazy(tables["orders"]), nw.concat_str(nw.col("order_id"), nw.lit(" once more"))
    noon = nw.lit(dt.datetime.combine(as_of, dt.time(12))).cast(orders.collect_schema()["ordered_at"])
    more = {"orders": nw.concat([orders, last.with_columns(order_id=new, ordered_at=noon)])}
    if "order_lines" in tables:
        lines = p.lazy(tables["order_lines"])
        copied = lines.join(last.select("order_id"), on="order_id", how="semi").with_columns(order_id=new)
        more["order_lines"] = nw.concat([lines, copied])
    return {**tables, **{name: frame.to_native() for name, frame in more.items()}}
