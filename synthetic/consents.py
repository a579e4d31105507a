"""What each customer allows the shop to do with their data."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from synthetic.arrow import coded, moments, text_ids
from synthetic.people import DAY, People
from synthetic.streams import Streams
from synthetic.world import World

PURPOSES = ("email", "ads", "analytics")
EMAIL = 0
GRANTED = (0.72, 0.48, 0.81)
CHANGED_MIND = 0.15


@dataclass
class Consents:
    """Customers × purposes: the answer that holds at ``as_of``, and the minute it was given.

    Before that minute those who changed their mind had given the other answer.
    """

    granted: np.ndarray
    changed: np.ndarray
    signed_up: np.ndarray

    def allowed(self, purpose: int, moment) -> np.ndarray:
        """Return customers × moments: whether a purpose was allowed then."""
        granted, changed = self.granted[:, purpose, None], self.changed[:, purpose, None]
        withdrawn = ~granted & (changed > self.signed_up[:, None])
        return np.where(moment >= changed, granted, withdrawn)


def draw_consents(world: World, streams: Streams, people: People) -> Consents:
    """Draw the answers: most are given at sign-up, some are changed later."""
    u = streams("consents").random((len(people), len(PURPOSES), 2))
    later = np.maximum(u[:, :, 1] - (1 - CHANGED_MIND), 0) / CHANGED_MIND
    span = (world.observed_days * DAY - 1 - people.signed_up)[:, None]
    changed = people.signed_up[:, None] + np.floor(later * span).astype(np.int64)
    return Consents(u[:, :, 0] < np.array(GRANTED), changed, people.signed_up)


def consents_table(world: World, people: People, consents: Consents) -> pa.Table:
    """Return one row per customer and purpose."""
    count = len(people)
    return pa.table({
        "customer_id": coded(np.repeat(np.arange(count), len(PURPOSES)), text_ids("C", people.number)),
        "purpose": coded(np.tile(np.arange(len(PURPOSES)), count), PURPOSES),
        "granted": pa.array(consents.granted.ravel()),
        "changed_at": moments(world.shop.first_day, consents.changed.ravel()),
    })  # fmt: skip
