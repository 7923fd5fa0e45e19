"""SQLAlchemy with sqlalchemy-redshift, through psycopg2 and through redshift_connector; pandas on top."""

import datetime as dt
import decimal

import pandas
import pytest
import sqlalchemy as sa
from server import DATABASE, PASSWORD, USER
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


def url(server, driver):
    return sa.engine.URL.create(
        f"redshift+{driver}", username=USER, password=PASSWORD, host="127.0.0.1", port=server.port, database=DATABASE)


@pytest.fixture(scope="module", params=["psycopg2", "redshift_connector"])
def engine(server, request):
    options = {"sslmode": "prefer"} if request.param == "psycopg2" else {"ssl": False}
    made = sa.create_engine(url(server, request.param), connect_args=options)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def tables(engine):
    schema = f"sa_{engine.driver}"
    with engine.begin() as connection:
        connection.execute(sa.text(f"create schema {schema}"))
        connection.execute(sa.text(
            f"create table {schema}.customer (id int not null, name varchar(40) encode zstd, born date, primary key (id))"
            " diststyle all"))
        connection.execute(sa.text(
            f"create table {schema}.sale (id bigint not null, customer int not null, price decimal(8,2) default 9.99,"
            f" at timestamp, unique (id), foreign key (customer) references {schema}.customer (id))"
            " distkey (customer) sortkey (at)"))
        connection.execute(sa.text(f"create view {schema}.total as select customer, sum(price) p from {schema}.sale group by 1"))
        connection.execute(sa.text(f"comment on table {schema}.sale is 'what was sold'"))
    return schema


def test_select(engine):
    with engine.connect() as connection:
        assert connection.execute(sa.text("select :a + 1"), {"a": 41}).scalar() == 42


def test_reflection(engine, tables):
    inspector = sa.inspect(engine)
    assert tables in inspector.get_schema_names()
    assert sorted(inspector.get_table_names(schema=tables)) == ["customer", "sale"]
    assert inspector.get_view_names(schema=tables) == ["total"]
    assert "sum" in inspector.get_view_definition("total", schema=tables).lower()
    columns = {column["name"]: column for column in inspector.get_columns("sale", schema=tables)}
    assert list(columns) == ["id", "customer", "price", "at"]
    assert isinstance(columns["price"]["type"], sa.NUMERIC)
    assert (columns["price"]["type"].precision, columns["price"]["type"].scale) == (8, 2)
    assert not columns["id"]["nullable"] and columns["price"]["nullable"]
    assert "9.99" in columns["price"]["default"]
    assert isinstance(columns["at"]["type"], sa.TIMESTAMP)
    assert inspector.get_pk_constraint("customer", schema=tables)["constrained_columns"] == ["id"]
    foreign = inspector.get_foreign_keys("sale", schema=tables)
    assert [(key["constrained_columns"], key["referred_table"]) for key in foreign] == [(["customer"], "customer")]
    assert [key["column_names"] for key in inspector.get_unique_constraints("sale", schema=tables)] == [["id"]]
    assert inspector.has_table("sale", schema=tables) and not inspector.has_table("nothing", schema=tables)
    table = sa.Table("sale", sa.MetaData(), schema=tables, autoload_with=engine)
    assert table.columns.keys() == ["id", "customer", "price", "at"]


def test_ddl_of_the_dialect(engine):
    metadata = sa.MetaData()
    table = sa.Table(
        f"made_{engine.driver}", metadata, sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(20)), sa.Column("at", sa.DateTime), redshift_diststyle="KEY", redshift_distkey="id",
        redshift_sortkey="at")
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(table.insert(), [{"id": 1, "name": "a", "at": dt.datetime(2024, 1, 1)}, {"id": 2, "name": None, "at": None}])
        assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 2
        assert connection.execute(table.update().where(table.c.id == 2).values(name="b")).rowcount == 1
        assert connection.execute(sa.select(table.c.name).order_by(table.c.id)).scalars().all() == ["a", "b"]
        style = connection.execute(sa.text(
            "select \"column\", distkey, sortkey from pg_table_def where tablename = :t order by 1"),
            {"t": table.name}).all()
        assert style == [("at", False, 1), ("id", True, 0), ("name", False, 0)]
    metadata.drop_all(engine)
    assert not sa.inspect(engine).has_table(table.name)


def test_orm(engine):
    class Base(DeclarativeBase):
        pass

    class Item(Base):
        __tablename__ = f"item_{engine.driver}"
        id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
        name: Mapped[str] = mapped_column(sa.String(20))
        price: Mapped[decimal.Decimal] = mapped_column(sa.Numeric(8, 2))

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Item(id=1, name="pen", price=decimal.Decimal("1.20")), Item(id=2, name="ink", price=decimal.Decimal("3"))])
        session.commit()
        assert session.scalars(sa.select(Item.name).where(Item.price > 2)).all() == ["ink"]
        session.delete(session.get(Item, 1))
        session.commit()
        assert session.scalar(sa.select(sa.func.count(Item.id))) == 1
    Base.metadata.drop_all(engine)


def test_pandas(engine):
    frame = pandas.DataFrame({"n": [1, 2, 3], "s": ["a", None, "c"], "f": [0.5, 1.5, None]})
    name = f"frame_{engine.driver}"
    frame.to_sql(name, engine, index=False, method="multi")
    back = pandas.read_sql(f"select * from {name} order by n", engine)
    assert list(back["n"]) == [1, 2, 3] and back["s"][2] == "c" and back["f"].isna()[2]
    frame.to_sql(name, engine, index=False, if_exists="append")
    assert pandas.read_sql(f"select count(*) as c from {name}", engine)["c"][0] == 6
    frame.to_sql(name, engine, index=False, if_exists="replace")
    assert pandas.read_sql(name, engine).shape == (3, 3)
    with engine.begin() as connection:
        connection.execute(sa.text(f"drop table {name}"))


def test_copy_command(server):
    """The dialect's COPY names files that are not there: the error is Redshift's, not a syntax error. (Through
    redshift_connector it would send the names as parameters, which COPY has none of.)"""
    from sqlalchemy_redshift import dialect

    engine = sa.create_engine(url(server, "psycopg2"), connect_args={"sslmode": "prefer"})
    table = sa.Table("copied", sa.MetaData(), sa.Column("id", sa.Integer))
    table.create(engine)
    command = dialect.CopyCommand(
        [table.c.id], data_location="s3://nowhere/x", iam_role_arns=["arn:aws:iam::123456789012:role/blueshift"], format="CSV")
    with pytest.raises(sa.exc.DBAPIError, match="nowhere|NoSuchBucket"), engine.begin() as connection:
        connection.execute(command)
    table.drop(engine)
