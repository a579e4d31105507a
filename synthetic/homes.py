"""Where customers live: the towns, and the climate that moves what is bought there."""

from functools import lru_cache

import numpy as np

from synthetic.streams import Lookup, Streams
from synthetic.world import LOCALES, World

COUNTRIES = ("United States", "Iran", "Taiwan")
"""One per locale, in the same order."""
CITIES = (
    # country, province, city, density, climate, weight
    (0, "New York", "New York", "urban", "temperate", 9), (0, "California", "Los Angeles", "urban", "hot", 7),
    (0, "Illinois", "Chicago", "urban", "cold", 5), (0, "Texas", "Houston", "urban", "hot", 4),
    (0, "Arizona", "Phoenix", "urban", "hot", 3), (0, "Colorado", "Denver", "urban", "cold", 4),
    (0, "Washington", "Seattle", "urban", "temperate", 4), (0, "Florida", "Miami", "urban", "hot", 3),
    (0, "Minnesota", "Duluth", "suburban", "cold", 3), (0, "Oregon", "Bend", "suburban", "temperate", 3),
    (0, "Vermont", "Burlington", "suburban", "cold", 2), (0, "Utah", "Moab", "rural", "hot", 2),
    (0, "Montana", "Bozeman", "rural", "cold", 2), (0, "Alaska", "Talkeetna", "rural", "cold", 1),
    (1, "Tehran", "Tehran", "urban", "temperate", 8), (1, "Isfahan", "Isfahan", "urban", "temperate", 4),
    (1, "Razavi Khorasan", "Mashhad", "urban", "temperate", 4), (1, "Fars", "Shiraz", "urban", "hot", 3),
    (1, "East Azerbaijan", "Tabriz", "urban", "cold", 3), (1, "Khuzestan", "Ahvaz", "urban", "hot", 2),
    (1, "Hormozgan", "Bandar Abbas", "suburban", "hot", 2), (1, "Gilan", "Masuleh", "rural", "cold", 1),
    (2, "Taipei", "Taipei", "urban", "temperate", 6), (2, "New Taipei", "Banqiao", "suburban", "temperate", 3),
    (2, "Kaohsiung", "Kaohsiung", "urban", "hot", 4), (2, "Taichung", "Taichung", "urban", "hot", 4),
    (2, "Hualien", "Hualien", "suburban", "temperate", 2), (2, "Nantou", "Puli", "rural", "temperate", 1),
)  # fmt: skip
COUNTRY, PROVINCE, CITY, DENSITY, CLIMATE, _WEIGHT = zip(*CITIES, strict=True)
CLIMATES = ("cold", "temperate", "hot")
CLIMATE_CODE = np.array([CLIMATES.index(word) for word in CLIMATE])


@lru_cache(maxsize=1)
def _towns() -> Lookup:
    weights = np.zeros((len(LOCALES), len(CITIES)))
    weights[COUNTRY, np.arange(len(CITIES))] = _WEIGHT
    return Lookup(weights)


def draw_homes(world: World, streams: Streams, count: int) -> np.ndarray:
    """Return each customer's row of CITIES: a country by the mix of locales, a town of it by its weight."""
    u = streams("home").random((count, 2))
    locale = Lookup([world.locales]).pick(np.zeros(count, int), u[:, 0])
    return _towns().pick(locale, u[:, 1])


def climate_favours(world: World) -> np.ndarray:
    """Factors on the category weights: climates × categories; all 1 where a world says nothing of a climate."""
    own = world.shop.climate_favours
    return np.array([[own.get(word, {}).get(name, 1.0) for name in world.products.categories] for word in CLIMATES])
