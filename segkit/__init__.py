"""segkit: customer segmentation, taught and done.

One way for every type: measure, fit, segment, trust, act.
"""

from segkit import loyalty_questions, measures
from segkit.errors import SegkitError
from segkit.possible import possible
from segkit.segmentation import Segmentation, segment
from segkit.segmenters import (
    BenefitsSought,
    BuyerStage,
    Loyalty,
    Occasion,
    PurchaseBehaviour,
    Segmenter,
    Usage,
    read_segmenter,
)
from segkit.shop import Shop, read_shop

__version__ = "0.1.0"

__all__ = [
    "BenefitsSought",
    "BuyerStage",
    "Loyalty",
    "Occasion",
    "PurchaseBehaviour",
    "SegkitError",
    "Segmentation",
    "Segmenter",
    "Shop",
    "Usage",
    "loyalty_questions",
    "measures",
    "possible",
    "read_segmenter",
    "read_shop",
    "recovery",
    "segment",
]


def __getattr__(name: str) -> object:
    if name == "recovery":  # scikit-learn's models load only when they are asked for
        from segkit.trust import recovery

        return recovery
    raise AttributeError(f"module 'segkit' has no attribute '{name}'")
