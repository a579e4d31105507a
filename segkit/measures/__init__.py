"""Measures: from a shop's tables to facts, one row per customer."""

from segkit.measures.benefits import benefits
from segkit.measures.carts import obstacles
from segkit.measures.decisions import decisions
from segkit.measures.incentives import incentives
from segkit.measures.journey import journey
from segkit.measures.loyalty import loyalty
from segkit.measures.occasions import occasions
from segkit.measures.purchases import purchases, used
from segkit.measures.seasons import seasons

__all__ = [
    "benefits", "decisions", "incentives", "journey", "loyalty", "obstacles", "occasions", "purchases", "seasons",
    "used",
]  # fmt: skip
