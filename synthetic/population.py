"""A population in memory: the shop's tables as pandas frames, the truth beside them, a fingerprint."""

import datetime as dt
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa

from synthetic.arrow import plain
from synthetic.errors import SyntheticError
from synthetic.fingerprint import Fingerprint
from synthetic.streams import BLOCK
from synthetic.tables import block_tables, products_table
from synthetic.world import World, read_world, without_structure


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

    def fingerprint(self) -> str:
        """Return a short text that is equal for equal values, whatever the order of work; names are left out."""
        mark = Fingerprint()
        for name, frame in (*self.tables.items(), ("truth", self.truth)):
            mark.add(name, pa.Table.from_pandas(frame, preserve_index=False))
        return mark.text()


def outdoor_shop(customers: int = 3000, seed: int = 7, *, personas=None, world=None, **knobs) -> Population:
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
    **knobs
        ``overlap`` (0 to 1, .05), ``kappa`` (above 0, 15) and ``migrate`` (0 to 1, .08).

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
    return populate(read_world(world, personas, **knobs), customers, seed)


def no_structure(customers: int = 3000, seed: int = 7) -> Population:
    """Plant the same shop with one persona: there is nothing to find, and a careful method says so.

    Parameters
    ----------
    customers, seed : int
        As in ``outdoor_shop``.
    """
    return populate(without_structure(read_world()), customers, seed)


def populate(world: World, customers: int, seed: int) -> Population:
    """Draw a population of a world, block by block, in memory."""
    check_size(customers, seed)
    blocks = [block_tables(world, seed, block, count) for block, count in blocks_of(customers)]
    frames = {name: _frame(pa.concat_tables(plain(b[name]) for b in blocks)) for name in blocks[0]}
    truth = frames.pop("truth")
    tables = {"customers": frames.pop("customers"), "products": _frame(plain(products_table(world))), **frames}
    return Population(tables, truth, world.shop.as_of, seed)


def blocks_of(customers: int):
    """Return (block, customers in it) for a population of this size."""
    return [(block, min(BLOCK, customers - block * BLOCK)) for block in range(-(-customers // BLOCK))]


def check_size(customers, seed):
    """Refuse a population that cannot be."""
    if isinstance(customers, bool) or int(customers) != customers or customers < 1:
        raise SyntheticError(f"customers is {customers!r}; it must be a whole number, 1 or more.")
    if isinstance(seed, bool) or int(seed) != seed or seed < 0:
        raise SyntheticError(f"seed is {seed!r}; it must be a whole number, 0 or more.")


def _frame(table: pa.Table) -> pd.DataFrame:
    return table.to_pandas(split_blocks=True)
