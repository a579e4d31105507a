"""Print the realism bands, what can be recovered, and the refits; end with 1 if anything does not hold."""

import argparse
import sys

from synthetic.checks import bands, recovery, refit
from synthetic.checks.facts import all_facts
from synthetic.population import outdoor_shop
from synthetic.worldfiles import read_world

ORACLE = (0.82, 0.92)
RFM_AT_MOST = 0.45


def main(argv=None) -> int:
    """Run the checks."""
    parser = argparse.ArgumentParser(prog="python -m synthetic.checks", description=__doc__)
    parser.add_argument("--customers", type=int, default=5000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[7, 8, 9])
    parser.add_argument("--only", choices=["bands", "personas", "axes", "refits"], nargs="+")
    asked = parser.parse_args(argv)
    wanted = asked.only or ["bands", "personas", "axes", "refits"]
    shops = [outdoor_shop(asked.customers, seed) for seed in asked.seeds] if wanted != ["refits"] else []
    print(f"{asked.customers:,} customers, seeds {', '.join(map(str, asked.seeds))}\n")
    facts = []
    if {"personas", "axes"} & set(wanted):
        shop = read_world().shop
        facts = [all_facts(population, shop.first_day, shop.last_day) for population in shops]
    checks = {
        "bands": lambda: _bands(shops),
        "personas": lambda: _personas(shops, facts),
        "axes": lambda: _axes(shops, facts),
        "refits": _refits,
    }
    held = [checks[name]() for name in wanted]  # all of them run, whatever the first one says
    return 0 if all(held) else 1


def _bands(shops) -> bool:
    measured = [bands.measure(shop) for shop in shops]
    print(f"{'Realism band':34s}{'from':>7s}{'to':>7s}   values at the seeds")
    fine = True
    for band in bands.BANDS:
        values = [figures[band.name] for figures in measured]
        holds = all(map(band.holds, values))
        fine &= holds
        print(f"{band.name:34s}{band.low:7.3g}{band.high:7.3g}   {_row(values)}   {'holds' if holds else 'BROKEN'}")
        print(f"    source: {band.source}")
    print()
    return fine


def _personas(shops, facts) -> bool:
    tables = [recovery.persona_table(fact, shop.truth) for fact, shop in zip(facts, shops, strict=True)]
    print("Persona found, share of buyers")
    for method in recovery.METHODS:
        print(f"{method:34s}   {_row([table[method] for table in tables])}")
    oracles = [table["oracle"] for table in tables]
    fine = all(ORACLE[0] <= found <= ORACLE[1] for found in oracles)
    fine &= all(table[recovery.METHODS[0]] < RFM_AT_MOST for table in tables)
    print(f"oracle within {ORACLE[0]} to {ORACLE[1]}, RFM below {RFM_AT_MOST}: {'holds' if fine else 'BROKEN'}\n")
    return fine


def _axes(shops, facts) -> bool:
    tables = [recovery.axis_table(fact, shop.truth) for fact, shop in zip(facts, shops, strict=True)]
    print("Axis of truth, balanced accuracy of the oracle (chance is 1 / values)")
    for axis, (who, themes) in recovery.AXES.items():
        values = len(shops[0].truth[axis].dropna().unique())
        print(f"{axis:20s}{values:3d} values   {_row([table[axis] for table in tables])}   {who}; {', '.join(themes)}")
    print()
    return True


def _refits() -> bool:
    print("Planted and refitted on the flat world    " + "".join(f"{name:>10s}" for name in refit.TOLERANCE))
    print(f"{'planted':42s}" + "".join(f"{getattr(refit.PLANTED, name):10.3f}" for name in refit.TOLERANCE))
    fine = True
    for model in ("mbg", "bg"):
        found = refit.refit(read_world(), model)
        fine &= refit.holds(found)
        figures = "".join(f"{found[name]:10.3f}" for name in refit.TOLERANCE)
        print(f"{model.upper() + '/NBD refitted':42s}{figures}   {'holds' if refit.holds(found) else 'BROKEN'}")
    return fine


def _row(values) -> str:
    return " ".join(f"{value:7.3f}" for value in values)


if __name__ == "__main__":
    sys.exit(main())
