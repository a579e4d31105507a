"""What customers answer when asked: attitudes, benefits, service needs, satisfaction, on a scale of 1 to 5."""

import numpy as np
import pyarrow as pa

from synthetic.arrow import coded, moments, text_ids
from synthetic.people import DAY, People
from synthetic.purchases import Purchases
from synthetic.streams import Streams
from synthetic.world import World

RESPONSE = 0.45
"""Share of customers who answer the survey."""
SKIPPED = 0.04
"""Share of single questions left out by those who answer."""
NOISE = 0.85
"""Standard deviation of an answer around what the person thinks, in points of the scale."""

LIFESTYLES = ("traditional", "modern", "luxury", "minimalist")
PERSONALITY = ("outgoing", "adventurous")
VALUES = ("environment", "animals", "human_rights", "home_production")
BRANDS = ("price_first", "quality_first")
BENEFITS = ("grip", "lightness", "waterproof", "comfort", "durability", "style")
NEEDS = ("speed", "advice", "repair", "invoice")


def questions() -> dict[str, str]:
    """Return every question asked: its name in the table and its wording.

    Examples
    --------
    >>> questions()["satisfaction"]
    'All in all, I am satisfied with this shop.'
    """
    wording = {
        "traditional": (
            "I like things done as they always were.",
            "I keep what has proved itself.",
            "New is rarely better.",
        ),
        "modern": ("I try new things early.", "I like to be up to date.", "I follow what is new in my sport."),
        "luxury": ("I treat myself to the best.", "A well-known brand matters to me.", "I enjoy showing fine things."),
        "minimalist": ("I own as little as I can.", "I buy only what I need.", "Fewer things make me happier."),
    }
    asked = {f"lifestyle_{key}_{n}": text for key, texts in wording.items() for n, text in enumerate(texts, start=1)}
    for key in PERSONALITY:
        asked[f"personality_{key}"] = f"I am {'an' if key[0] in 'ao' else 'a'} {key} person."
    for key in VALUES:
        asked[f"values_{key}"] = f"When I buy, I think of {key.replace('_', ' ')}."
    asked["brand_price_first"] = "I look at the price first."
    asked["brand_quality_first"] = "I look at the quality first."
    for key in BENEFITS:
        asked[f"benefit_{key}"] = f"How important is {key} to you?"
    for key in NEEDS:
        for n, text in enumerate(("I need {0} from a shop.", "I would pay for {0}."), start=1):
            asked[f"need_{key}_{n}"] = text.format(key)
    asked["tech_skill"] = "I find my way with new technology."
    asked["satisfaction"] = "All in all, I am satisfied with this shop."
    asked["recommend"] = "I would recommend this shop to a friend."
    return asked


def answers_table(world: World, streams: Streams, people: People, orders: Purchases) -> pa.Table:
    """Return the answers of those who took part, one row per customer and question."""
    u = streams("survey").random((len(people), 2))
    takes_part = u[:, 0] < RESPONSE * np.where(people["attachment"] > 0, 1.25, 0.9)
    who = np.flatnonzero(takes_part)
    names = list(questions())
    opinion = _opinions(world, streams, people, orders)[who]
    noise = streams("answers").standard_normal((len(people), len(names)))[who]
    score = np.clip(np.rint(opinion + NOISE * noise), 1, 5).astype(np.int64)
    asked = streams("skipped").random((len(people), len(names)))[who] >= SKIPPED
    row, question = np.nonzero(asked)
    end = world.observed_days * DAY - 60
    moment = people.signed_up + np.floor(u[:, 1] * (end - people.signed_up)).astype(np.int64)
    return pa.table({
        "customer_id": coded(who[row], text_ids("C", people.number)),
        "question": coded(question, names),
        "score": pa.array(score[row, question]),
        "asked_at": moments(world.shop.first_day, moment[who[row]]),
    })  # fmt: skip


def _opinions(world, streams, people, orders):
    """What people think, before noise and rounding: customers × questions."""
    count = len(people)
    latent = streams("attitudes").standard_normal((count, len(PERSONALITY) + len(VALUES) + 1))
    mood = 0.35 * latent[:, -1:]  # some tick high, some low
    lifestyle = people["lifestyle"]
    columns = []
    for word in LIFESTYLES:
        own = np.where(lifestyle == world.code("lifestyle", word), 4.1, 2.4)
        columns += [own] * 3
    lifts = {"outgoing": ("modern", "luxury"), "adventurous": ("modern", "modern")}
    for index, key in enumerate(PERSONALITY):
        likes = np.isin(lifestyle, [world.code("lifestyle", word) for word in lifts[key]])
        columns.append(3.0 + 0.5 * likes + 0.8 * latent[:, index])
    for index in range(len(VALUES)):
        careful = lifestyle == world.code("lifestyle", "minimalist" if index < 3 else "traditional")
        columns.append(3.0 + 0.7 * careful + 0.8 * latent[:, len(PERSONALITY) + index])
    waits = people["decision_style"] == world.code("decision_style", "sale_waiter")
    rich = lifestyle == world.code("lifestyle", "luxury")
    columns += [3.0 + 1.2 * waits - 0.8 * rich, 3.3 - 0.8 * waits + 0.9 * rich]
    for word in BENEFITS:
        first, second = people["benefit"], people.second_benefit
        code = world.code("benefit", word)
        columns.append(np.where(first == code, 4.7, np.where(second == code, 3.9, 2.5)))
    for word in NEEDS:
        columns += [np.where(people["need"] == world.code("need", word), 4.3, 2.5)] * 2
    columns.append(2.2 + 1.0 * np.maximum(people["tech_skill"], 0))
    columns += _satisfaction(world, people, orders, latent[:, 0])
    opinions = np.stack([np.broadcast_to(column, (count,)) for column in columns], axis=1)
    return opinions + mood


def _satisfaction(world, people, orders, temper):
    """Satisfaction and recommendation: the advocates are happiest, those who left are not."""
    gone = (orders.left >= 0) & (orders.left < world.observed_days * DAY)
    attachment = people["attachment"]
    liking = 3.4 + 0.5 * (attachment == world.code("attachment", "loyal")) - 0.7 * gone + 0.25 * temper
    tells = attachment == world.code("attachment", "advocate")
    return [liking + 0.6 * tells, liking - 0.4 + 1.6 * tells]
