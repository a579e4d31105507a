"""E-mail campaigns: who is sent one, who is left out at random, who orders because of it, who opens and clicks."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from synthetic.arrow import coded, moments, text_ids
from synthetic.consents import EMAIL, Consents
from synthetic.people import DAY, People
from synthetic.streams import Streams
from synthetic.world import World

RUNS_FOR = 10
"""Days from the start of a campaign to its end."""
SENT_AT = 9 * 60
REPLY_DAYS = 6
EFFECT = {"light": 0.35, "medium": 1.0, "heavy": 1.5}
"""How strongly the usage classes answer campaigns; 1 for a class of another name."""
MATCH, OTHER, SURE, DOG = 0.20, 0.02, 0.07, 0.07
"""Chance of an extra order: a persuadable one's with the right incentive and with another, and of those who would
have ordered anyway, mail or not (sure things) or only without a mail (sleeping dogs)."""


RESPONSES = ("persuadable", "sure_thing", "sleeping_dog")


def campaign_days(world: World) -> np.ndarray:
    """Return the first day of every campaign within the simulated time."""
    return np.arange(20, world.days - RUNS_FOR, world.shop.campaign_days)


def campaign_incentives(world: World) -> np.ndarray:
    """Return each campaign's incentive as a code; in turn, every sixth is a newsletter without one (-1)."""
    incentives = len(world.words("incentive"))
    turn = turn_of(campaign_days(world), incentives + 1)
    return np.where(turn < incentives, turn, -1)


@dataclass
class Contacts:
    """Customers × campaigns: who was sent a mail, who was held out, and the orders that came of it.

    Attributes
    ----------
    sent, held : array of bool
        Those allowed to get a mail are either sent one or held out.
    customer, campaign, day : array of int
        One entry per order that a campaign brought (or, for sleeping dogs, did not spoil).
    """

    sent: np.ndarray
    held: np.ndarray
    customer: np.ndarray
    campaign: np.ndarray
    day: np.ndarray


def draw_contacts(world: World, streams: Streams, people: People, consents: Consents) -> Contacts:
    """Decide who gets each campaign and who orders because of it."""
    starts = campaign_days(world)
    moment = starts * DAY + SENT_AT
    allowed = consents.allowed(EMAIL, moment) & (people.signed_up[:, None] < moment)
    u = streams("contacts").random((len(people), len(starts)))
    holdout = world.shop.holdout
    out = u < holdout
    held_chance, sent_chance = _chances(world, people)
    reach = holdout * held_chance, holdout + (1 - holdout) * sent_chance
    above = (u >= holdout) & (u < reach[1].max(axis=1, keepdims=True))  # few; the offer decides among them
    customer, campaign = np.nonzero(allowed & ((u < reach[0][:, None]) | above))
    offer = turn_of(starts, sent_chance.shape[1])[campaign]
    most = np.where(out[customer, campaign], reach[0][customer], reach[1][customer, offer])
    come = u[customer, campaign] < most
    customer, campaign, most = customer[come], campaign[come], most[come]
    floor = np.where(out[customer, campaign], 0.0, holdout)
    into = (u[customer, campaign] - floor) / (most - floor)
    day = starts[campaign] + np.floor(into * REPLY_DAYS).astype(np.int64)
    return Contacts(allowed & ~out, allowed & out, customer, campaign, day)


def turn_of(campaigns, turns):
    """Return which offer it is each campaign's turn to make: one incentive after the other, then a newsletter."""
    return np.arange(len(campaigns)) % turns


def _chances(world, people):
    """Return the chance of an extra order of each customer: when held out, and when sent each kind of offer."""
    effect = np.array([EFFECT.get(word, 1.0) for word in world.words("usage")])[people["usage"]] * people.buyer
    kinds = {word: people["campaign_response"] == world.code("campaign_response", word) for word in RESPONSES}
    anyway = np.where(kinds["sure_thing"], SURE, 0.0)
    held = (anyway + np.where(kinds["sleeping_dog"], DOG, 0.0)) * effect
    match = people["incentive"][:, None] == np.arange(len(world.words("incentive")) + 1)
    moved = np.where(kinds["persuadable"][:, None], np.where(match, MATCH, OTHER), 0.0)
    return held, (moved + anyway[:, None]) * effect[:, None]


def campaigns_table(world: World) -> pa.Table:
    """Return the campaigns that had begun by ``as_of``."""
    starts = campaign_days(world)
    starts = starts[starts < world.observed_days]
    incentives = campaign_incentives(world)[: len(starts)]
    words = world.words("incentive")
    names = [
        f"{words[code].replace('_', ' ').capitalize() if code >= 0 else 'Newsletter'} {number}"
        for number, code in enumerate(incentives.tolist(), start=1)
    ]
    return pa.table({
        "campaign_id": campaign_ids(world)[: len(starts)],
        "name": pa.array(names, pa.large_string()),
        "starts_at": moments(world.shop.first_day, starts * DAY + SENT_AT),
        "ends_at": moments(world.shop.first_day, (starts + RUNS_FOR) * DAY + SENT_AT),
        "incentive": coded(incentives, words),
        "channel": coded(np.zeros(len(starts), int), ["email"]),
    })  # fmt: skip


def campaign_ids(world: World) -> pa.Array:
    """Return the ids of all campaigns, also of those after ``as_of``."""
    return text_ids("K", 1 + np.arange(len(campaign_days(world))), 3)


def messages_table(world: World, streams: Streams, people: People, contacts: Contacts, left) -> pa.Table:
    """Return the mails sent by ``as_of``: an incentive that moves somebody is opened, those who left rarely look.

    ``left`` is the minute each customer left, -1 for those still there.
    """
    starts = campaign_days(world)
    seen = int((starts * DAY + SENT_AT < world.observed_days * DAY).sum())
    customer, campaign = np.nonzero(contacts.sent[:, :seen])
    u = streams("replies").random((len(customer), 4))
    sent = starts[campaign] * DAY + SENT_AT
    attached = np.where(people["attachment"] > 0, 1.45, 0.85)[customer]
    match = people["incentive"][customer] == campaign_incentives(world)[campaign]
    there = np.where((left[customer] >= 0) & (left[customer] < sent), 0.12, 1.0)
    dislikes = people["campaign_response"][customer] == world.code("campaign_response", "sleeping_dog")
    opens = np.minimum(np.where(match, 0.86, 0.15) * attached * there * np.where(dislikes, 0.5, 1.0), 0.95)
    opened = u[:, 0] < opens
    ordered = np.zeros(contacts.sent.shape, dtype=bool)
    ordered[contacts.customer, contacts.campaign] = True
    because = ordered[customer, campaign] & (there == 1.0)
    clicked = (opened & (u[:, 1] < np.where(match, 0.11, 0.022))) | (because & (u[:, 1] < 0.5))
    opened |= clicked
    open_at = sent + np.floor(60 * 30 * u[:, 2] ** 3).astype(np.int64)
    click_at = open_at + 1 + np.floor(30 * u[:, 3]).astype(np.int64)
    end = world.observed_days * DAY
    return pa.table({
        "message_id": text_ids("M", people.number[customer] * 1000 + campaign + 1, 9),
        "campaign_id": coded(campaign, campaign_ids(world)),
        "customer_id": coded(customer, text_ids("C", people.number)),
        "sent_at": moments(world.shop.first_day, sent),
        "opened_at": moments(world.shop.first_day, open_at, ~opened | (open_at >= end)),
        "clicked_at": moments(world.shop.first_day, click_at, ~clicked | (click_at >= end)),
    })  # fmt: skip


def holdouts_table(world: World, people: People, contacts: Contacts) -> pa.Table:
    """Return who was left out of which campaign, at random, to measure what the campaign does."""
    seen = campaign_days(world) < world.observed_days
    customer, campaign = np.nonzero(contacts.held & seen)
    return pa.table({
        "campaign_id": coded(campaign, campaign_ids(world)),
        "customer_id": coded(customer, text_ids("C", people.number)),
    })  # fmt: skip
