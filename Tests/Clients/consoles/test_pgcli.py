"""pgcli: statements from the command line and a file, \\d and its family, a session on a terminal with completion."""

import os
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest
from server import DATABASE, USER

PGCLI = Path(sys.executable).parent / "pgcli"


def arguments(server):
    return ["-h", "127.0.0.1", "-p", str(server.port), "-U", USER, "-d", DATABASE]


def pgcli(server, *options):
    return subprocess.run([PGCLI, *arguments(server), *options], capture_output=True, text=True, timeout=60)


def test_answers(shop):
    run = pgcli(shop, "-t", "-c", "select id, name, born from shop.customer order by id")
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == ["1  Ada    1815-12-10", "2  Grace  1906-12-09"]


def test_file(shop, tmp_path):
    script = tmp_path / "script.sql"
    script.write_text("create temp table t (a int);\ninsert into t values (1), (2);\nselect sum(a) as total from t;\n")
    run = pgcli(shop, "-y", "-f", str(script))
    assert run.returncode == 0 and "CREATE TABLE" in run.stdout and "INSERT 0 2" in run.stdout, run.stdout
    assert "| 3     |" in run.stdout


def test_error_has_its_caret(shop):
    run = pgcli(shop, "-c", "select nothing from shop.sale")
    said = (run.stdout + run.stderr).splitlines()
    quoted = next(number for number, line in enumerate(said) if line.startswith("LINE 1:"))
    assert 'column "nothing" does not exist' in said[quoted - 1]
    assert said[quoted + 1].index("^") == said[quoted].index("nothing")


@pytest.mark.parametrize("command, wanted", [
    ("\\dn", ["public", "shop"]),
    ("\\dt shop.*", ["customer", "sale"]),
    ("\\dv shop.*", ["total"]),
    ("\\di shop.*", ["customer_pkey"]),
    ("\\d shop.sale", ["customer", "integer", "not null", "numeric(8,2)", "timestamp without time zone"]),
    ("\\d+ shop.sale", ["customer", "Storage"]),
    ("\\d shop.customer", ["character varying(40)", '"customer_pkey" PRIMARY KEY, btree (id)']),
    ("\\d+ shop.total", ["numeric", "View definition", "GROUP BY customer"]),
    ("\\du", [USER]),
    ("\\l", [DATABASE]),
    ("\\df pg_catalog.upper", ["character varying"]),
    ("\\dT", []),
    ("\\ds", []),
    ("\\dD", []),
    ("\\dE", []),
    ("\\dm", []),
    ("\\db", ["pg_default"]),
    ("\\conninfo", [DATABASE, USER]),
])
def test_describes(shop, command, wanted):
    run = pgcli(shop, "-c", command)
    assert run.returncode == 0 and "does not exist" not in run.stdout + run.stderr, run.stdout + run.stderr
    for text in wanted:
        assert text in run.stdout, f"{command} does not show {text}:\n{run.stdout}"


def test_terminal(shop):
    """A prompt, what completion knows of schemas, tables and columns, an answer, an error, a goodbye."""
    session = pexpect.spawn(
        str(PGCLI), [*arguments(shop), "--less-chatty", "--prompt", "ready> "], encoding="utf8", dimensions=(50, 160),
        timeout=20, env={**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", "PAGER": "cat"})
    session.expect("ready>")
    # Completions come in the background: the toolbar says so until they are there.
    for _ in range(20):
        session.send("select born from shop.cus")
        if session.expect(["customer", pexpect.TIMEOUT], timeout=2) == 0:
            break
        session.send("\x15")
    else:
        pytest.fail("the table is not completed")
    session.send("\x15select name from shop.customer where born < '1900-01-01';\r")
    session.expect("Ada")
    session.expect("ready>")
    session.send("select 1 / 0;\r")
    session.expect("Divide by zero")
    session.send("\\q\r")
    session.expect(pexpect.EOF)
