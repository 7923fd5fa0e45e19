-- The queries that the shop's dashboards run. What they do is measured on the rows that are here ...
ASSERT QUERY (
    SELECT c.country, sum(o.amount)
    FROM orders o JOIN customers c ON o.customer_id = c.customer_id
    GROUP BY c.country
) MOVES AT MOST 10 KB AND SAME ON SHAPES (1x1, 4x2);

ASSERT QUERY (
    SELECT count(*) FROM order_items i JOIN orders o ON o.order_id = i.order_id AND o.customer_id = i.customer_id
) MOVES AT MOST 0 BYTES;
