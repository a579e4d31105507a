"""Quantity, price, discount and line total -> one meaning, whatever an export has of them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from segkit.load.ledger import KEPT, Ledger
from segkit.load.passes import Seen
from segkit.load.texts import count_of

_MOST = 1e12  # pieces on one line; more is a slip, and no longer counted exactly
MONEY = ("quantity", "unit_price", "revenue", "discount", "returned_quantity")


class Amounts:
    """Settles the amounts of one file's rows, batch by batch.

    Price times quantity less the discount is the row's revenue. Without a quantity a row is one piece; with a line
    total but no price, the price is the total over the quantity. A quantity that is no whole number (goods sold by
    weight) becomes one piece at the weighed price. A negative quantity or price makes the row a return.
    """

    def __init__(self, file: str, ledger: Ledger) -> None:
        self.file, self.ledger = file, ledger
        self._weighed, self._over, self._negative_discount = Seen(), Seen(), Seen()

    def settle(self, table: pa.Table) -> pa.Table:
        """Replace the money columns by signed quantity, price, discount, returned quantity and revenue."""
        size = table.num_rows
        lines = table.column("row").to_numpy() & ((1 << 40) - 1)
        reason = table.column("reason").to_numpy().copy()
        given = {name: _numbers(table, name) for name in MONEY}
        quantity = np.ones(size) if given["quantity"] is None else given["quantity"]
        total, price = given["revenue"], given["unit_price"]
        with np.errstate(divide="ignore", invalid="ignore"):
            if price is None:
                price = np.where(quantity == 0, np.nan, total / quantity)
                total = None
            if given["quantity"] is not None:
                zero = (quantity == 0) & (reason == KEPT)
                if zero.any():
                    reason[zero] = self.ledger.code("zero", self.file, "quantity")
                vast = (np.abs(quantity) > _MOST) & (reason == KEPT)
                if vast.any():
                    reason[vast] = self.ledger.code("vast", self.file, "quantity")
                quantity = np.where(np.abs(quantity) > _MOST, np.nan, quantity)
            back = (quantity < 0) | (price < 0) | (table.column("cancelled").to_numpy(zero_copy_only=False))
            quantity, price = np.abs(quantity), np.abs(price)
            discount = np.zeros(size) if given["discount"] is None else np.nan_to_num(given["discount"])
            self._negative_discount.add(discount < 0, lines, lambda i: "")
            discount = np.abs(discount)
            weighed = (quantity != np.floor(quantity)) & np.isfinite(quantity)
            self._weighed.add(weighed, lines, lambda i: str(quantity[i]))
            price = np.where(weighed, price * quantity, price)
            quantity = np.where(weighed, 1.0, quantity)
            if total is not None:
                discount = self._discount_from_total(quantity * price, np.abs(total), discount, lines)
            returned = (
                np.zeros(size) if given["returned_quantity"] is None else np.nan_to_num(given["returned_quantity"])
            )
            returned = np.clip(returned, 0, quantity)
            kept_share = np.where(quantity > 0, 1 - returned / quantity, 1.0)
            revenue = (quantity * price - discount) * kept_share * np.where(back, -1, 1)
        columns = {name: table.column(name) for name in table.column_names if name not in (*MONEY, "reason")}
        return pa.table({
            **columns,
            "reason": reason,
            "is_return": back,
            "quantity": np.nan_to_num(quantity).astype(np.int64),
            "unit_price": price,
            "discount": np.nan_to_num(discount),
            "returned_quantity": np.nan_to_num(returned).astype(np.int64),
            "revenue": np.nan_to_num(revenue),
        })  # fmt: skip

    def _discount_from_total(
        self, gross: np.ndarray, total: np.ndarray, discount: np.ndarray, lines: np.ndarray
    ) -> np.ndarray:
        """Where the line total is told too, what it lacks to the full price is the discount."""
        over = total > gross + 0.005
        self._over.add(over & np.isfinite(total), lines, lambda i: str(total[i]))
        taken = np.where(np.isfinite(total), np.maximum(gross - total, 0), discount)
        return np.where(taken < 0.005, 0.0, taken)

    def finish(self) -> None:
        """Write what was found into the ledger."""
        for seen, reason, what in (
            (
                self._weighed,
                "weighed",
                "with a quantity that is no whole number; each is one piece at the weighed price",
            ),
            (self._negative_discount, "negative_discount", "with a negative discount; read without the minus"),
        ):
            if seen.rows:
                self.ledger.fixed(
                    reason, self.file, f"{count_of(seen.rows, 'row')} {what}", rows=seen.rows, lines=tuple(seen.lines)
                )
        if self._over.rows:
            what = (
                f"{count_of(self._over.rows, 'row')} with a line total above quantity × unit price "
                "(tax or shipping within?); read at quantity × unit price"
            )
            self.ledger.warn("total_above_price", self.file, what, rows=self._over.rows, lines=tuple(self._over.lines))


def _numbers(table: pa.Table, name: str) -> np.ndarray | None:
    if name not in table.column_names:
        return None
    return table.column(name).to_numpy().astype(float)
