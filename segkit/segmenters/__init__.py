"""Segmenters: from facts to labels, one file per type."""

from segkit.segmenters.base import TYPES, Segmenter, by_name, read_segmenter
from segkit.segmenters.benefits_sought import BenefitsSought
from segkit.segmenters.buyer_stage import BuyerStage
from segkit.segmenters.loyalty import Loyalty
from segkit.segmenters.occasion import Occasion
from segkit.segmenters.purchase_behaviour import PurchaseBehaviour
from segkit.segmenters.usage import Usage

__all__ = [
    "TYPES", "BenefitsSought", "BuyerStage", "Loyalty", "Occasion", "PurchaseBehaviour", "Segmenter", "Usage",
    "by_name", "read_segmenter",
]  # fmt: skip
