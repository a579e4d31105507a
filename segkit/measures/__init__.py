"""Measures: from a shop's tables to facts, one row per customer."""

from segkit.measures.benefits import benefits
from segkit.measures.occasions import occasions
from segkit.measures.purchases import purchases, used

__all__ = ["benefits", "occasions", "purchases", "used"]
