-- 5. A join that stays where it is.
--
-- SALES and LISTING meet on their common key. Each slice joins its own rows and sends on nothing but its sums: a few hundred
-- bytes of partial groups, whatever the tables' size.

ASSERT QUERY (
    SELECT l.dateid % 7, count(*), sum(s.pricepaid) FROM sales s JOIN listing l ON s.listid = l.listid GROUP BY 1
) JOINS WITHOUT MOVING AND MOVES AT MOST 2 KB;

SELECT l.dateid % 7 AS weekday, count(*) AS sales FROM sales s JOIN listing l ON s.listid = l.listid GROUP BY 1 ORDER BY 1;

-- The system table of this step: the joins of the query on each slice, and what its dist steps have sent.
SELECT slice, segment, step, trim(label) AS label, rows, bytes
FROM svl_query_report
WHERE query = pg_last_query_id() AND (label LIKE 'hjoin%' OR label LIKE 'dist%' OR label LIKE 'mjoin%')
ORDER BY segment, step, slice;
