"""Small tables whose answers can be worked out by hand."""

from __future__ import annotations

import pandas as pd


def tables() -> dict[str, pd.DataFrame]:
    """Four customers and one row nobody signed for, worked through in tests/measures/test_purchases.py."""
    orders = pd.DataFrame(
        {
            "order_id": ["1", "2", "3", "4", "5", "6", "7"],
            "customer_id": ["ann", "ann", "ann", "bob", "cyd", "dee", None],
            "ordered_at": pd.to_datetime(
                [
                    "2024-02-29 09:00:00",
                    "2024-02-29 23:59:59",
                    "2025-12-31 00:00:00",
                    "2026-03-01 12:00:00",
                    "2024-12-31 23:30:00",
                    "2025-03-01 00:00:01",
                    "2026-01-01 10:00:00",
                ]
            ).astype("datetime64[us]"),
        }
    )
    order_lines = pd.DataFrame(
        {
            "order_id": ["1", "1", "2", "3", "4", "5", "7"],
            "line": [1, 2, 1, 1, 1, 1, 1],
            "product_id": ["p1", "p2", "p1", "p3", "p4", "gone", "p1"],
            "quantity": [2, 1, 4, 1, 10, 3, 1],
            "unit_price": [10.0, 5.0, 10.0, 100.0, 7.5, 2.0, 999.0],
            "discount": [4.0, 0.0, 0.0, 25.0, 0.0, None, 0.0],
            "returned_quantity": [0, 0, 1, 0, 10, 0, 0],
        }
    )
    products = pd.DataFrame(
        {
            "product_id": ["p1", "p2", "p3", "p4"],
            "category": ["boots", "socks", "boots", None],
            "primary_benefit": ["grip", "comfort", "grip", "light"],
        }
    )
    return {"orders": orders, "order_lines": order_lines, "products": products}
