"""Test settings for the whole tree: unit tests, doctests and notebooks alike."""

import os

import pytest

IN_CI = os.environ.get("SEGKIT_CI") == "1"
REFERENCE_DATA = os.environ.get("SEGKIT_REFERENCE_DATA")

# Figures are drawn to files and buffers only; without this a test on a desktop opens windows.
os.environ.setdefault("MPLBACKEND", "Agg")


def _reason(report):
    """The words given to pytest.skip."""
    longrepr = report.longrepr
    return longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)


def _skip_is_failure(report):
    """In CI everything a test needs is there, so a skip would hide that it never ran."""
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.longrepr = f"Skipped, which SEGKIT_CI=1 counts as a failure. {_reason(report)}"
        report.outcome = "failed"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    return _skip_is_failure((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    return _skip_is_failure((yield))


def pytest_collection_modifyitems(config, items):
    """Mark by fixture, and leave the tests of the optional reference data out of a CI that has none."""
    left_out = []
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "engine" in fixtures:
            item.add_marker("engine")
        if "reference_data" in fixtures:
            item.add_marker("reference")
            if IN_CI and not REFERENCE_DATA:
                left_out.append(item)
    if left_out:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)
