"""psycopg 2, pg8000 and asyncpg: the same few things as their own users do them."""

import asyncio
import datetime as dt
import decimal

import asyncpg
import pg8000.dbapi
import pg8000.native
import psycopg2
import psycopg2.extras
import pytest
from server import DATABASE

ROW = (1, 2**40, decimal.Decimal("12.50"), "Größe", 1.5, dt.datetime(2024, 1, 2, 3, 4, 5), dt.date(2024, 1, 2), True)
COLUMNS = "i int, b bigint, d decimal(8,2), v varchar(20), f float8, t timestamp, day date, ok boolean"


class TestPsycopg2:
    @pytest.fixture
    def connection(self, server):
        connection = psycopg2.connect(**server.parameters(dbname=DATABASE))
        yield connection
        connection.close()

    def test_round_trip(self, connection):
        with connection, connection.cursor() as cursor:
            cursor.execute(f"create temp table t ({COLUMNS})")
            cursor.execute("insert into t values (%s, %s, %s, %s, %s, %s, %s, %s)", ROW)
            assert cursor.rowcount == 1
            cursor.execute("select * from t")
            assert cursor.fetchone() == ROW

    def test_execute_values(self, connection):
        with connection, connection.cursor() as cursor:
            cursor.execute("create temp table v (a int, b varchar(10))")
            psycopg2.extras.execute_values(cursor, "insert into v values %s", [(n, str(n)) for n in range(500)])
            cursor.execute("select count(*), sum(a) from v")
            assert cursor.fetchone() == (500, 124750)

    def test_named_cursor(self, connection):
        with connection, connection.cursor("named") as cursor:
            cursor.itersize = 50
            cursor.execute("select * from generate_series(1, 500)")
            assert sum(row[0] for row in cursor) == 125250

    def test_notices(self, connection):
        with connection, connection.cursor() as cursor:
            cursor.execute("drop table if exists never_made")
        assert any("never_made" in notice for notice in connection.notices)

    def test_errors(self, connection):
        with pytest.raises(psycopg2.errors.UndefinedTable), connection, connection.cursor() as cursor:
            cursor.execute("select * from nowhere")
        assert connection.server_version == 80002


class TestPg8000:
    @pytest.fixture
    def connection(self, server):
        connection = pg8000.dbapi.connect(**server.parameters(database=DATABASE))
        yield connection
        connection.close()

    def test_round_trip(self, connection):
        cursor = connection.cursor()
        cursor.execute(f"create temp table t ({COLUMNS})")
        cursor.execute("insert into t values (%s, %s, %s, %s, %s, %s, %s, %s)", ROW)
        cursor.execute("select * from t")
        assert tuple(cursor.fetchone()) == ROW
        connection.commit()

    def test_native(self, server):
        connection = pg8000.native.Connection(**server.parameters(database=DATABASE))
        assert connection.run("select cast(:a as int) + 1 as n", a=41) == [[42]]
        assert connection.columns[0]["name"] == "n"
        prepared = connection.prepare("select cast(:v as varchar(20))")
        assert prepared.run(v="x") == [["x"]] and prepared.run(v="y") == [["y"]]
        prepared.close()
        connection.close()

    def test_errors(self, connection):
        with pytest.raises(pg8000.dbapi.DatabaseError) as caught:
            connection.cursor().execute("select * from nowhere")
        assert caught.value.args[0]["C"] == "42P01"


class TestAsyncpg:
    def run(self, server, body, **options):
        async def main():
            connection = await asyncpg.connect(**server.parameters(database=DATABASE), **options)
            try:
                await body(connection)
            finally:
                await connection.close()
        asyncio.run(main())

    def test_round_trip(self, server):
        async def body(connection):
            await connection.execute(f"create temp table t ({COLUMNS})")
            await connection.execute("insert into t values ($1, $2, $3, $4, $5, $6, $7, $8)", *ROW)
            assert tuple(await connection.fetchrow("select * from t")) == ROW
            assert await connection.fetchval("select d from t where i = $1", 1) == decimal.Decimal("12.50")
        self.run(server, body)

    def test_prepared_and_cursor(self, server):
        async def body(connection):
            statement = await connection.prepare("select n from generate_series(1, 1000) g(n) where n > $1")
            assert len(await statement.fetch(990)) == 10
            async with connection.transaction():
                total = 0
                async for record in statement.cursor(0, prefetch=64):
                    total += record["n"]
                    if record["n"] == 500:
                        assert await connection.fetchval("select 7") == 7
                assert total == 500500
        self.run(server, body)

    def test_executemany(self, server):
        async def body(connection):
            await connection.execute("create temp table m (a int, b varchar(10))")
            await connection.executemany("insert into m values ($1, $2)", [(n, str(n)) for n in range(100)])
            assert await connection.fetchval("select sum(a) from m") == 4950
        self.run(server, body)

    def test_pool(self, server):
        async def main():
            pool = await asyncpg.create_pool(**server.parameters(database=DATABASE), min_size=2, max_size=8)
            answers = await asyncio.gather(*[pool.fetchval("select $1::int * 2", n) for n in range(40)])
            assert answers == [n * 2 for n in range(40)]
            await pool.close()
        asyncio.run(main())

    def test_timeout_cancels(self, server):
        async def body(connection):
            with pytest.raises(asyncio.TimeoutError):
                await connection.fetch(
                    "select count(*) from generate_series(1, 3000) a, generate_series(1, 3000) b, generate_series(1, 3000) c",
                    timeout=0.5)
            assert await connection.fetchval("select 1") == 1
        self.run(server, body)

    def test_errors(self, server):
        async def body(connection):
            with pytest.raises(asyncpg.UndefinedTableError):
                await connection.fetch("select * from nowhere")
            with pytest.raises(asyncpg.DivisionByZeroError):
                await connection.fetch("select 1 / 0")
        self.run(server, body)

    def test_tls(self, server):
        async def body(connection):
            assert await connection.fetchval("select 1") == 1
        self.run(server, body, ssl="require")
