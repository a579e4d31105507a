"""Planted customers of an outdoor shop: every table a shop has, and the truth behind it.

>>> import synthetic
>>> shop = synthetic.outdoor_shop(customers=100, seed=7)
>>> list(shop.tables)
['customers', 'products', 'orders', 'order_lines', 'events', 'messages', 'campaigns', 'holdouts', 'answers',
 'memberships', 'consents', 'traffic']
"""

from synthetic.answers import questions
from synthetic.errors import SyntheticError
from synthetic.population import Population, no_structure, outdoor_shop
from synthetic.shards import folder_fingerprint, write

__all__ = ["Population", "SyntheticError", "folder_fingerprint", "no_structure", "outdoor_shop", "questions", "write"]
