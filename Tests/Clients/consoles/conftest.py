"""Consoles read and write files of their user: each test run gives them a home of its own."""

import os

import pytest
from server import PASSWORD


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    # In the server's time zone pgcli has nothing to say of time zones.
    os.environ.update(TZ="UTC", HOME=str(folder), XDG_CONFIG_HOME=str(folder), XDG_DATA_HOME=str(folder), PGPASSWORD=PASSWORD)
    return folder


@pytest.fixture(scope="session")
def shop(server):
    """The tables that the tests look at: also those of Tests/slt/clients."""
    import redshift_connector

    with redshift_connector.connect(**server.parameters(database="dev"), ssl=False) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        for statement in """
            create schema shop;
            create table shop.customer (id int not null primary key, name varchar(40) encode zstd, born date) diststyle all;
            create table shop.sale (
                id bigint identity(1, 1), customer int not null references shop.customer (id),
                price decimal(8, 2) default 9.99, at timestamp sortkey) distkey (customer);
            insert into shop.customer values (1, 'Ada', '1815-12-10'), (2, 'Grace', '1906-12-09');
            insert into shop.sale (customer, price, at) values (1, 10.5, '2024-01-02 03:04:05'), (2, 20, null);
            create view shop.total as select customer, sum(price) as price from shop.sale group by customer
        """.split(";"):
            cursor.execute(statement)
    return server
