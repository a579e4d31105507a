"""Trust: is a segmentation there at all, does it come back, and how much of the truth does it find?"""

from segkit.trust.card import Line, TrustCard
from segkit.trust.judge import trust_card
from segkit.trust.recovery import Recovery, recovery

__all__ = ["Line", "Recovery", "TrustCard", "recovery", "trust_card"]
