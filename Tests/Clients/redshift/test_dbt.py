"""dbt-redshift with a small project: debug, seed, run (twice, for the incremental model), test, snapshot, docs."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from server import DATABASE, PASSWORD, USER, Server

PROJECT = Path(__file__).parent / "dbt_project"


@pytest.fixture(scope="module")
def dbt(tmp_path_factory):
    """Runs a command of dbt in a copy of the project, against a server of its own."""
    folder = tmp_path_factory.mktemp("dbt")
    shutil.copytree(PROJECT, folder, dirs_exist_ok=True)
    with Server() as server:
        variables = dict(
            os.environ, DBT_PORT=str(server.port), DBT_USER=USER, DBT_PASSWORD=PASSWORD, DBT_DATABASE=DATABASE,
            DBT_SEND_ANONYMOUS_USAGE_STATS="false", DBT_PROFILES_DIR=str(folder), DO_NOT_TRACK="1")

        def run(*arguments):
            program = Path(sys.executable).with_name("dbt")
            done = subprocess.run(
                [program, "--no-use-colors", "--no-partial-parse", *arguments], cwd=folder, env=variables, capture_output=True,
                text=True, timeout=300)
            assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
            return done.stdout

        run.folder = folder
        run.server = server
        yield run


def test_debug(dbt):
    assert "All checks passed!" in dbt("debug")


def test_seed(dbt):
    assert "PASS=2" in dbt("seed")


def test_run(dbt):
    assert "PASS=3" in dbt("run")


def test_run_again(dbt):
    """The incremental model finds its table, and its columns, and deletes and inserts."""
    assert "PASS=3" in dbt("run")


def test_full_refresh(dbt):
    assert "PASS=3" in dbt("run", "--full-refresh")


def test_tests(dbt):
    assert "ERROR=0" in dbt("test")


def test_snapshot(dbt):
    assert "PASS=1" in dbt("snapshot")
    assert "PASS=1" in dbt("snapshot")


def test_docs(dbt):
    dbt("docs", "generate")
    catalog = json.loads((dbt.folder / "target" / "catalog.json").read_text())
    nodes = catalog["nodes"]
    daily = nodes["model.shop.daily_sales"]
    assert [column for column in daily["columns"]] == ["day", "customer", "sales", "revenue"]
    assert nodes["seed.shop.raw_sales"]["columns"]["price"]["type"].startswith(("numeric", "double"))
    assert catalog["errors"] is None


def test_show(dbt):
    assert "Ada" in dbt("show", "--inline", "select name from {{ ref('customers') }} order by 1", "--limit", "5")


def test_source_freshness_and_list(dbt):
    assert "shop.daily_sales" in dbt("ls")
