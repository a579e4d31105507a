"""Bad inputs 71 to 76, from a file to what leaves the house. What each writer does by itself is in tests/act."""

import csv

import pytest

import segkit as sk
from segkit import act
from segkit.errors import MissingTable
from tests.load.made import tell, write

HEADER = "order_id,customer_id,ordered_at,product_id,quantity,unit_price\n"
PEOPLE = [
    ("c1", "=cmd()", "Ash", "ann@example.com", "+98 912 345 6789", "yes"),
    ("c2", "<b>Bo</b>", "@Birch", "bo@example.com", "0098-912-345-6780", "بله"),
    ("c3", "+1", "Cedar", "cy@example.com", "09123456781", "no"),
    ("c4", "Dee", "-Dogwood", "dee@example.com", "+98 912 345 6782", ""),
    ("c5", "Eve", "Elm", "eve@example.com", "+98 912 345 6783", "خیر"),
    ("c6", "Fay", "Fern", "fay@example.com", "=1+1", "unknown"),
    ("c7", "Gus", "\tGum", "gus@example.com", "+98 912 345 6784", "1"),
]


@pytest.fixture
def segmented(tmp_path):
    """A folder of three files as an analyst has it, read and cut; the first seven customers are light users."""
    bought = [f"{n},{one[0]},2024-01-05,A,1,3.50" for n, one in enumerate(PEOPLE)]
    bought += [f"{n},often,2024-0{1 + n % 9}-06,A,1,3.50" for n in range(50, 70)]
    write(tmp_path, HEADER + "\n".join(bought))
    with (tmp_path / "customers.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["customer_id", "first_name", "last_name", "email", "phone"])
        writer.writerows(one[:5] for one in PEOPLE)
    with (tmp_path / "consents.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["customer_id", "purpose", "granted"])
        writer.writerows([one[0], purpose, one[5]] for one in PEOPLE for purpose in ("email", "sms"))
    return sk.segment(sk.read_shop(tmp_path), sk.Usage(cuts=(4, 8)))


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_bad_input_71_formulas_in_names_of_a_file(tmp_path, segmented):
    written = segmented.audience("light", "email").to_csv(tmp_path / "out.csv")
    tell(repr(written))
    rows = {row["customer_id"]: row for row in rows_of(written.path)}
    assert rows["c1"]["first_name"] == "'=cmd()"
    assert rows["c2"]["last_name"] == "'@Birch"
    assert not [cell for row in rows.values() for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_bad_input_72_phones_for_a_platform_keep_their_plus(tmp_path, segmented):
    audience = segmented.audience("light", "sms")
    written = audience.to_klaviyo(tmp_path / "out.csv")
    tell(repr(written))
    phones = [row["Phone Number"] for row in rows_of(written.path)]
    assert phones == ["+989123456789", "+989123456780", "+989123456784"]
    assert rows_of(written.path)[0]["First Name"] == "'=cmd()"


def test_bad_input_73_only_a_clear_yes_in_the_file_is_a_yes(tmp_path, segmented):
    audience = segmented.audience("light", "email")
    tell(repr(audience))
    assert audience.customers["customer_id"].tolist() == ["c1", "c2", "c7"]
    left_out = dict(zip(audience.excluded["reason"], audience.excluded["customers"], strict=True))
    assert sum(left_out.values()) == 4
    assert left_out["refused"] == 2
    (tmp_path / "consents.csv").unlink()
    with pytest.raises(MissingTable, match="nobody is reached") as caught:
        sk.segment(sk.read_shop(tmp_path), sk.Usage(cuts=(4, 8))).audience("light", "email")
    tell(str(caught.value))


def test_bad_input_74_a_group_of_few_in_a_table_to_hand_on(segmented):
    shown = act.share_table(segmented.sizes()).set_index("segment")
    tell(" / ".join(f"{name}: {value}" for name, value in shown["customers"].items()))
    assert shown.loc["light", "customers"] == "<10"
    assert shown.loc["heavy", "customers"] == "<10"


def shown(seg):
    """Everything a notebook would show of a segmentation, its shop, its report and an audience."""
    report, audience = seg.shop.report, seg.audience("light", "email")
    pages = [repr(seg), seg._repr_html_(), str(report), report._repr_html_(), repr(audience), audience._repr_html_()]
    return "\n".join([*pages, repr(seg.shop), seg.to_pandas().to_html(), report.rejected.to_html()])


def test_bad_input_75_nothing_shown_tells_on_anybody(segmented):
    page = shown(segmented)
    for one in PEOPLE:
        for secret in one[1:5]:
            assert len(secret) < 3 or secret.strip() not in page
    assert "@" not in page
    tell(repr(segmented.audience("light", "email")))


def test_bad_input_76_html_from_a_file_is_text_on_a_page(tmp_path):
    rows = "1,<script>x</script>,2024-01-05,A,1,3.50\n2,b,<i>soon</i>,A,1,3.50\n3,c,2024-01-06,A,1,3.50\n"
    shop = sk.read_shop(write(tmp_path, HEADER + rows))
    seg = sk.segment(shop, sk.Usage(cuts=(4, 8)))
    page = shop.report._repr_html_() + seg._repr_html_() + seg.to_pandas().to_html() + shop.report.rejected.to_html()
    assert "<script>" not in page
    assert "<i>" not in page
    assert "&lt;script&gt;" in page
    tell("In HTML: &lt;script&gt;x&lt;/script&gt;")
