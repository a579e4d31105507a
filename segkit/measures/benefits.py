"""What the products a customer chose are good at, beside what the shelf would have given."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from segkit import _portable as p
from segkit.errors import ColumnProblem
from segkit.measures.purchases import valued_lines

SECOND_COUNTS = 0.5
"""A product's second benefit counts half."""


def benefits(shop: Any) -> Any:
    """Measure which benefits each customer's purchases have, and which they would have by chance.

    A customer who buys boots gets the benefits boots happen to have. So every purchase is compared with its shelf: of
    the pieces sold in the same category, how many had this benefit? Bought far above expected is a choice.

    Parameters
    ----------
    shop : Shop
        Needs ``orders``, ``order_lines`` and ``products`` with ``category``, ``primary_benefit`` and, where there is
        one, ``secondary_benefit``. With ``answers`` to questions named ``benefit_<benefit>`` it adds the ratings.

    Returns
    -------
    frame
        One row per customer with at least one line: ``pieces``, and per benefit ``<benefit>_bought``,
        ``<benefit>_expected`` (pieces; a second benefit counts half) and, with answers, ``<benefit>_rating``
        (1 to 5, missing where not answered).

    Raises
    ------
    MissingTable
        When a table is missing.
    ColumnProblem
        When products carry no benefits.

    Examples
    --------
    >>> import synthetic, segkit as sk
    >>> facts = benefits(sk.Shop(synthetic.outdoor_shop(customers=50, seed=7)))
    >>> bool(((facts["grip_bought"] >= 0) & (facts["grip_expected"] >= 0)).all())
    True
    """
    words = benefits_of(shop)
    shelf = _shelf(shop, words)
    lines = valued_lines(shop).filter(nw.col("kept") > 0).select(p.KEY, "product_id", "kept")
    chosen = lines.join(shelf, on="product_id", how="inner")
    facts = chosen.group_by(p.KEY).agg(
        pieces=p.whole(nw.col("kept").sum()),
        **{f"{word}_bought": p.money((nw.col("kept") * nw.col(f"has_{word}")).sum()) for word in words},
        **{f"{word}_expected": p.money((nw.col("kept") * nw.col(f"usual_{word}")).sum()) for word in words},
    )
    if shop.has("answers"):
        facts = facts.join(_ratings(shop, words), on=p.KEY, how="left")
    return p.give_back(facts, like=shop.table("orders"))


def benefits_of(shop: Any) -> list[str]:
    """Return the benefits the shop's products have, in alphabetical order."""
    products = shop.lazy("products")
    there = products.collect_schema().names()
    if "primary_benefit" not in there or "category" not in there:
        raise ColumnProblem(
            "The products table needs 'category' and 'primary_benefit' (what each product does best for its owner). "
            f"It has: {', '.join(there)}."
        )
    named = products.filter(~nw.col("primary_benefit").is_null()).select("primary_benefit").unique()
    return sorted(p.small(named)["primary_benefit"])


def _shelf(shop: Any, words: list[str]) -> nw.LazyFrame:
    """Per product: which benefits it has, and which a piece from its category has on average."""
    products = shop.lazy("products")
    second = nw.col("secondary_benefit") if "secondary_benefit" in products.collect_schema().names() else nw.lit("")
    products = products.select(
        "product_id",
        "category",
        **{
            f"has_{word}": nw.when(nw.col("primary_benefit") == word).then(nw.lit(1.0))
            .otherwise(nw.when(second == word).then(nw.lit(SECOND_COUNTS)).otherwise(nw.lit(0.0)))
            for word in words
        },
    ).filter(~nw.col("category").is_null())  # fmt: skip
    sold = valued_lines(shop).filter(nw.col("kept") > 0).group_by("product_id").agg(sold=nw.col("kept").sum())
    weighed = products.join(sold, on="product_id", how="inner")
    sums = weighed.group_by("category").agg(
        _pieces=nw.col("sold").sum(),
        **{f"usual_{word}": (nw.col("sold") * nw.col(f"has_{word}")).sum() for word in words},
    )
    usual = sums.select("category", *((nw.col(f"usual_{word}") / nw.col("_pieces")) for word in words))
    return products.join(usual, on="category", how="inner")


def _ratings(shop: Any, words: list[str]) -> nw.LazyFrame:
    """Per customer the rating of each benefit; the mean where one was asked twice."""
    asked = shop.lazy("answers")
    score = nw.col("score").cast(nw.Float64)
    return asked.group_by(p.KEY).agg(
        **{f"{word}_rating": nw.when(nw.col("question") == f"benefit_{word}").then(score).mean() for word in words}
    )
