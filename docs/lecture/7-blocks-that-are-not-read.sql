-- 7. Blocks that are not read.
--
-- A slice keeps each column in blocks, and of each block its least and greatest value: the zone map. SALES is sorted by DATEID, so
-- the sales of a month are in few blocks, and a scan that asks for a month passes over all others. A filter on a column that is not
-- sorted finds every block in its way.

DROP TABLE IF EXISTS sales_many;
CREATE TABLE sales_many DISTKEY (listid) SORTKEY (dateid) AS
SELECT s.*, n.n FROM sales s, (SELECT catid AS n FROM category) n;
VACUUM sales_many;

ASSERT QUERY (SELECT sum(pricepaid) FROM sales_many WHERE dateid BETWEEN 1900 AND 1907)
    SKIPS AT LEAST 70 PERCENT OF BLOCKS OF sales_many;

SELECT sum(pricepaid) AS paid FROM sales_many WHERE dateid BETWEEN 1900 AND 1907;

SELECT slice, trim(label) AS label, rows, rows_pre_filter, is_rrscan FROM svl_query_report
WHERE query = pg_last_query_id() AND label LIKE 'scan%' AND rows_pre_filter > 0 ORDER BY slice;

-- The system table of this step: the zone maps of DATEID on slice 0, in the order of its blocks.
SELECT b.blocknum, b.num_values, b.minvalue, b.maxvalue
FROM stv_blocklist b JOIN stv_tbl_perm p ON p.id = b.tbl AND p.slice = b.slice
WHERE p.name = 'sales_many' AND b.col = 5 AND b.slice = 0 ORDER BY b.blocknum;
