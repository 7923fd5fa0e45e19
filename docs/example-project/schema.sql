-- The shop's tables as production has them, with rows enough to see how they are spread: a few thousand, made here, so that
-- the project needs no files but those of one COPY.

CREATE TABLE customers (
    customer_id INT NOT NULL,
    country     CHAR(2),
    PRIMARY KEY (customer_id)
) DISTSTYLE KEY DISTKEY (customer_id) SORTKEY (customer_id);

CREATE TABLE orders (
    order_id    INT NOT NULL,
    customer_id INT NOT NULL,
    ordered_on  DATE NOT NULL,
    amount      DECIMAL(10,2)
) DISTSTYLE KEY DISTKEY (customer_id) SORTKEY (ordered_on);

CREATE TABLE order_items (
    order_id    INT NOT NULL,
    customer_id INT NOT NULL,   -- not in the textbook's design: it is here so that items lie where their order's customer is
    product_id  INT NOT NULL,
    quantity    SMALLINT
) DISTSTYLE KEY DISTKEY (customer_id) SORTKEY (order_id);

CREATE TABLE products (
    product_id  INT NOT NULL,
    name        VARCHAR(40),
    category    SMALLINT,
    price       DECIMAL(10,2)
) DISTSTYLE ALL;

COPY products FROM 's3://shop/products/part-' IAM_ROLE default CSV;

CREATE TEMP TABLE digits (n INT) DISTSTYLE ALL;
INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);

INSERT INTO customers
SELECT a.n + 10 * b.n + 100 * c.n + 1, CASE WHEN a.n < 6 THEN 'DE' WHEN a.n < 9 THEN 'FR' ELSE 'CH' END
FROM digits a, digits b, digits c;

CREATE TEMP TABLE numbers AS
SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n AS n FROM digits a, digits b, digits c, digits d;

INSERT INTO orders
SELECT n + 1, n % 1000 + 1, DATE '2025-01-01' + n / 30, 10 + n % 90 FROM numbers;

INSERT INTO order_items
SELECT o.order_id, o.customer_id, (o.order_id + a.n) % 20 + 1, a.n + 1 FROM orders o JOIN digits a ON a.n < 3;

-- Small inserts are in memory until they are sorted into blocks.
VACUUM orders;
VACUUM order_items;
ANALYZE;
