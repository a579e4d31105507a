"""Is the shop believable, and can its truth be found? ``python -m synthetic.checks`` prints the answers."""
