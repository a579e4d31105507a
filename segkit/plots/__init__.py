"""Plots: one figure per question, each with the numbers it shows as text.

>>> import pandas as pd, segkit as sk
>>> facts = pd.DataFrame({"customer_id": list("abcd"), "orders_per_year": [1.0, 1.0, 4.0, 12.0]})
>>> picture = sk.Usage(cuts=(2, 6)).fit(facts).segment(facts).plot("sizes")
>>> picture.twin
  segment  customers  % of customers
0   light          2            50.0
1  medium          1            25.0
2   heavy          1            25.0

A type brings its own figure with one decorator: see :func:`figure`.
"""

from segkit.plots.picture import Picture
from segkit.plots.registry import FIGURES, draw, figure, questions
from segkit.plots.style import number, words

# Each of these enters the registry by being imported.
from segkit.plots import (  # noqa: F401  # isort: skip
    benefits, facts, funnel, grid, loyalty, months, profile, recovery, sizes, styles, trust,
)  # fmt: skip

__all__ = ["FIGURES", "Picture", "draw", "figure", "number", "questions", "words"]
