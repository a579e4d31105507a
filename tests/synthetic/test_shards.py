"""Written populations: the same customers as in memory, whole or not there, and never lost."""

import errno
import multiprocessing
import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pyarrow.parquet as pq
import pytest

import synthetic
from synthetic import parquet, shards


@pytest.fixture(scope="module")
def shop():
    return synthetic.outdoor_shop(customers=2500, seed=5)


@pytest.fixture
def small_parts(monkeypatch):
    """Parts of one block, so that a small population has several."""
    monkeypatch.setattr(shards, "BLOCKS_PER_PART", 1)


def write(folder, **changes):
    how = {"customers": 2500, "seed": 5, "progress": False} | changes
    return synthetic.write(folder, **how)


def test_the_folder_holds_the_same_customers(shop, tmp_path, small_parts):
    folder = write(tmp_path / "shop")
    assert synthetic.folder_fingerprint(folder) == shop.fingerprint()
    assert not list(tmp_path.glob("*.unfinished"))
    assert not list(folder.rglob(".*"))


def test_plain_readers_see_plain_columns(shop, tmp_path):
    folder = write(tmp_path / "shop", tables=["orders", "truth"])
    orders = pd.read_parquet(folder / "orders.00000.parquet")
    pd.testing.assert_frame_equal(orders, shop.tables["orders"], check_dtype=True)
    assert (folder / "truth" / "truth.00000.parquet").is_file()
    assert not (folder / "events.00000.parquet").exists()


@pytest.mark.slow
@pytest.mark.parametrize("method", [m for m in ("fork", "spawn") if m in multiprocessing.get_all_start_methods()])
def test_workers_change_nothing(shop, tmp_path, method):
    tables = ["orders", "order_lines", "truth"]
    whole = synthetic.outdoor_shop(customers=70_000, seed=5, tables=tables)
    for workers in (2, 3):
        folder = write(tmp_path / str(workers), customers=70_000, tables=tables, workers=workers, start_method=method)
        assert synthetic.folder_fingerprint(folder) == whole.fingerprint()


def test_a_stopped_run_is_taken_up_again(shop, tmp_path, small_parts, monkeypatch):
    written = []

    def stop_after_one(job, part, once=shards._write_part):
        if written:
            raise KeyboardInterrupt
        written.append(part)
        once(job, part)

    monkeypatch.setattr(shards, "_write_part", stop_after_one)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "shop")
    assert not (tmp_path / "shop").exists()
    kept = (tmp_path / "shop.unfinished" / "orders.00000.parquet").stat().st_mtime_ns
    monkeypatch.undo()
    monkeypatch.setattr(shards, "BLOCKS_PER_PART", 1)
    folder = write(tmp_path / "shop")
    assert (folder / "orders.00000.parquet").stat().st_mtime_ns == kept
    assert synthetic.folder_fingerprint(folder) == shop.fingerprint()


def test_a_full_disk_is_told_in_words_and_nothing_is_lost(shop, tmp_path, small_parts, monkeypatch):
    real, calls = parquet.PartFile._flush, []

    def full(self):
        calls.append(self)
        if len(calls) > 14:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(self)

    monkeypatch.setattr(parquet.PartFile, "_flush", full)
    with pytest.raises(synthetic.SyntheticError, match=r"The disk is full\. 1 of 2 parts are whole and kept"):
        write(tmp_path / "shop")
    assert not (tmp_path / "shop").exists()
    monkeypatch.setattr(parquet.PartFile, "_flush", real)
    assert synthetic.folder_fingerprint(write(tmp_path / "shop")) == shop.fingerprint()


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "mine.csv").write_text("a")
    with pytest.raises(synthetic.SyntheticError, match="is not empty"):
        write(tmp_path)
    assert (tmp_path / "mine.csv").read_text() == "a"
    with pytest.raises(synthetic.SyntheticError, match="is a file"):
        write(tmp_path / "mine.csv")


def test_another_call_does_not_go_on_with_what_it_did_not_begin(tmp_path, small_parts, monkeypatch):
    monkeypatch.setattr(shards, "_write_rest", lambda job: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "shop", tables=["orders"])
    with pytest.raises(synthetic.SyntheticError, match="unfinished population with another seed"):
        write(tmp_path / "shop", tables=["orders"], seed=6)


def test_impossible_workers_are_refused(tmp_path):
    with pytest.raises(synthetic.SyntheticError, match="workers is 0"):
        write(tmp_path / "shop", workers=0)


@pytest.mark.slow
def test_kill_nine_leaves_only_whole_files_and_the_next_run_finishes(tmp_path):
    tables, customers = ["orders", "order_lines", "truth"], 200_000
    script = (
        "import synthetic, sys; "
        f"synthetic.write(sys.argv[1], customers={customers}, seed=5, tables={tables}, progress=False)"
    )
    folder = tmp_path / "shop"
    for pause in (1.0, 0.4):
        process = subprocess.Popen([sys.executable, "-c", script, str(folder)], env={**os.environ, "PYTHONPATH": "."})
        _wait_for(lambda running=process: len(_whole(folder)) > 0 or running.poll() is not None)
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        process.wait()
        for path in _whole(folder):
            pq.ParquetFile(path).read()  # a file that can be seen can be read to its end
    synthetic.write(folder, customers=customers, seed=5, tables=tables, progress=False)
    whole = synthetic.outdoor_shop(customers=customers, seed=5, tables=tables)
    assert synthetic.folder_fingerprint(folder) == whole.fingerprint()


def _whole(folder):
    return [path for place in (folder, shards._unfinished(folder)) for path in place.glob("[!.]*.parquet")]


def _wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="needs fork")
def test_a_worker_that_is_stopped_is_told_in_words(tmp_path, small_parts, monkeypatch):
    monkeypatch.setattr(shards, "_write_mine", _stop_yourself)
    with pytest.raises(synthetic.SyntheticError, match=r"A worker process was stopped.*0 of 2 parts are whole"):
        write(tmp_path / "shop", tables=["orders"], workers=2, start_method="fork")
    assert not (tmp_path / "shop").exists()


def _stop_yourself(part):
    os.kill(os.getpid(), signal.SIGKILL)


def test_one_csv_of_every_order_line_holds_the_same_orders(shop, tmp_path, small_parts):
    folder = write(tmp_path / "till", csv=True)
    assert sorted(path.name for path in folder.iterdir()) == ["invoices.csv", "truth"]
    there = pd.read_csv(folder / "invoices.csv", parse_dates=["ordered_at"], keep_default_na=False)
    known = shop.tables["order_lines"].merge(shop.tables["orders"], on="order_id", validate="m:1")[list(there)]
    known = known.fillna({"coupon": ""}).astype({"ordered_at": there["ordered_at"].dtype})
    pd.testing.assert_frame_equal(there, known, check_dtype=False)
    with pytest.raises(synthetic.SyntheticError, match="Leave tables= out"):
        write(tmp_path / "both", csv=True, tables=["orders"])


def test_a_run_stopped_while_the_csv_is_written_is_taken_up_again(tmp_path, small_parts, monkeypatch):
    from synthetic import invoices

    whole = (write(tmp_path / "whole", csv=True) / "invoices.csv").read_bytes()
    monkeypatch.setattr(invoices.pc, "CSVWriter", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "till", csv=True)
    monkeypatch.undo()
    monkeypatch.setattr(shards, "BLOCKS_PER_PART", 1)
    assert (write(tmp_path / "till", csv=True) / "invoices.csv").read_bytes() == whole
