"""psql as Debian ships it: queries, scripts, `\\d` and its family, errors with their caret, exit codes."""

import os
import signal
import subprocess
import time

import pytest
from server import DATABASE, PASSWORD, USER


def psql(server, *arguments, script=None, user=USER, password=PASSWORD, database=DATABASE, **environment):
    variables = dict(os.environ, PGPASSWORD=password, PGCLIENTENCODING="UTF8", **environment)
    return subprocess.run(
        ["psql", "-X", "-h", "127.0.0.1", "-p", str(server.port), "-U", user, "-d", database, *arguments],
        input=script, env=variables, capture_output=True, text=True, timeout=60)


def answer(server, sql, *arguments, **options):
    """The rows of a query, unaligned, without a heading; the command must succeed and say nothing else."""
    run = psql(server, "-A", "-t", "-v", "ON_ERROR_STOP=1", *arguments, "-c", sql, **options)
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


@pytest.fixture(scope="module")
def tables(server):
    script = """
        create schema shop;
        create table shop.customer (id int not null primary key, name varchar(40) encode zstd, born date)
            diststyle all;
        create table shop.sale (
            id bigint identity(1, 1), customer int not null references shop.customer (id), price decimal(8, 2) default 9.99,
            at timestamp sortkey) distkey (customer);
        insert into shop.customer values (1, 'Ada', '1815-12-10'), (2, 'Grace', '1906-12-09');
        insert into shop.sale (customer, price, at) values (1, 10.5, '2024-01-02 03:04:05'), (2, 20, null);
        create view shop.total as select customer, sum(price) as price from shop.sale group by customer;
        comment on table shop.sale is 'what was sold';
    """
    run = psql(server, "-v", "ON_ERROR_STOP=1", "-f", "-", script=script)
    assert run.returncode == 0, run.stderr


def test_answers(server, tables):
    assert answer(server, "select 1 + 1, 'Größe', null, true") == ["2|Größe||t"]
    assert answer(server, "select customer, price, at from shop.sale order by customer") == [
        "1|10.50|2024-01-02 03:04:05", "2|20.00|"]


def test_aligned_output(server, tables):
    run = psql(server, "-c", "select id, name from shop.customer order by id")
    assert run.stdout == " id | name  \n----+-------\n  1 | Ada\n  2 | Grace\n(2 rows)\n\n"


def test_tags(server, tables):
    script = """
        create temp table t (a int);
        insert into t values (1), (2);
        update t set a = a + 1;
        delete from t where a = 2;
        begin;
        rollback;
        drop table t;
    """
    run = psql(server, "-f", "-", script=script)
    assert run.stderr == ""
    assert run.stdout.split("\n")[:7] == [
        "CREATE TABLE", "INSERT 0 2", "UPDATE 2", "DELETE 1", "BEGIN", "ROLLBACK", "DROP TABLE"]


def test_error_has_its_caret(server):
    run = psql(server, "-c", "select nothing from nowhere")
    assert run.returncode == 1
    assert "ERROR:" in run.stderr and "nowhere" in run.stderr
    run = psql(server, "-v", "VERBOSITY=verbose", "-c", "select 1 +* 2")
    assert "42601" in run.stderr
    lines = run.stderr.splitlines()
    quoted = next(number for number, line in enumerate(lines) if line.startswith("LINE 1:"))
    assert lines[quoted + 1].index("^") == lines[quoted].index("*")


def test_several_statements_are_one_transaction(server):
    assert answer(server, "create table once (a int)") == ["CREATE TABLE"]
    run = psql(server, "-c", "insert into once values (1); select 1 / 0; insert into once values (2)")
    assert run.returncode == 1 and "Divide by zero" in run.stderr
    assert answer(server, "select count(*) from once") == ["0"]
    assert answer(server, "drop table once") == ["DROP TABLE"]


def test_failed_transaction(server):
    run = psql(server, "-f", "-", script="begin; select nothing; select 1; rollback; select 2;")
    assert "current transaction is aborted" in run.stderr
    assert run.stdout.split()[-3:] == ["2", "(1", "row)"]


@pytest.mark.parametrize("command, wanted", [
    ("\\dn", ["public", "shop"]),
    ("\\dt shop.*", ["customer", "sale"]),
    ("\\dv shop.*", ["total"]),
    ("\\d shop.sale", ["customer", "integer", "not null", "numeric(8,2)", "timestamp without time zone"]),
    ("\\d+ shop.sale", ["customer", "price"]),
    ("\\d shop.customer", ["character varying(40)", "customer_pkey", "PRIMARY KEY"]),
    ("\\d+ shop.total", ["customer", "numeric", "SELECT"]),
    ("\\d", []),
    ("\\dt+ shop.sale", ["sale", "what was sold"]),
    ("\\du", ["awsuser"]),
    ("\\dg", ["awsuser"]),
    ("\\l", ["dev"]),
    ("\\l+", ["dev", "pg_default"]),
    ("\\db", ["pg_default", "pg_global"]),
    ("\\dO", []),
    ("\\df pg_catalog.upper", ["upper"]),
    ("\\dT", []),
    ("\\dp shop.*", ["customer"]),
    ("\\di shop.*", []),
    ("\\ds", []),
    ("\\dd", []),
    ("\\conninfo", ["dev", "awsuser"]),
])
def test_describes(server, tables, command, wanted):
    run = psql(server, "-c", command)
    assert run.returncode == 0, f"{command}: {run.stderr}"
    assert "ERROR" not in run.stderr
    for text in wanted:
        assert text.lower() in run.stdout.lower(), f"{command} does not show {text}:\n{run.stdout}"


def test_wrong_password(server):
    run = psql(server, "-c", "select 1", password="wrong")
    assert run.returncode == 2
    assert "password authentication failed" in run.stderr


def test_unknown_database(server):
    run = psql(server, "-c", "select 1", database="nowhere")
    assert run.returncode == 2 and 'database "nowhere" does not exist' in run.stderr


@pytest.mark.parametrize("mode", ["disable", "prefer", "require"])
def test_tls(server, mode):
    run = psql(server, "-A", "-t", "-c", "select 1", PGSSLMODE=mode)
    assert run.stdout == "1\n", run.stderr


def test_notices(server):
    run = psql(server, "-c", "drop table if exists never_made")
    assert run.returncode == 0 and "never_made" in run.stderr and "INFO" in run.stderr


def test_copy_from_stdin_is_refused(server):
    """Redshift's COPY reads from S3 and its like; the client must not be left waiting for a copy that never begins."""
    run = psql(server, "-c", "create temp table t (a int)", "-c", "copy t from stdin", "-c", "select 7")
    assert "ERROR" in run.stderr and "CREATE TABLE" in run.stdout
    run = psql(server, "-A", "-t", "-f", "-", script="create temp table t (a int);\ncopy t from stdin;\nselect 7;\n")
    assert "ERROR" in run.stderr and run.stdout.split()[-1] == "7", "the session must go on"


def test_cancel(server):
    """Ctrl-C sends a CancelRequest over a connection of its own."""
    slow = "select count(*) from generate_series(1, 3000) a, generate_series(1, 3000) b, generate_series(1, 3000) c"
    variables = dict(os.environ, PGPASSWORD=PASSWORD)
    process = subprocess.Popen(
        ["psql", "-X", "-h", "127.0.0.1", "-p", str(server.port), "-U", USER, "-d", DATABASE, "-c", slow], env=variables,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(2)
    begin = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert "Cancel request sent" in errors and "ERROR" in errors, errors
    assert time.monotonic() - begin < 5


def test_variables_and_gexec(server):
    script = "\\set n 5\nselect :n * 2;\nselect 'select ' || i from generate_series(1, 3) g(i) order by i \\gexec\n"
    run = psql(server, "-A", "-t", "-f", "-", script=script)
    assert run.stderr == ""
    assert run.stdout.split() == ["10", "1", "2", "3"]
