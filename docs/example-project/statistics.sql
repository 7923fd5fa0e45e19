-- What production's catalog says of the same tables. Written by the query in docs/testing-distribution-keys.md, run there once a
-- month: the plans that are asserted here are those that production gets.
DECLARE STATISTICS FOR customers (ROWS 40 MILLION, customer_id DISTINCT 40 MILLION FROM 1 TO 40000000, country DISTINCT 60);
DECLARE STATISTICS FOR orders (ROWS 900 MILLION, order_id DISTINCT 900 MILLION, customer_id DISTINCT 38 MILLION);
DECLARE STATISTICS FOR order_items (ROWS 2 BILLION, order_id DISTINCT 900 MILLION, customer_id DISTINCT 38 MILLION, product_id DISTINCT 250 THOUSAND);
DECLARE STATISTICS FOR products (ROWS 250 THOUSAND, product_id DISTINCT 250 THOUSAND);
