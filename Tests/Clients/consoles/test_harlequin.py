"""Harlequin with its adapter for Redshift: the app with its catalog and a query, and its command `hsql`."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from harlequin import Harlequin
from harlequin.exception import HarlequinQueryError
from harlequin_redshift import HarlequinRedshiftAdapter
from server import DATABASE, PASSWORD, USER

HSQL = Path(sys.executable).parent / "hsql"


def place(server):
    return f"redshift://{USER}:{PASSWORD}@127.0.0.1:{server.port}/{DATABASE}?ssl=false"


@pytest.fixture
def connection(shop):
    opened = HarlequinRedshiftAdapter(conn_str=(place(shop),)).connect()
    yield opened
    opened.close()


def children(items, label):
    return next(item for item in items if item.label == label).fetch_children()


def test_catalog(connection):
    schemas = children(connection.get_catalog().items, DATABASE)
    assert "public" in [item.label for item in schemas]
    relations = children(schemas, "shop")
    assert {item.label: item.type_label for item in relations}.items() >= {"customer": "t", "sale": "t", "total": "v"}.items()
    assert [(item.label, item.type_label) for item in children(relations, "sale")] == [
        ("id", "##"), ("customer", "#"), ("price", "#.#"), ("at", "ts")]
    assert [(item.label, item.type_label) for item in children(relations, "total")] == [("customer", "#"), ("price", "#.#")]


def test_query(connection):
    cursor = connection.execute("select id, name, born from shop.customer order by id")
    assert cursor.columns() == [("id", "#"), ("name", "s"), ("born", "d")]
    assert [list(map(str, row)) for row in cursor.fetchall()] == [["1", "Ada", "1815-12-10"], ["2", "Grace", "1906-12-09"]]
    with pytest.raises(HarlequinQueryError, match='syntax error at or near "\\*"'):
        connection.execute("select 1 +* 2")


def test_completions(connection):
    labels = {completion.label for completion in connection.get_completions()}
    assert {"select", "upper", "avg"} <= {label.lower() for label in labels}


def test_app(shop):
    """The app itself, without a terminal: its catalog fills, a query that is typed and run shows its rows."""

    async def use():
        app = Harlequin(HarlequinRedshiftAdapter(conn_str=(place(shop),)), record_history=False)
        async with app.run_test(size=(160, 50)) as pilot:
            async def until(what):
                for _ in range(300):
                    if what():
                        return
                    await pilot.pause(0.1)
                pytest.fail("the app does not get on")

            await until(lambda: app.editor is not None and app.data_catalog.database_tree.root.children)
            labels = [str(node.label) for node in app.data_catalog.database_tree.root.children]
            assert any(DATABASE in label for label in labels), labels
            app.editor.text = "select id, name from shop.customer order by id"
            await pilot.press("ctrl+j")
            await until(lambda: app.results_viewer.get_visible_table() is not None)
            table = app.results_viewer.get_visible_table()
            await until(lambda: table.row_count == 2)
            assert [list(table.get_row_at(row)) for row in range(2)] == [[1, "Ada"], [2, "Grace"]]

    asyncio.run(use())


def test_hsql(shop):
    run = subprocess.run(
        [HSQL, "-a", "redshift", place(shop), "--csv", "-c", "select name, born from shop.customer order by id"],
        capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == ["name,born", "Ada,1815-12-10", "Grace,1906-12-09"]
