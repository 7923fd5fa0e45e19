-- 3. The leader makes a plan.
--
-- Read it from the bottom. Both tables are distributed on LISTID, so rows that match are on one slice: DS_DIST_NONE, nothing
-- has to move to be joined.

EXPLAIN
SELECT l.dateid % 7 AS weekday, count(*) AS sales, sum(s.pricepaid) AS paid
FROM sales s JOIN listing l ON s.listid = l.listid
GROUP BY 1 ORDER BY 1;

SELECT l.dateid % 7 AS weekday, count(*) AS sales, sum(s.pricepaid) AS paid
FROM sales s JOIN listing l ON s.listid = l.listid
GROUP BY 1 ORDER BY 1;

-- The system table of this step: the plan of the query that has just run, a line for each node of the tree.
SELECT nodeid, parentid, rtrim(plannode) AS plannode, rtrim(info) AS info
FROM stl_explain WHERE query = pg_last_query_id() ORDER BY nodeid;
