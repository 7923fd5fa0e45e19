-- ... and how they are planned, for as many rows as production has (statistics.sql says how many).
ASSERT QUERY (
    SELECT c.country, sum(o.amount)
    FROM orders o JOIN customers c ON o.customer_id = c.customer_id
    GROUP BY c.country
) JOINS WITHOUT MOVING AND WITHOUT NESTED LOOP;

ASSERT QUERY (
    SELECT o.ordered_on, sum(i.quantity)
    FROM order_items i JOIN orders o ON o.order_id = i.order_id AND o.customer_id = i.customer_id
    GROUP BY o.ordered_on
) JOINS WITHOUT MOVING;

ASSERT QUERY (
    SELECT p.category, sum(i.quantity)
    FROM order_items i JOIN products p ON p.product_id = i.product_id
    GROUP BY p.category
) JOINS WITHOUT MOVING AND WITHOUT BROADCAST OF products;
