-- 6. A join that moves rows.
--
-- EVENT is distributed on EVENTID, SALES is not: rows that match are on different slices, and either side, or a copy of one, must
-- travel. The bytes of the step dist say what that costs.

ASSERT QUERY (SELECT count(*) FROM sales s JOIN event e ON s.eventid = e.eventid WHERE e.catid < 9) WITHOUT NESTED LOOP;

SELECT count(*) AS sales FROM sales s JOIN event e ON s.eventid = e.eventid WHERE e.catid < 9;

SELECT slice, trim(label) AS label, rows, bytes FROM svl_query_report
WHERE query = pg_last_query_id() AND (label LIKE 'dist%' OR label LIKE 'bcast%') ORDER BY segment, slice;

-- A table that is small can be whole on each node: then there is nothing to move.
DROP TABLE IF EXISTS event_all;
CREATE TABLE event_all DISTSTYLE ALL AS SELECT * FROM event;

ASSERT QUERY (SELECT count(*) FROM sales s JOIN event_all e ON s.eventid = e.eventid WHERE e.catid < 9)
    JOINS WITHOUT MOVING AND MOVES AT MOST 1 KB;

SELECT count(*) AS sales FROM sales s JOIN event_all e ON s.eventid = e.eventid WHERE e.catid < 9;

-- The system table of this step: the label is DS_DIST_ALL_NONE now.
SELECT nodeid, rtrim(plannode) AS plannode FROM stl_explain WHERE query = pg_last_query_id() ORDER BY nodeid;
