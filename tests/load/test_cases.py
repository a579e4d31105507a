"""Every one of the 76 bad inputs has a test of its own here."""

from tests.load.cases import CASES, named


def test_every_bad_input_has_its_case():
    assert list(named()) == list(range(1, CASES + 1))
