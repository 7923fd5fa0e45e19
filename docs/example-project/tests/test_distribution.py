"""The shop's distribution keys, from Python. `warehouse` is the fixture of conftest.py: 40 lines to copy."""

import psycopg
import pytest


@pytest.mark.parametrize("table", ["customers", "orders", "order_items"])
def test_tables_are_even(warehouse, table):
    warehouse.execute(f"ASSERT SKEW OF {table} AT MOST 1.3")


def test_revenue_by_country_stays_on_its_slices(warehouse):
    warehouse.execute("""
        ASSERT QUERY (
            SELECT c.country, sum(o.amount)
            FROM orders o JOIN customers c ON o.customer_id = c.customer_id
            GROUP BY c.country
        ) JOINS WITHOUT MOVING AND WITHOUT NESTED LOOP""")


def test_a_key_of_few_values_is_caught(warehouse):
    """What the project would see if somebody distributed customers by country."""
    warehouse.execute("CREATE TABLE by_country DISTKEY (country) AS SELECT * FROM customers")
    with pytest.raises(psycopg.errors.AssertFailure) as failure:
        warehouse.execute("ASSERT SKEW OF by_country AT MOST 1.3")
    assert "table by_country is skewed: slice" in failure.value.diag.message_primary
    assert "The most frequent country is 'DE', in 60 % of the rows" in failure.value.diag.message_detail
    assert "ALTER DISTKEY customer_id" in failure.value.diag.message_hint
