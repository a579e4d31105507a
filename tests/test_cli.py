"""The command line: what is typed, what comes back, what is left on the disk."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from segkit.cli import app
from segkit.cli.output import whole_folder
from segkit.errors import FileProblem

ROOT = Path(__file__).parents[1]
runner = CliRunner()


def run(*words, code=0):
    """Run a command and demand its exit code; a mistake of ours shows its stack."""
    result = runner.invoke(app, [str(word) for word in words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result


def fails(*words, code=1):
    """Run a command that must fail, and return its message: one on stderr, with no stack in it."""
    result = run(*words, code=code)
    assert "Traceback" not in result.output
    return " ".join(result.stderr.split())


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    """A folder of three files: 40 customers, one to eight orders each, of whom every second said yes to e-mail."""
    folder = tmp_path_factory.mktemp("exports")
    days = pd.Timestamp("2026-01-01") + pd.to_timedelta(range(0, 360, 3), unit="D")
    orders = [(f"c{c:02}", days[(7 * c + 11 * n) % len(days)]) for c in range(40) for n in range(1 + c % 8)]
    orders = pd.DataFrame(orders, columns=["customer_id", "ordered_at"])
    orders.insert(0, "order_id", [f"o{n:03}" for n in range(len(orders))])
    orders.to_csv(folder / "orders.csv", index=False)
    ids = [f"c{c:02}" for c in range(40)]
    customers = pd.DataFrame({"customer_id": ids, "email": [f"{one}@example.com" for one in ids]})
    customers.to_csv(folder / "customers.csv", index=False)
    consents = pd.DataFrame({"customer_id": ids, "purpose": "email", "granted": [c % 2 == 0 for c in range(40)]})
    consents.to_csv(folder / "consents.csv", index=False)
    return folder


# What is typed ---------------------------------------------------------------------------------------------------


def test_help_names_every_command_and_gives_examples():
    text = run("--help").output
    for word in ("tour", "lab", "book", "segment", "check", "shop"):
        assert f" {word} " in text
        assert "Example" in run(word, "--help").output
    assert run("--version").output.startswith("segkit 0.")


def test_a_misused_option_ends_with_2():
    assert "No such command" in fails("segmnt", code=2)
    assert "customer_id='Customer ID'" in fails("segment", "x.csv", "--column", "customer_id", code=2)
    assert "twice" in fails("check", "x.csv", "--column", "a=b", "--column", "a=c", code=2)
    assert "'1.5' is not a whole number" in fails("tour", "--customers", "1.5", code=2)
    assert "--purpose email" in fails("segment", "x.csv", "--audience", "heavy", code=2)
    assert "'maybe'" in fails("segment", "x.csv", "--returns", "maybe", code=2)


def test_as_a_program_a_mistake_is_one_message_and_exit_code_1(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "segkit", "segment", "nowhere.csv"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error::DeprecationWarning:segkit"},
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("No file at 'nowhere.csv'.")
    assert os.listdir(tmp_path) == []


def test_a_mistake_of_ours_keeps_its_stack(monkeypatch, exports):
    def broken(*_, **__):
        raise ZeroDivisionError("ours")

    monkeypatch.setattr("segkit.shop.read_shop", broken)
    assert isinstance(runner.invoke(app, ["check", str(exports)]).exception, ZeroDivisionError)


# Good files ------------------------------------------------------------------------------------------------------


def test_check_reads_and_says_what_is_possible(exports):
    text = run("check", exports).output
    assert "rows read" in text
    assert "Possible with these tables:" in text
    assert "usage: Who uses us a lot, and who a little?" in text


def test_segment_writes_segments_report_trust_card_and_rule(exports, tmp_path):
    out = tmp_path / "deep" / "out"
    text = run("segment", exports, "--as-of", "2026-12-31", "--by", "usage", "--out", out).output
    assert sorted(os.listdir(out)) == ["report.html", "rule.json", "segments.csv", "trust_card.json"]
    segments = pd.read_csv(out / "segments.csv", dtype=str)
    assert list(segments.columns) == ["customer_id", "segment"]
    assert len(segments) == 40
    assert set(segments["segment"]) == {"light", "medium", "heavy"}
    assert json.loads((out / "trust_card.json").read_text())["label"] in ("natural", "reproducible", "constructed")
    assert json.loads((out / "rule.json").read_text())["type"] == "usage"
    for name in os.listdir(out):
        assert str(out / name) in text
    assert os.listdir(tmp_path) == ["deep"]  # and nothing unfinished beside it


def test_the_same_command_writes_the_same_bytes(exports, tmp_path):
    for name in ("one", "two"):
        run("segment", exports, "--out", tmp_path / name)
    for name in os.listdir(tmp_path / "one"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


@pytest.mark.parametrize("engine", ["pandas", "polars", "duckdb"])
def test_every_engine_writes_the_same_segments(exports, tmp_path, engine):
    run("segment", exports, "--by", "all", "--out", tmp_path / engine, "--engine", engine)
    run("segment", exports, "--by", "all", "--out", tmp_path / "usual")
    usual = sorted((tmp_path / "usual").glob("*/segments.csv"))
    assert {"usage", "loyalty", "occasion"} <= {path.parent.name for path in usual}
    for path in usual:
        assert (tmp_path / engine / path.parent.name / path.name).read_bytes() == path.read_bytes(), path.parent.name


def test_what_is_in_the_folder_already_is_left_alone(exports, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "segments.csv").write_text("old")
    run("segment", exports, "--out", tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert (tmp_path / "segments.csv").read_text().startswith("customer_id,segment\n")


def test_by_all_runs_what_is_possible_and_says_what_the_others_lack(exports, tmp_path):
    import segkit as sk

    text = run("segment", exports, "--by", "all", "--out", tmp_path / "out").output
    table = sk.possible(sk.read_shop(exports))
    written = sorted(os.listdir(tmp_path / "out"))
    for kind in table.itertuples():
        if not kind.possible:
            assert f"{kind.type} lacks {kind.missing}. {kind.instead}" in text
            assert kind.type not in written
        elif f"{kind.type}: left out." not in text:
            assert (tmp_path / "out" / kind.type / "report.html").is_file()
    assert (tmp_path / "out" / "usage" / "segments.csv").is_file()


def test_purpose_writes_who_said_yes_and_counts_the_others(exports, tmp_path):
    words = ["--purpose", "email", "--audience", "heavy", "--platform", "mailchimp", "--out", tmp_path]
    text = run("segment", exports, *words).output
    heavy = pd.read_csv(tmp_path / "segments.csv", dtype=str).query("segment == 'heavy'")["customer_id"]
    yes = [one for one in heavy if int(one[1:]) % 2 == 0]
    written = pd.read_csv(tmp_path / "audience_heavy_email.csv")
    assert written["Email Address"].tolist() == [f"{one}@example.com" for one in yes]
    assert f"{len(yes)} of {len(heavy)} customers may be reached. Left out: {len(heavy) - len(yes)} refused." in text
    assert "@" not in text
    assert not (tmp_path / "audience_light_email.csv").exists()


def test_rows_set_aside_are_written_with_their_reason(exports, tmp_path):
    orders = pd.read_csv(exports / "orders.csv", dtype=str)
    orders.loc[[3, 5], "customer_id"] = None
    orders.to_csv(tmp_path / "orders.csv", index=False)
    text = run("segment", tmp_path / "orders.csv", "--out", tmp_path / "out").output
    assert "2 set aside" in text
    assert len(pd.read_csv(tmp_path / "out" / "set_aside.csv")) == 2


# Bad input: a clear sentence with what to type next, 1 or 2, and nothing half written ------------------------------


@pytest.fixture
def bad(tmp_path):
    """Run `segment` on a file with this text; return the message, after looking that nothing was written."""

    def segment(text, *words, name="orders.csv", code=1):
        (tmp_path / name).write_text(text, encoding="utf-8")
        message = fails("segment", tmp_path / name, *words, "--out", tmp_path / "out", code=code)
        assert os.listdir(tmp_path) == [name]
        return message

    return segment


GOOD = "order_id,customer_id,ordered_at\n1,a,2026-01-05\n2,b,2026-01-06\n3,b,2026-02-06\n"


def test_a_missing_file(tmp_path, exports):
    message = fails("segment", exports / "order.csv", "--out", tmp_path / "out")
    assert message.startswith("No file at")
    assert "orders.csv" in message
    assert os.listdir(tmp_path) == []


def test_an_empty_file(bad):
    assert "is empty (0 bytes)" in bad("")


def test_a_file_without_a_customer_column(bad):
    message = bad("InvoiceNo,Client Nr,InvoiceDate\n1,a,2026-01-05\n")
    assert "customer_id" in message
    assert "--column customer_id='Client Nr'" in message or "--column customer_id=" in message


def test_as_of_before_the_first_order(bad):
    message = bad(GOOD, "--as-of", "2025-12-31")
    assert "2026-01-05" in message
    assert "--as-of" in message


def test_as_of_that_is_no_day(bad):
    assert "such as '2026-09-30'" in bad(GOOD, "--as-of", "31.12.2026")


def test_fewer_customers_than_groups(bad):
    message = bad(GOOD)
    assert "Customers whose 'orders_per_year' is known and 0 or more: 2" in message
    assert "too few for 3 groups" in message


def test_an_unknown_type(bad):
    assert "Did you mean 'usage'?" in bad(GOOD, "--by", "usgae")


def test_an_unknown_segment_in_an_audience(exports, tmp_path):
    words = ["--purpose", "email", "--audience", "heavvy", "--out", tmp_path / "out"]
    message = fails("segment", exports, *words)
    assert "There is no segment 'heavvy'. Did you mean 'heavy'?" in message
    assert os.listdir(tmp_path) == []  # not even the segments, which were made by then


def test_an_unknown_purpose_and_no_consents(exports, tmp_path):
    assert "Did you mean 'email'?" in fails("segment", exports, "--purpose", "mail", "--out", tmp_path / "out")
    message = fails("segment", exports / "orders.csv", "--purpose", "email", "--out", tmp_path / "out")
    assert "nobody is reached without a recorded yes" in message
    assert os.listdir(tmp_path) == []


def test_an_unknown_key_in_a_persona(tmp_path):
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas" / "collector.toml").write_text('name = "collector"\nfavourite_colour = "red"\n')
    message = fails("shop", "--personas", tmp_path / "personas", "--out", tmp_path / "shop")
    assert "favourite_colour" in message
    assert os.listdir(tmp_path) == ["personas"]


def test_out_that_is_a_file(exports, tmp_path):
    (tmp_path / "out").write_text("mine")
    assert "is a file. Name a folder with --out" in fails("segment", exports, "--out", tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


def test_a_folder_appears_whole_or_not_at_all(tmp_path):
    def half_way():
        with whole_folder(tmp_path / "a" / "b") as folder:
            (folder / "first").write_text("1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_way()
    assert os.listdir(tmp_path) == []
    with pytest.raises(FileProblem, match="Name another folder"), whole_folder(tmp_path / "c") as folder:
        raise OSError(28, "No space left on device")
    assert os.listdir(tmp_path) == []
    with whole_folder(tmp_path / "a" / "b") as folder:
        (folder / "inner").mkdir()
        (folder / "inner" / "first").write_text("1")
    assert (tmp_path / "a" / "b" / "inner" / "first").read_text() == "1"
    assert os.listdir(tmp_path / "a") == ["b"]


# The course ------------------------------------------------------------------------------------------------------


def test_tour_shows_every_type_beside_the_truth(tmp_path):
    text = run("tour", "--customers", "400", "--out", tmp_path / "tour").output
    page = (tmp_path / "tour" / "index.html").read_text(encoding="utf-8")
    assert page.count("<img ") >= 4
    assert "usage" in text
    assert "python start.py lab" in text
    assert str(tmp_path / "tour" / "index.html") in text


def test_shop_holds_the_same_customers_and_can_be_read_back(tmp_path):
    import synthetic

    folder = tmp_path / "shop"
    run("shop", "--customers", "3e2", "--seed", "11", "--out", folder, "--workers", "2")
    planted = synthetic.outdoor_shop(customers=300, seed=11)
    assert synthetic.folder_fingerprint(folder) == planted.fingerprint()
    text = run("check", folder).output
    rows = sum(len(table) for table in planted.tables.values())
    assert f"{rows:,} rows read, {rows:,} kept, 0 set aside" in text
    assert "is not empty" in fails("shop", "--out", folder)


def test_lab_listens_on_this_computer_only_and_asks_for_a_token(tmp_path):
    pytest.importorskip("jupyterlab", reason="the extra 'course' is not installed")
    command = [sys.executable, "-m", "segkit", "lab", "--no-browser", "--port", "18888", "--copy", tmp_path / "mine"]
    homes = {f"JUPYTER_{kind}_DIR": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    environment = {**os.environ, **homes, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}
    (tmp_path / "CONFIG").mkdir()
    careless = {"ServerApp": {"ip": "0.0.0.0"}, "IdentityProvider": {"token": ""}}
    (tmp_path / "CONFIG" / "jupyter_server_config.json").write_text(json.dumps(careless))
    with open(tmp_path / "log", "w") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        port, token = _wait_for_lab(server, tmp_path / "log")
        contents = f"http://127.0.0.1:{port}/api/contents"
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(contents)
        names = {one["name"] for one in json.load(urllib.request.urlopen(f"{contents}?token={token}"))["content"]}
        assert "00_start_here.ipynb" in names
        assert _listening_at(port) in ({"127.0.0.1"}, None)
        for other in {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}:
            if not other.startswith("127."):
                with pytest.raises(OSError, match="refused"):
                    socket.create_connection((other, port), timeout=5)
    finally:
        server.terminate()
        server.wait(30)


def _listening_at(port):
    """The addresses at which something listens on a port; None where the system does not tell."""
    table = Path("/proc/net/tcp")
    if not table.exists():
        return None
    rows = [row.split() for each in (table, table.with_name("tcp6")) if each.exists()
            for row in each.read_text().splitlines()[1:]]  # fmt: skip
    found = [row[1].split(":")[0] for row in rows if row[3] == "0A" and int(row[1].split(":")[1], 16) == port]
    return {socket.inet_ntoa(bytes.fromhex(one)[::-1]) if len(one) == 8 else one for one in found}


def _wait_for_lab(server, log, seconds=120):
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:(\d+)/lab/tree/00_start_here\.ipynb\?token=(\w{48})", log.read_text())
        if found:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{found[1]}/api")
            except OSError:
                pass
            else:
                return int(found[1]), found[2]
        time.sleep(0.3)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()}")


def test_lab_on_a_copy_keeps_answers_that_are_there(tmp_path):
    from segkit.cli.course import _copied, _lessons

    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "12_usage.ipynb").write_text("my answers")
    copy = _copied(_lessons(), tmp_path / "mine")
    assert (copy / "12_usage.ipynb").read_text() == "my answers"
    assert (copy / "00_start_here.ipynb").read_bytes() == (ROOT / "notebooks" / "00_start_here.ipynb").read_bytes()


@pytest.mark.slow
def test_segment_can_also_write_a_notebook_that_was_run_on_the_file(exports, tmp_path):
    """Lesson 46 without the lesson: by papermill, with no trace of when or how."""
    import nbformat

    pytest.importorskip("papermill", reason="the extra 'course' is not installed")
    for name in ("one", "two"):
        command = ["segment", exports, "--as-of", "2026-12-31", "--purpose", "email", "--notebook"]
        text = run(*command, "--out", tmp_path / name).output
    assert "notebook.ipynb" in text
    both = [(tmp_path / name / "notebook.ipynb").read_bytes() for name in ("one", "two")]
    assert both[0] == both[1]
    notebook = nbformat.reads(both[0].decode(), as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert not [out for cell in code for out in cell.outputs if out.output_type == "error"]
    assert not [cell for cell in notebook.cells if "lesson" in cell.source.replace("lesson.data.path", "")]
    shown = "\n".join(str(out.get("data", out.get("text", ""))) for cell in code for out in cell.outputs)
    sizes = pd.read_csv(tmp_path / "one" / "segments.csv")["segment"].value_counts()
    for word in ("rows read", "Trust card", "may be reached"):
        assert word in shown
    for name, many in sizes.items():
        assert re.search(rf"\b{name} +{many}\b", shown), name
    assert "as_of: 2026-12-31 (as given)" in shown
    assert "@" not in shown


def test_a_notebook_that_cannot_be_run_leaves_nothing(exports, tmp_path, monkeypatch):
    from segkit.course import own_data

    monkeypatch.setattr(own_data, "LESSON", "99_gone.ipynb")
    assert "No lesson at" in fails("segment", exports, "--notebook", "--out", tmp_path / "out")
    assert os.listdir(tmp_path) == []
