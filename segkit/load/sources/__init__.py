"""Exports of known shop systems: recognised by their columns, or named with ``source=``."""

from segkit.load.sources.base import Source, SourceFile
from segkit.load.sources.events import EventFile, EventSource
from segkit.load.sources.ga4 import GA4
from segkit.load.sources.segment import SEGMENT
from segkit.load.sources.shopify import SHOPIFY
from segkit.load.sources.woocommerce import WOOCOMMERCE, WOOCOMMERCE_ADVANCED

TABULAR: tuple[Source, ...] = (SHOPIFY, WOOCOMMERCE, WOOCOMMERCE_ADVANCED)
STREAMS: tuple[EventSource, ...] = (GA4, SEGMENT)
NAMES = ("flat", "contacts", *dict.fromkeys(source.name for source in (*TABULAR, *STREAMS)))

__all__ = ["NAMES", "STREAMS", "TABULAR", "EventFile", "EventSource", "Source", "SourceFile"]
