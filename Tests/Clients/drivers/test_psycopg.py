"""psycopg 3: text and binary, server-side binding, pipelines, cursors, types, errors."""

import datetime as dt
import decimal
import threading

import psycopg
import pytest
from psycopg.rows import dict_row
from server import DATABASE


def connect(server, **options):
    return psycopg.connect(**server.parameters(dbname=DATABASE), **options)


@pytest.fixture
def connection(server):
    with connect(server, autocommit=True) as opened:
        yield opened


VALUES = [
    ("true::boolean", True),
    ("12::smallint", 12),
    ("-123456789::int", -123456789),
    ("9223372036854775807::bigint", 9223372036854775807),
    ("'-9223372036854775808'::bigint", -9223372036854775808),
    ("1.25::real", 1.25),
    ("1e300::double precision", 1e300),
    ("'NaN'::double precision", float("nan")),
    ("12345.678::decimal(18,3)", decimal.Decimal("12345.678")),
    ("-0.0000000001::decimal(38,10)", decimal.Decimal("-0.0000000001")),
    ("99999999999999999999999999999999999999::decimal(38,0)", decimal.Decimal("9" * 38)),
    ("0::decimal(10,2)", decimal.Decimal("0.00")),
    ("'Größe €'::varchar(40)", "Größe €"),
    ("'ab'::char(4)", "ab  "),
    ("''::varchar", ""),
    ("'2024-02-29'::date", dt.date(2024, 2, 29)),
    ("'0001-01-01'::date", dt.date(1, 1, 1)),
    ("'2024-02-29 12:34:56.789012'::timestamp", dt.datetime(2024, 2, 29, 12, 34, 56, 789012)),
    ("'2024-02-29 12:00:00+02'::timestamptz", dt.datetime(2024, 2, 29, 10, tzinfo=dt.timezone.utc)),
    ("'12:34:56.5'::time", dt.time(12, 34, 56, 500000)),
    ("null::int", None),
    ("null::varchar", None),
]


@pytest.mark.parametrize("binary", [False, True], ids=["text", "binary"])
@pytest.mark.parametrize("expression, value", VALUES, ids=[text for text, _ in VALUES])
def test_values(connection, expression, value, binary):
    got = connection.cursor(binary=binary).execute(f"select {expression}").fetchone()[0]
    if value != value:
        assert got != got
    else:
        assert got == value and type(got) is type(value)


@pytest.mark.parametrize("binary", [False, True], ids=["text", "binary"])
def test_stored_values(connection, binary):
    """The same from a table: rows come from slices, in their columns' types."""
    connection.execute("drop table if exists stored")
    connection.execute(
        "create table stored (i int, b bigint, d decimal(12,2), v varchar(20), f float8, t timestamp, day date, ok boolean)"
        " distkey (i)")
    rows = [
        (n, n * 10**10, decimal.Decimal(n) / 4, f"row {n}", n / 8, dt.datetime(2024, 1, 1) + dt.timedelta(hours=n),
         dt.date(2024, 1, 1) + dt.timedelta(days=n), n % 2 == 0) for n in range(1, 101)]
    with connection.cursor() as cursor:
        cursor.executemany("insert into stored values (%s, %s, %s, %s, %s, %s, %s, %s)", rows)
    connection.execute("insert into stored values (null, null, null, null, null, null, null, null)")
    got = connection.cursor(binary=binary).execute("select * from stored where i is not null order by i").fetchall()
    assert got == [row[:2] + (row[2].quantize(decimal.Decimal("0.01")),) + row[3:] for row in rows]
    assert connection.execute("select * from stored where i is null").fetchone() == (None,) * 8
    connection.execute("drop table stored")


@pytest.mark.parametrize("value", [
    1, -1, 2**40, 1.5, "text", "it's", "back\\slash", "", None, True, decimal.Decimal("1.10"), dt.date(2024, 1, 2),
    dt.datetime(2024, 1, 2, 3, 4, 5), dt.time(1, 2, 3), "Größe", "line\nbreak",
], ids=repr)
@pytest.mark.parametrize("binary", ["%s", "%b", "%t"])
def test_parameters(connection, value, binary):
    if value is None:
        assert connection.execute(f"select {binary}::int", [value]).fetchone() == (None,)
        return
    casts = {bool: "boolean", int: "bigint", float: "float8", str: "varchar(100)", decimal.Decimal: "decimal(10,2)",
             dt.date: "date", dt.datetime: "timestamp", dt.time: "time"}
    got = connection.execute(f"select {binary}::{casts[type(value)]}", [value]).fetchone()[0]
    assert got == value


def test_parameters_take_their_types_from_context(connection):
    assert connection.execute("select %s + 1", ["41"]).fetchone() == (42,)
    connection.execute("create temp table p (a int, b varchar(10), c decimal(6,2), d date)")
    connection.execute("insert into p values (%s, %s, %s, %s)", [1, "x", "2.50", "2024-05-06"])
    got = connection.execute(
        "select * from p where a = %s and b in (%s, %s) and c between %s and %s and d >= %s limit %s",
        [1, "x", "y", 1, 3, "2024-01-01", 10]).fetchall()
    assert got == [(1, "x", decimal.Decimal("2.50"), dt.date(2024, 5, 6))]


def test_description(connection):
    cursor = connection.execute("select 1::int as a, 'x'::varchar(10) as b, 1.5::decimal(8,3) as c, true as d, 1::bigint as e")
    assert [column.name for column in cursor.description] == ["a", "b", "c", "d", "e"]
    assert [column.type_code for column in cursor.description] == [23, 1043, 1700, 16, 20]
    assert cursor.description[2].precision == 8 and cursor.description[2].scale == 3


def test_transaction(server):
    with connect(server) as connection, connect(server, autocommit=True) as other:
        connection.execute("create table tx (a int)")
        connection.commit()
        connection.execute("insert into tx values (1)")
        assert connection.info.transaction_status.name == "INTRANS"
        assert other.execute("select count(*) from tx").fetchone() == (0,)
        connection.commit()
        assert other.execute("select count(*) from tx").fetchone() == (1,)
        with pytest.raises(psycopg.errors.UndefinedColumn):
            connection.execute("select nothing from tx")
        assert connection.info.transaction_status.name == "INERROR"
        with pytest.raises(psycopg.errors.InFailedSqlTransaction):
            connection.execute("select 1")
        connection.rollback()
        assert connection.info.transaction_status.name == "IDLE"
        connection.execute("drop table tx")


@pytest.mark.parametrize("sql, error", [
    ("select * from nowhere", psycopg.errors.UndefinedTable),
    ("select nothing from stv_slices", psycopg.errors.UndefinedColumn),
    ("selec 1", psycopg.errors.SyntaxError),
    ("select 1 / 0", psycopg.errors.DivisionByZero),
    ("select 'x'::int", psycopg.errors.InvalidTextRepresentation),
    ("select 99999::smallint", psycopg.errors.NumericValueOutOfRange),
    ("select no_such_function(1)", psycopg.errors.UndefinedFunction),
    ("create index i on t (a)", psycopg.errors.FeatureNotSupported),
    ("fetch forward 1 from nowhere", psycopg.errors.InvalidCursorName),
    ("set no_such_parameter to 1", psycopg.errors.UndefinedObject),
], ids=lambda value: value if isinstance(value, str) else "")
def test_errors(connection, sql, error):
    with pytest.raises(error):
        connection.execute(sql)
    assert connection.execute("select 1").fetchone() == (1,)


def test_error_position(connection):
    with pytest.raises(psycopg.errors.UndefinedColumn) as caught:
        connection.execute("select 1, nothing from stv_slices")
    assert caught.value.diag.statement_position == "11"
    assert caught.value.diag.severity == "ERROR"


def test_prepared_statements(connection):
    for number in range(20):
        assert connection.execute("select %s::int * 2", [number], prepare=True).fetchone() == (number * 2,)


def test_prepared_statement_sees_a_changed_table(connection):
    connection.execute("create table shifting (a int)")
    connection.execute("insert into shifting values (1)")
    for _ in range(6):
        assert connection.execute("select count(*) from shifting where a > %s", [0], prepare=True).fetchone() == (1,)
    connection.execute("drop table shifting")
    with pytest.raises(psycopg.errors.UndefinedTable):
        connection.execute("select count(*) from shifting where a > %s", [0], prepare=True)


def test_pipeline(connection):
    with connection.pipeline():
        cursors = [connection.execute("select %s::int", [number]) for number in range(50)]
        assert [cursor.fetchone()[0] for cursor in cursors] == list(range(50))


def test_pipeline_error(connection):
    with pytest.raises(psycopg.errors.DivisionByZero):
        with connection.pipeline():
            connection.execute("select 1")
            connection.execute("select 1 / 0")
            connection.execute("select 2")
    assert connection.execute("select 3").fetchone() == (3,)


def test_server_side_cursor(server):
    with connect(server) as connection:
        with connection.cursor("c1") as cursor:
            cursor.itersize = 100
            cursor.execute("select * from generate_series(1, 1000)")
            assert sum(row[0] for row in cursor) == 500500
        connection.rollback()


def test_stream(connection):
    assert sum(row[0] for row in connection.cursor().stream("select * from generate_series(1, 1000)")) == 500500


def test_row_factory(connection):
    cursor = connection.cursor(row_factory=dict_row)
    assert cursor.execute("select 1 as one, 'b' as two").fetchone() == {"one": 1, "two": "b"}


def test_cancel(server):
    with connect(server, autocommit=True) as connection:
        timer = threading.Timer(1, connection.cancel)
        timer.start()
        with pytest.raises(psycopg.errors.QueryCanceled):
            connection.execute(
                "select count(*) from generate_series(1, 3000) a, generate_series(1, 3000) b, generate_series(1, 3000) c")
        assert connection.execute("select 1").fetchone() == (1,)


def test_statement_timeout(connection):
    connection.execute("set statement_timeout to 200")
    with pytest.raises(psycopg.errors.QueryCanceled):
        connection.execute(
            "select count(*) from generate_series(1, 3000) a, generate_series(1, 3000) b, generate_series(1, 3000) c")
    connection.execute("reset statement_timeout")


def test_terminate_backend(server, connection):
    victim = connect(server, autocommit=True)
    pid = victim.execute("select pg_backend_pid()").fetchone()[0]
    assert pid == victim.info.backend_pid
    assert connection.execute("select pg_terminate_backend(%s)", [pid]).fetchone()[0] in (1, True)
    with pytest.raises(psycopg.OperationalError):
        victim.execute("select 1")
        victim.execute("select 1")


def test_startup_options(server):
    with connect(server, options="-c statement_timeout=12345 -c search_path=pg_catalog", application_name="tests") as c:
        assert c.execute("show statement_timeout").fetchone() == ("12345",)
        assert c.execute("show application_name").fetchone() == ("tests",)


def test_parameter_status(server):
    with connect(server) as connection:
        status = connection.info.parameter_status
        assert status("server_version") == "8.0.2"
        assert status("client_encoding") == "UTF8"
        assert status("standard_conforming_strings") == "on"
        assert status("integer_datetimes") == "on"
        assert status("TimeZone") == "UTC"


def test_many_rows_of_many_types(connection):
    """More than one batch per slice, and a reader that stops half-way."""
    connection.execute("create temp table digit (n int)")
    connection.execute("insert into digit values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)")
    connection.execute(
        "create temp table wide as select i, i * 1.5 as d, 'row ' || i as v from (select a.n + 10 * b.n + 100 * c.n"
        " + 1000 * d.n + 10000 * e.n as i from digit a, digit b, digit c, digit d, digit e where e.n < 5) numbers")
    cursor = connection.cursor(binary=True)
    assert len(cursor.execute("select * from wide").fetchall()) == 50000
    stream = connection.cursor().stream("select * from wide")
    for _ in range(10):
        next(stream)
    stream.close()
    assert connection.execute("select 1").fetchone() == (1,)


def test_threads(server):
    """Sixteen clients at once, each with an answer of its own."""
    failures = []

    def client(number):
        try:
            with connect(server, autocommit=True) as connection:
                for step in range(20):
                    assert connection.execute("select %s::int * 1000 + %s", [number, step]).fetchone()[0] == number * 1000 + step
        except Exception as error:  # noqa: BLE001: shown below
            failures.append(error)

    threads = [threading.Thread(target=client, args=[number]) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_long_result_holds_up_no_other_connection(server):
    """Connections share a few event loops: while some are sent rows without end, on every loop, others are answered."""
    stop = threading.Event()
    tens = "(select 0 as n union all select 1 union all select 2 union all select 3 union all select 4)"
    rows = ", ".join(f"{tens} t{place}" for place in range(7))

    def fetch():
        with connect(server) as connection:
            while not stop.is_set():
                connection.pgconn.exec_(f"select t0.n, t1.n, 'some text that is long' from {rows}".encode())

    readers = [threading.Thread(target=fetch, daemon=True) for _ in range(6)]
    for reader in readers:
        reader.start()
    answered = 0
    try:
        connections = [connect(server) for _ in range(6)]
        for round in range(20):
            for number, connection in enumerate(connections):
                assert connection.execute("select %s", (round * number,)).fetchone() == (round * number,)
                assert connection.execute("select 1").fetchone() == (1,)
                answered += 1
        assert any(reader.is_alive() for reader in readers)
    finally:
        stop.set()
    for reader in readers:
        reader.join(60)
    assert answered == 120
