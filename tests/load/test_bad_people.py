"""Bad inputs 66 to 70: a file that reads well, and customers who cannot be grouped as asked."""

import narwhals as nw
import pytest

import segkit as sk
from segkit.errors import ColumnProblem, SegkitError
from segkit.segmenters import TYPES
from tests.load.made import tell, write

HEADER = "order_id,customer_id,ordered_at,product_id,quantity,unit_price\n"
BOUGHT_ONCE = [f"{n},c{n:02},2024-{1 + n % 12:02}-05,A,1,3.50" for n in range(40)]
SOME_AGAIN = [
    *(f"{100 + n},c{n:02},2024-12-{1 + n:02},A,1,3.50" for n in range(12)),
    *(f"{200 + n},c{n:02},2024-12-{15 + n:02},A,1,3.50" for n in range(4)),
]
ONE_DAY = [f"{n},c{n:02},2024-01-05,A,1,3.50" for n in range(40)]


def shop_of(tmp_path, rows):
    return sk.read_shop(write(tmp_path, HEADER + "\n".join(rows)))


def refused(call):
    with pytest.raises(SegkitError) as caught:
        call()
    tell(str(caught.value))
    return str(caught.value)


@pytest.mark.parametrize(("rows", "customers"), [(BOUGHT_ONCE[:1], 1), (BOUGHT_ONCE[:2], 2)])
def test_bad_input_66_fewer_customers_than_groups(tmp_path, rows, customers):
    shop = shop_of(tmp_path, rows)
    message = refused(lambda: sk.segment(shop, sk.Usage()))
    assert message == (
        f"Customers whose 'orders_per_year' is known and 0 or more: {customers}, too few for 3 groups. Read more "
        "orders, take another fact, or, where cuts=... can be given, cut by hand."
    )
    assert sum(sk.segment(shop, sk.Usage(cuts=(2, 6))).sizes()["customers"]) == customers  # a rule needs no crowd


@pytest.mark.parametrize("rows", [BOUGHT_ONCE[:1], BOUGHT_ONCE[:2], ONE_DAY, [*BOUGHT_ONCE, *SOME_AGAIN]])
@pytest.mark.parametrize("name", sorted(TYPES))
def test_bad_input_66_every_type_takes_few_customers_or_says_why_not(tmp_path, name, rows):
    """No type lets the error of a library through, and none loses a customer."""
    shop = shop_of(tmp_path, rows)
    try:
        seg = sk.segment(shop, TYPES[name]())
        seg.trust(pairs=3)
    except SegkitError as problem:
        message = str(problem)
    else:
        message = f"{seg}."
        assert seg.sizes()["customers"].sum() == len({row.split(",")[1] for row in rows})
    assert message.endswith(".")
    tell(f"{name}: {message}")


def test_bad_input_67_most_customers_bought_once(tmp_path):
    """Ties share a group, and each group says how many it got: no edge is shifted to make groups of one size."""
    seg = sk.segment(shop_of(tmp_path, [*BOUGHT_ONCE, *SOME_AGAIN]), sk.Usage(by="orders"))
    by_orders = seg.to_pandas().groupby("orders")["segment"].agg(["nunique", "size"])
    assert (by_orders["nunique"] == 1).all()
    assert by_orders["size"].tolist() == [28, 8, 4]
    assert seg.sizes().set_index("segment")["customers"].to_dict() == {"light": 28, "medium": 8, "heavy": 4}
    tell("Ties share a group; seg.sizes() says how many each has: " + repr(seg))
    twice = [*BOUGHT_ONCE, *SOME_AGAIN[:12]]
    message = refused(lambda: sk.segment(shop_of(tmp_path, twice), sk.Usage(by="orders")))
    assert "Different values of 'orders' among 40 customers: 2, too few for 3 groups." in message


def test_bad_input_68_a_fact_that_is_the_same_for_everybody(tmp_path):
    shop = shop_of(tmp_path, ONE_DAY)
    for fact in ("orders", "quantity", "revenue"):
        message = refused(lambda fact=fact: sk.segment(shop, sk.Usage(by=fact)))
        assert f"Different values of '{fact}' among 40 customers: 1, too few for 3 groups." in message
    message = refused(lambda: sk.measures.occasions(shop))
    assert "No occasion falls between 2024-01-05 and 2024-01-05, and no birthday is known" in message


def test_bad_input_69_other_columns_when_labelling(tmp_path):
    facts = sk.measures.purchases(shop_of(tmp_path, [*BOUGHT_ONCE, *SOME_AGAIN]))
    usage = sk.Usage(by="orders").fit(facts)
    other_order = facts[facts.columns[::-1]].assign(unheard_of="x")
    assert usage.predict(other_order).equals(usage.predict(facts))  # columns go by name, never by place
    without = facts.drop(columns="orders").rename(columns={"quantity": "Orders"})
    with pytest.raises(ColumnProblem) as caught:
        usage.predict(without)
    tell(str(caught.value))
    assert "Usage needs the fact 'orders', and these facts do not have it. Did you mean 'Orders'?" in str(caught.value)


def test_bad_input_70_customers_who_were_not_there_when_the_rule_was_learned(tmp_path):
    """The rule is held fixed and labels them too; only a missing fact gives 'unknown'."""
    facts = sk.measures.purchases(shop_of(tmp_path, [*BOUGHT_ONCE, *SOME_AGAIN]))
    usage = sk.Usage(by="orders").fit(facts.head(20))
    cuts = list(usage.cuts_)
    late = facts.tail(20).astype({"orders": "float64"})
    late.loc[late.index[0], "orders"] = None
    labels = usage.predict(late)["segment"].tolist()
    assert labels == ["unknown"] + ["light"] * 19
    assert usage.cuts_ == cuts
    seg = usage.segment(late)
    assert seg.names[-1] == "unknown"
    tell("Labelled by the rule as it was learned; 'unknown' only where a fact is missing: " + repr(seg))
    assert nw.from_native(usage.predict(late)).shape == (20, 2)
