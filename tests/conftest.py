"""Fixtures every test may ask for."""

import os
from pathlib import Path

import pytest

from tests.engines import PROMISED


@pytest.fixture(params=PROMISED)
def engine(request):
    """The name of each engine in turn, for tests.engines.open_tables."""
    return request.param


@pytest.fixture(scope="session")
def reference_data():
    """The optional folder of reference data (published data sets with known figures)."""
    folder = os.environ.get("SEGKIT_REFERENCE_DATA")
    if not folder:
        pytest.skip("SEGKIT_REFERENCE_DATA does not name the optional folder of reference data")
    path = Path(folder)
    if not path.is_dir():
        raise FileNotFoundError(f"SEGKIT_REFERENCE_DATA is {folder!r}, which is not a folder")
    return path
