-- 2. Where rows live.
--
-- SALES was created with DISTKEY (listid): a hash of the listing's number says to which slice a row goes. There are many
-- listings, so the slices get about as many rows each.

SELECT "table", diststyle, sortkey1, tbl_rows, skew_rows FROM svv_table_info WHERE "table" IN ('sales', 'users') ORDER BY 1;

ASSERT DISTSTYLE OF sales IS KEY (listid);
ASSERT SKEW OF sales AT MOST 1.05;

-- A key of few values is another matter: a quarter of the users live in California, and rows of one state are on one slice.
DROP TABLE IF EXISTS users_by_state;
CREATE TABLE users_by_state DISTKEY (state) AS SELECT * FROM users;

-- The system table of this step: rows on each slice.
SELECT trim(name) AS "table", slice, rows FROM stv_tbl_perm
WHERE name IN ('users', 'users_by_state') ORDER BY 1, 2;
