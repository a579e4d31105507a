"""How many customers change their label when something small changes."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable
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

Tables = dict[str, pd.DataFrame]


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
            lambda: (self.tables, self.as_of + day),
            lambda: (_until(self.tables, self.as_of - day), self.as_of - day),
        )

    def one_order(self) -> float:
        """Share who change when their last order is taken away, or comes once more on the day of ``as_of``."""
        return self._changed(
            lambda: (_without_last(self.tables), self.as_of),
            lambda: (_with_one_more(self.tables, self.as_of), self.as_of),
        )

    def _changed(self, *changes: Callable[[], tuple[Tables, dt.date]]) -> float:
        """Share of customers whom any of the changes moves; nan where none of the changes can be measured.

        A customer who is no longer there (an only order taken away) has not changed group, but gone.
        """
        moved, measured = pd.Series(False, index=self.before.index), pd.Series(False, index=self.before.index)
        for change in changes:
            try:
                after = self._labels(*change()).reindex(self.before.index)
            except SegkitError:  # such as the day before the first order
                continue
            measured |= after.notna()
            moved |= after.notna() & (after != self.before)
        return float(moved.sum() / measured.sum()) if measured.any() else float("nan")

    def _labels(self, tables: Tables, as_of: dt.date) -> pd.Series:
        facts = type(self.segmenter).measure(Shop(tables, as_of))
        labels = p.small(p.lazy(self.segmenter.predict(facts)))
        return labels.set_index(p.KEY)["segment"].astype(object).sort_index()


def one_step(sample: Sample) -> float:
    """Share of customers who change when any one fact of theirs is a step larger or smaller.

    A step is 1 for whole numbers and 5 % of the value for others; nothing falls below the least value there is.
    """
    facts = sample.small
    before = predicted(sample.segmenter, facts)
    moved = np.zeros(len(before), dtype=bool)
    for fact in (fact for fact in sample.used if facts[fact].dtype.is_numeric()):
        value = facts[fact].cast(nw.Float64)
        is_whole = bool(((value % 1).fill_null(0) == 0).all())
        step = value * 0 + 1 if is_whole else value.abs() * STEP
        for new in (value + step, (value - step).clip(lower_bound=value.min())):
            changed = facts.with_columns(new.cast(facts[fact].dtype if is_whole else nw.Float64).alias(fact))
            moved |= predicted(sample.segmenter, changed) != before
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
    """Those tables the measure asks for, of the sampled customers only, as pandas."""
    noted = _Noted(shop.tables)
    watched = copy.copy(shop)
    watched.tables = noted
    type(sample.segmenter).measure(watched)
    tables = {}
    who = sample.frame[[p.KEY]]
    for name in ("orders", *sorted(noted.asked - {"orders"})):
        frame = p.lazy(shop.tables[name])
        there = frame.collect_schema().names()
        if not sample.is_all and p.KEY in there:
            frame = frame.join(p.same_engine(who, like=frame), on=p.KEY, how="semi")
        elif not sample.is_all and "order_id" in there:
            frame = frame.join(p.same_engine(tables["orders"][["order_id"]], like=frame), on="order_id", how="semi")
        native = frame.to_native() if not sample.is_all else shop.tables[name]
        tables[name] = native if isinstance(native, pd.DataFrame) else p.small(p.lazy(native))
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
    end = pd.Timestamp(day) + pd.Timedelta(days=1)
    for name, frame in tables.items():
        when = [c.name for c in schema.TABLES[name].columns if c.kind == "time" and c.required and c.name in frame]
        if len(when) == 1:  # campaigns have two, and are the shop's own plan
            kept[name] = frame[frame[when[0]] < end]
    return kept


def _last_orders(orders: pd.DataFrame) -> pd.DataFrame:
    """Each customer's last order; of two at the same moment the one with the larger id."""
    signed = orders[orders[p.KEY].notna()]
    return signed.sort_values(["ordered_at", "order_id"], kind="stable").drop_duplicates(p.KEY, keep="last")


def _without_last(tables: Tables) -> Tables:
    orders = tables["orders"]
    return {**tables, "orders": orders[~orders["order_id"].isin(_last_orders(orders)["order_id"])]}


def _with_one_more(tables: Tables, as_of: dt.date) -> Tables:
    orders = tables["orders"]
    again = _last_orders(orders)
    more = {"orders": pd.concat([orders, again.assign(order_id=_new(again), ordered_at=_noon(as_of, orders))])}
    if "order_lines" in tables:
        lines = tables["order_lines"]
        copied = lines[lines["order_id"].isin(again["order_id"])]
        more["order_lines"] = pd.concat([lines, copied.assign(order_id=_new(copied))])
    return {**tables, **{name: frame.reset_index(drop=True) for name, frame in more.items()}}


def _new(frame: pd.DataFrame) -> pd.Series:
    return frame["order_id"].astype(str) + " once more"


def _noon(as_of: dt.date, orders: pd.DataFrame) -> pd.Timestamp:
    unit = getattr(orders["ordered_at"].dtype, "unit", "us")
    return (pd.Timestamp(as_of) + pd.Timedelta(hours=12)).as_unit(unit)
