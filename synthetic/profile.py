"""What customers are called and what they declare about themselves, with the gaps real forms have."""

from functools import lru_cache

import numpy as np
import pyarrow as pa

from synthetic import homes
from synthetic.arrow import coded, moments, text_ids
from synthetic.people import DAY, People
from synthetic.streams import Lookup, Streams
from synthetic.world import LOCALES, World

GENDERS = ("female", "male", "other")
MARITAL = ("single", "married", "divorced", "widowed")
EDUCATION = ("school", "vocational", "bachelor", "master", "doctorate")
OCCUPATIONS = ("student", "employee", "self_employed", "public_service", "homemaker", "retired", "unemployed")
INCOME = ("under_20k", "20k_40k", "40k_60k", "60k_100k", "over_100k")
SOURCES = ("search", "direct", "social", "referral", "campaign")
MAIL = ("example.com", "example.org", "example.net")
"""Domains reserved for examples by RFC 2606; nobody can receive mail there."""
REFUSED = 0.10
"""Share of people who leave a question unanswered."""

AREA_CODES = (212, 213, 312, 303, 206, 305, 503, 802)
POOL = 240


@lru_cache(maxsize=4)
def name_pools():
    """Return first and last names per locale from Faker, drawn once; they are no part of the fingerprint."""
    from faker import Faker

    pools = []
    for locale in LOCALES:
        faker = Faker(locale, use_weighting=False)
        faker.seed_instance(7)
        female = [faker.first_name_female() for _ in range(POOL)]
        male = [faker.first_name_male() for _ in range(POOL)]
        last = [faker.last_name() for _ in range(POOL)]
        pools.append((female, male, last))
    first = pa.array([name for female, male, _ in pools for name in female + male])
    return first, pa.array([name for *_, last in pools for name in last])


def customers_table(world: World, streams: Streams, people: People) -> pa.Table:
    """Return the customers of a block as the shop knows them."""
    count = len(people)
    u = streams("profile").random((count, 12))
    age = (world.observed_days - people.birth_date) / 365.25
    gender = Lookup([[0.49, 0.49, 0.02]]).pick(np.zeros(count, int), u[:, 0])
    marital = Lookup(_marital_weights()).pick(np.digitize(age, (25, 35, 60)), u[:, 1])
    children = np.where(marital == 0, np.floor(u[:, 2] * 1.15), np.floor(u[:, 2] ** 1.4 * 4)).astype(np.int64)
    household = 1 + (marital == 1) + children
    education = Lookup([[0.25, 0.2, 0.33, 0.18, 0.04]]).pick(np.zeros(count, int), u[:, 3])
    education = np.where(age < 22, np.minimum(education, 1), education)
    occupation = Lookup(_occupation_weights()).pick(np.digitize(age, (24, 62)), u[:, 4])
    shift = np.array([p.people.income_shift for p in world.personas])[people.persona]
    level = 1.0 + 0.45 * education + 2.2 * (u[:, 5] + u[:, 6] - 0.8) + shift
    income = np.clip(np.round(level), 0, len(INCOME) - 1).astype(np.int64)
    locale = np.array(homes.COUNTRY)[people.home]
    known = streams("refused").random((count, 5)) >= REFUSED
    source = Lookup([[0.34, 0.2, 0.2, 0.1, 0.16]]).pick(np.zeros(count, int), u[:, 7])
    names = _names(streams, people, gender, locale)
    return pa.table({
        "customer_id": text_ids("C", people.number),
        **names,
        "signed_up_at": moments(world.shop.first_day, people.signed_up),
        "birth_date": moments(world.shop.first_day, people.birth_date * DAY, ~known[:, 0]),
        "gender": coded(np.where(known[:, 1], gender, -1), GENDERS),
        "marital_status": coded(np.where(known[:, 2], marital, -1), MARITAL),
        "household_size": pa.array(household, mask=~known[:, 2]),
        "children": pa.array(children, mask=~known[:, 2]),
        "education": coded(np.where(known[:, 3], education, -1), EDUCATION),
        "occupation": coded(np.where(known[:, 3], occupation, -1), OCCUPATIONS),
        "income_band": coded(np.where(known[:, 4], income, -1), INCOME),
        "country": coded(locale, homes.COUNTRIES),
        "province": coded(people.home, homes.PROVINCE),
        "city": coded(people.home, homes.CITY),
        "density": coded(people.home, homes.DENSITY),
        "language": coded(locale, LOCALES),
        "first_source": coded(source, SOURCES),
    })  # fmt: skip


def _marital_weights():
    return [[0.95, 0.05, 0, 0], [0.58, 0.38, 0.04, 0], [0.24, 0.62, 0.13, 0.01], [0.12, 0.62, 0.14, 0.12]]


def _occupation_weights():
    return [
        [0.6, 0.25, 0.05, 0.03, 0.01, 0, 0.06],
        [0.03, 0.56, 0.14, 0.16, 0.06, 0, 0.05],
        [0, 0.12, 0.08, 0.04, 0.06, 0.7, 0],
    ]


def _names(streams, people, gender, locale):
    """Names, an address nobody can own, a number kept for fiction: 555-0100 to 555-0199, none outside America."""
    count = len(people)
    u = streams("names").random((count, 6))
    first, last = name_pools()
    male = np.where(gender == 2, u[:, 0] < 0.5, gender == 1)
    given = (locale * 2 + male) * POOL + np.floor(u[:, 1] * POOL).astype(np.int64)
    family = locale * POOL + np.floor(u[:, 2] * POOL).astype(np.int64)
    domain = np.floor(u[:, 3] * len(MAIL)).astype(np.int64)
    emails = [f"c{n:06d}@{MAIL[d]}" for n, d in zip(people.number.tolist(), domain.tolist(), strict=True)]
    area = np.floor(u[:, 4] * len(AREA_CODES)).astype(np.int64)
    phones = [f"+1-{code}-555-{100 + line:04d}" for code in AREA_CODES for line in range(100)]
    phone = np.where((locale == 0), area * 100 + np.floor(u[:, 5] * 100).astype(np.int64), -1)
    return {
        "first_name": coded(given, first),
        "last_name": coded(family, last),
        "email": pa.array(emails),
        "phone": coded(phone, phones),
    }
