"""A population in memory: the shop's tables as pandas frames, the truth beside them, a fingerprint."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow as pa

from synthetic.arrow import POOL, plain
from synthetic.errors import SyntheticError, did_you_mean
from synthetic.fingerprint import Fingerprint
from synthetic.streams import BLOCK
from synthetic.tables import TABLES, block_tables, shared_tables
from synthetic.toml import read_toml
from synthetic.traffic import traffic_table
from synthetic.world import World, without_structure
from synthetic.worldfiles import read_world

COUNTS_WITH_GAPS = frozenset({"household_size", "children"})


@dataclass(frozen=True)
class Population:
    """A shop whose customers were planted.

    Attributes
    ----------
    tables : dict of str to pandas.DataFrame
        What a shop would have; see ``describe``.
    truth : pandas.DataFrame
        One row per customer: what is really so. A shop never has this.
    as_of : datetime.date
        The day the tables were exported; what happened on that day is in them.
    seed : int
    """

    tables: dict[str, pd.DataFrame] = field(repr=False)
    truth: pd.DataFrame = field(repr=False)
    as_of: dt.date
    seed: int

    def __repr__(self):
        rows = ", ".join(f"{name} {len(frame):,}" for name, frame in self.tables.items())
        return f"Population(seed={self.seed}, as_of={self.as_of}; rows: {rows})"

    def describe(self, table: str | None = None) -> pd.DataFrame:
        """Tell what a table's columns hold, with their units; without a name, what the tables are.

        Parameters
        ----------
        table : str, optional
            Name of a table, or ``"truth"``.

        Raises
        ------
        SyntheticError
            For a table there is not.

        Examples
        --------
        >>> import synthetic
        >>> synthetic.outdoor_shop(customers=1).describe("consents").column.tolist()
        ['customer_id', 'purpose', 'granted', 'changed_at']
        """
        columns = columns_told()
        if table is None:
            names = [*self.tables, "truth"]
            rows = [len(self.tables.get(name, self.truth)) for name in names]
            return pd.DataFrame(
                {"table": names, "rows": rows, "one_row_per": [columns[n]["one_row_per"] for n in names]}
            )
        check_tables([table])
        told = [(name, text) for name, text in columns[table].items() if name != "one_row_per"]
        return pd.DataFrame(told, columns=["column", "holds"])

    def fingerprint(self) -> str:
        """Return a short text that is equal for equal values, whatever the order of work; names are left out."""
        mark = Fingerprint()
        for name, frame in (*self.tables.items(), ("truth", self.truth)):
            mark.add(name, pa.Table.from_pandas(frame, preserve_index=False))
        return mark.text()


def outdoor_shop(
    customers: int = 3000, seed: int = 7, *, personas=None, world=None, tables=None, **knobs
) -> Population:
    """Plant the customers of an outdoor shop.

    Parameters
    ----------
    customers : int
        How many, 1 or more. A larger population never changes the customers that were there.
    seed : int
        0 or more; the same seed gives the same shop.
    personas : path, optional
        A folder with your own personas, one TOML file each.
    world : path, optional
        A folder with your own ``shop.toml``, ``products.toml`` and ``personas``.
    tables : collection of str, optional
        Only these tables are made, beside the truth; all by default. Leaving some out changes no other.
    **knobs
        ``overlap`` (0 to 1, .05) pulls the personas together; ``kappa`` (above 0, 15) is how alike two people of a
        persona shop; ``migrate`` (0 to 1, .08) is the share who change persona; ``guests`` (0 to 10, .6) strangers per
        customer; ``locales``, e.g. ``{"fa_IR": 1}``, the mix of en_US, fa_IR and zh_TW; ``shock``, a day such as
        ``"2026-03-01"`` from which on demand is multiplied by ``shock_factor`` (.6).

    Returns
    -------
    Population

    Raises
    ------
    SyntheticError
        For a number outside its range, or a file with a mistake in it.

    Examples
    --------
    >>> import synthetic
    >>> shop = synthetic.outdoor_shop(customers=100, seed=7)
    >>> len(shop.truth)
    100
    """
    return populate(read_world(world, personas, **knobs), customers, seed, tables)


def no_structure(customers: int = 3000, seed: int = 7, *, tables=None) -> Population:
    """Plant the same shop with one persona: there is nothing to find, and a careful method says so.

    Parameters
    ----------
    customers, seed, tables
        As in ``outdoor_shop``.

    Examples
    --------
    >>> import synthetic
    >>> synthetic.no_structure(customers=10).truth.persona.unique().tolist()
    ['everyone']
    """
    return populate(without_structure(read_world()), customers, seed, tables)


def populate(world: World, customers: int, seed: int, tables=None) -> Population:
    """Draw a population of a world, block by block, in memory."""
    check_size(customers, seed)
    names = {*check_tables(tables), "truth"}
    blocks = [block_tables(world, seed, block, count, names) for block, count in blocks_of(customers)]
    frames = {name: _frame(table) for name, table in shared_tables(world, names).items()}
    if "traffic" in names:
        known = sum(block.pop("traffic") for block in blocks)
        frames["traffic"] = _frame(traffic_table(world, seed, customers, known))
    for name in list(blocks[0]):
        frames[name] = _frame(pa.concat_tables(block.pop(name) for block in blocks))
    truth = frames.pop("truth")
    ordered = {name: frames[name] for name in TABLES if name in frames}
    return Population(ordered, truth, world.shop.as_of, seed)


def check_tables(tables) -> tuple[str, ...]:
    """Return the names of the tables wanted, or refuse one that does not exist."""
    if tables is None:
        return TABLES
    for name in tables:
        if name not in TABLES:
            raise SyntheticError(f"There is no table {name!r}. {did_you_mean(name, TABLES)}")
    return tuple(name for name in TABLES if name in tables)


def blocks_of(customers: int):
    """Return (block, customers in it) for a population of this size."""
    return [(block, min(BLOCK, customers - block * BLOCK)) for block in range(-(-customers // BLOCK))]


def check_size(customers, seed):
    """Refuse a population that cannot be."""
    if isinstance(customers, bool) or int(customers) != customers or customers < 1:
        raise SyntheticError(f"customers is {customers!r}; it must be a whole number, 1 or more.")
    if isinstance(seed, bool) or int(seed) != seed or seed < 0:
        raise SyntheticError(f"seed is {seed!r}; it must be a whole number, 0 or more.")


@cache
def columns_told() -> dict[str, dict[str, str]]:
    """Return what every column of every table holds, as written in columns.toml."""
    return read_toml(Path(__file__).with_name("columns.toml"))


def _frame(table: pa.Table) -> pd.DataFrame:
    frame = plain(table).to_pandas(split_blocks=True, memory_pool=POOL)
    for name in COUNTS_WITH_GAPS.intersection(frame.columns):
        frame[name] = frame[name].astype("float64")  # pandas has no missing value for its plain integers
    return frame
