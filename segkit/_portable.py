"""Every cure for a difference between engines, under a name that reads well in a measure.

Measures and rules are Narwhals expressions, written once. pandas, Polars (eager and lazy), DuckDB and PySpark must
give equal answers; where they would not, the cure is here and nowhere else.
"""

from __future__ import annotations

import datetime as dt
from importlib.util import find_spec
from typing import Any

import narwhals as nw
import pandas as pd

KEY = "customer_id"
_HAS_POLARS = find_spec("polars") is not None


def lazy(native: Any) -> nw.LazyFrame:
    """Open any supported frame as a lazy one.

    A pandas frame is worked on by lazy Polars where Polars is installed: the same answer in less time.
    """
    frame = nw.from_native(native)
    if frame.implementation.is_pandas() and _HAS_POLARS and isinstance(frame, nw.DataFrame):
        return frame.lazy("polars")
    return frame.lazy()


def give_back(frame: nw.LazyFrame, like: Any, *, key: str = KEY) -> Any:
    """Return a lazy result as the caller's own frame type.

    An eager caller gets rows in order of `key`, so that the same call gives the same bytes; a lazy caller gets a lazy
    frame, whose order no engine promises.
    """
    model = nw.from_native(like)
    if isinstance(model, nw.LazyFrame):
        return frame.to_native()
    backend = model.implementation
    result = frame.sort(key).collect(backend).to_native()
    return result.reset_index(drop=True) if backend.is_pandas() else result


def small(frame: nw.LazyFrame) -> pd.DataFrame:
    """Collect a result that is small enough to look at, as pandas."""
    if frame.implementation.is_spark_like():
        frame = frame.collect("pyarrow").lazy()  # Spark's own way to pandas lags behind pandas 3
    table = frame.collect("pandas").to_native().reset_index(drop=True)
    for moment in table.select_dtypes("datetimetz"):  # Spark hands its own time zone along; times here have none
        table[moment] = table[moment].dt.tz_localize(None)
    return table


def one_row(frame: nw.LazyFrame) -> dict[str, Any]:
    """Collect a result of one row, by name; what is missing is nan.

    A trust card learns a rule hundreds of times, and to put one row into pandas takes longer than to work it out.
    """
    if not frame.implementation.is_polars():
        return small(frame).iloc[0].to_dict()
    (row,) = frame.collect().rows(named=True)
    return {name: float("nan") if value is None else value for name, value in row.items()}


def held(frame: nw.LazyFrame) -> nw.LazyFrame:
    """Bring a frame into memory, to be worked on many times: Polars where it is installed, else pandas."""
    return (frame if frame.implementation.is_polars() else lazy(small(frame))).collect().lazy()


def same_engine(small_frame: pd.DataFrame, like: nw.LazyFrame) -> nw.LazyFrame:
    """Carry a small pandas frame into the engine of `like`, so that the two can be joined."""
    native = like.to_native()
    if like.implementation.is_spark_like():
        rows = [tuple(row) for row in small_frame.astype(object).itertuples(index=False)]
        return nw.from_native(native.sparkSession.createDataFrame(rows, list(small_frame.columns))).lazy()
    if like.implementation.is_duckdb():  # through the caller's own connection: those of two do not join
        carried = nw.from_native(small_frame).to_arrow()  # noqa: F841 - DuckDB finds it by its name
        return nw.from_native(native.query("_", "SELECT * FROM carried")).lazy()
    return nw.from_native(small_frame).lazy(like.implementation)


def columns(frame: nw.LazyFrame) -> list[str]:
    """Names of a lazy frame's columns."""
    return frame.collect_schema().names()


def stacked(frame: nw.LazyFrame, names: list[str], *, beside: str, into: str) -> nw.LazyFrame:
    """Put columns below one another: `into` says which it was, ``value`` what it held; `beside` is kept on each row."""
    if frame.implementation.is_duckdb():  # Narwhals would ask DuckDB's own connection, and the frame may have another
        values, words = (", ".join(f"{mark}{name}{mark}" for name in names) for mark in ('"', "'"))
        rows = frame.to_native().project(f'"{beside}", unnest([{words}]) as "{into}", unnest([{values}]) as "value"')
        return nw.from_native(rows).lazy()
    return frame.unpivot(on=names, index=[beside], variable_name=into)


def whole(expr: nw.Expr) -> nw.Expr:
    """Cast to one integer type; engines count in different ones."""
    return expr.cast(nw.Int64)


def money(expr: nw.Expr) -> nw.Expr:
    """Round to a millionth: engines add in different orders, and the last bits of a sum differ."""
    return expr.cast(nw.Float64).round(6)


def as_count(condition: nw.Expr) -> nw.Expr:
    """Turn a condition into 1 or 0 that can be summed; bools do not sum alike everywhere."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))


def running_count(condition: nw.Expr, *, within: str, order_by: tuple[str, ...]) -> nw.Expr:
    """Count the rows so far for which a condition holds, this one included, within each `within` and in this order."""
    return whole(as_count(condition).cum_sum().over(within, order_by=order_by))


def most_often(frame: nw.LazyFrame, column: str, *, within: str = KEY) -> nw.LazyFrame:
    """Return the commonest word of `column` within each `within`; a tie goes to the first in the alphabet."""
    counted = frame.filter(~nw.col(column).is_null()).group_by(within, column).agg(_rarer=whole(nw.len()) * -1)
    place = running_count(~nw.col(column).is_null(), within=within, order_by=("_rarer", column))
    return counted.with_columns(_place=place).filter(nw.col("_place") == 1).select(within, column)


def largest(*names: str) -> nw.Expr:
    """The largest of some columns, those missing left out; Spark's own takes no fewer than two."""
    return nw.max_horizontal(*names) if len(names) > 1 else nw.col(names[0])


def day_number(moment: nw.Expr) -> nw.Expr:
    """Whole days since 1970-01-01 of a moment, by integer arithmetic that every engine has."""
    year = whole(moment.dt.year()) - 1
    return year * 365 + year // 4 - year // 100 + year // 400 + whole(moment.dt.ordinal_day()) - _DAYS_TO_1970


_DAYS_TO_1970 = 719_163  # 1970-01-01 counted from 0001-01-01 as day 1


def day_number_of(day: dt.date) -> int:
    """The same number for a Python date.

    Examples
    --------
    >>> day_number_of(dt.date(1970, 1, 2))
    1
    """
    return day.toordinal() - _DAYS_TO_1970


def calendar_day(moment: nw.Expr) -> nw.Expr:
    """Midnight of the day a moment falls on."""
    return moment.dt.truncate("1d")


def label_of(cases: list[tuple[nw.Expr, str]], otherwise: str, *, unknown: nw.Expr | None = None) -> nw.Expr:
    """Build one label column: the first condition that holds gives the word.

    Parameters
    ----------
    cases : list of (condition, word)
        Tried in order.
    otherwise : str
        The word when none holds.
    unknown : expression, optional
        Where this holds the label is ``"unknown"``, whatever else does.
    """
    chain = list(cases)
    if unknown is not None:
        chain.insert(0, (unknown, "unknown"))
    expr = nw.lit(otherwise)
    for condition, word in reversed(chain):
        expr = nw.when(condition).then(nw.lit(word)).otherwise(expr)
    return expr
