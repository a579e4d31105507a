"""One fixture's worth of engines: the same tables as pandas, Polars, DuckDB and PySpark frames."""

from __future__ import annotations

import os
from functools import cache

import pandas as pd
import pytest

from segkit import _portable as p

PROMISED = ("pandas", "polars", "polars_lazy", "duckdb", "pyspark")


def open_tables(tables: dict[str, pd.DataFrame], engine: str) -> dict[str, object]:
    """Return the same tables as frames of another engine."""
    convert = {
        "pandas": lambda name, frame: frame,
        "polars": _polars,
        "polars_lazy": lambda name, frame: _polars(name, frame).lazy(),
        "duckdb": _duckdb,
        "pyspark": _spark,
    }[engine]
    return {name: convert(name, frame) for name, frame in tables.items()}


def by_customer(frame: object) -> pd.DataFrame:
    """Collect facts or labels of any engine as pandas, one row per customer in order of customer."""
    return p.small(p.lazy(frame)).set_index(p.KEY).sort_index()


def labels_of(segmenter: object, facts: pd.DataFrame, engine: str = "pandas") -> pd.DataFrame:
    """Label pandas facts on another engine."""
    return by_customer(segmenter.predict(open_tables({"facts": facts}, engine)["facts"]))


def column(table: pd.DataFrame, name: str) -> list[object]:
    """What a column holds, with None for whatever is missing."""
    return [None if pd.isna(value) else value for value in table[name]]


def _arrow(frame: pd.DataFrame):
    import pyarrow as pa

    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata()
    fields = [f.with_type(pa.string()) if pa.types.is_large_string(f.type) else f for f in table.schema]
    return table.cast(pa.schema(fields))


def _polars(name: str, frame: pd.DataFrame):
    import polars

    return polars.from_arrow(_arrow(frame))


@cache
def _connection():
    return pytest.importorskip("duckdb", reason="duckdb is not installed").connect()


def _duckdb(name: str, frame: pd.DataFrame):
    return _connection().from_arrow(_arrow(frame))


@cache
def spark_session():
    """One session for all tests: its start takes about ten seconds."""
    pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'segkit[spark]'")
    import shutil

    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Spark needs Java, and there is none on this machine")
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.driver.memory": "2g",
    }
    builder = SparkSession.builder.master("local[2]").appName("segkit-tests")
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _spark(name: str, frame: pd.DataFrame):
    return spark_session().createDataFrame(_arrow(frame))
