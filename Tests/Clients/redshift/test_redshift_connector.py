"""redshift_connector: Amazon's own driver, its types, its metadata calls, its data frames."""

import datetime as dt
import decimal

import pytest
import redshift_connector
from server import DATABASE


def connect(server, **options):
    return redshift_connector.connect(**server.parameters(database=DATABASE), ssl=False, **options)


@pytest.fixture
def connection(server):
    opened = connect(server)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def tables(server):
    with connect(server) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("create schema meta")
        cursor.execute("create table meta.city (id int not null primary key, name varchar(30), area decimal(10,2))")
        cursor.execute("create view meta.big as select name from meta.city where area > 100")


def test_round_trip(connection):
    cursor = connection.cursor()
    cursor.execute(
        "create temp table t (s smallint, i int, b bigint, d decimal(18,4), e decimal(38,2), r real, f float8, v varchar(20),"
        " c char(4), day date, t timestamp, z timestamptz, ok boolean)")
    row = [1, 2, 2**40, decimal.Decimal("1.5000"), decimal.Decimal("9" * 30 + ".25"), 0.5, 1e100, "Größe", "ab",
           dt.date(2024, 1, 2), dt.datetime(2024, 1, 2, 3, 4, 5), dt.datetime(2024, 1, 2, tzinfo=dt.timezone.utc), True]
    cursor.execute("insert into t values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)", row)
    cursor.execute("select * from t")
    got = list(cursor.fetchone())
    row[8] = "ab  "
    assert got == row
    assert [column[0] for column in cursor.description][:3] == ["s", "i", "b"]
    connection.commit()


def test_parameters_and_fetches(connection):
    cursor = connection.cursor()
    cursor.execute("create temp table n (a int)")
    cursor.executemany("insert into n values (%s)", [(number,) for number in range(20)])
    cursor.execute("select a from n where a >= %s order by a", (10,))
    assert [list(row) for row in cursor.fetchmany(3)] == [[10], [11], [12]]
    assert len(cursor.fetchall()) == 7
    cursor.execute("select null::int, %s::varchar(10)", (None,))
    assert list(cursor.fetchone()) == [None, None]


def test_transactions(connection):
    cursor = connection.cursor()
    cursor.execute("create table kept (a int)")
    connection.rollback()
    with pytest.raises(redshift_connector.ProgrammingError) as caught:
        cursor.execute("select * from kept")
    assert caught.value.args[0]["C"] == "42P01"
    connection.rollback()
    cursor.execute("select 1")
    assert list(cursor.fetchone()) == [1]


def test_frames(connection):
    cursor = connection.cursor()
    cursor.execute("select 1 as a, 'x' as b union all select 2, 'y' order by a")
    frame = cursor.fetch_dataframe()
    assert list(frame.columns) == ["a", "b"] and list(frame["a"]) == [1, 2]


def test_write_dataframe(connection):
    import pandas

    cursor = connection.cursor()
    cursor.execute("create table frame (a int, b varchar(10))")
    cursor.write_dataframe(pandas.DataFrame({"a": [1, 2], "b": ["x", "y"]}), "frame")
    cursor.execute("select count(*), sum(a) from frame")
    assert list(cursor.fetchone()) == [2, 3]
    cursor.execute("drop table frame")
    connection.commit()


def test_metadata(connection, tables):
    cursor = connection.cursor()
    assert "meta" in [row[0] for row in cursor.get_schemas()]
    got = cursor.get_tables(schema_pattern="meta")
    assert sorted((row[1], row[2], row[3]) for row in got) == [
        ("meta", "big", "VIEW"), ("meta", "city", "TABLE"), ("meta", "city_pkey", "INDEX")]
    columns = cursor.get_columns(schema_pattern="meta", tablename_pattern="city")
    assert [(row[3], row[5]) for row in columns] == [("id", "int4"), ("name", "varchar"), ("area", "numeric")]
    keys = cursor.get_primary_keys(schema="meta", table="city")
    assert [row[3] for row in keys] == ["id"]


def test_metadata_of_all_databases(server, tables):
    with connect(server, database_metadata_current_db_only=False) as connection:
        cursor = connection.cursor()
        assert DATABASE in [row[0] for row in cursor.get_catalogs()]
        assert "meta" in [row[0] for row in cursor.get_schemas()]
        assert "city" in [row[2] for row in cursor.get_tables(schema_pattern="meta")]
        assert "area" in [row[3] for row in cursor.get_columns(schema_pattern="meta", tablename_pattern="city")]


def test_error(connection):
    with pytest.raises(redshift_connector.ProgrammingError) as caught:
        connection.cursor().execute("selec 1")
    assert caught.value.args[0]["C"] == "42601"


def test_wrong_password(server):
    with pytest.raises(redshift_connector.Error):
        redshift_connector.connect(**server.parameters(database=DATABASE, password="wrong"), ssl=False)


@pytest.mark.parametrize("password", ["sha256|Reader123", None])
def test_digest_login(server, password):
    """A user of whom only a SHA-256 is kept proves the password by Redshift's own digest."""
    import hashlib

    salt = bytes(range(32))
    if password is None:
        password = f"sha256|{hashlib.sha256(b'Reader123' + salt).hexdigest()}|{salt.hex()}"
    with connect(server) as admin:
        admin.autocommit = True
        admin.cursor().execute(f"create user digested password '{password}'")
        parameters = server.parameters(database=DATABASE, user="digested", password="Reader123")
        with redshift_connector.connect(**parameters, ssl=False) as own:
            cursor = own.cursor()
            cursor.execute("select current_user")
            assert list(cursor.fetchone()) == ["digested"]
        with pytest.raises(redshift_connector.Error):
            redshift_connector.connect(**{**parameters, "password": "Wrong1234"}, ssl=False)
        admin.cursor().execute("drop user digested")
