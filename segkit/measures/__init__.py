"""Measures: from a shop's tables to facts, one row per customer."""

from segkit.measures.benefits import benefits
from segkit.measures.journey import journey
from segkit.measures.loyalty import loyalty
from segkit.measures.occasions import occasions
from segkit.measures.purchases import purchases, used

__all__ = ["benefits", "journey", "loyalty", "occasions", "purchases", "used"]
