-- 4. Streams, segments, steps.
--
-- A tree does not say what can run at the same time. Streams run one after the other; the segments of a stream run together, on
-- every slice; a segment is a chain of steps that rows pass through without a break. It ends where rows must rest (hash,
-- aggr, sort) or move (dist, bcast, return).

SELECT e.catid, count(*) AS sales
FROM sales s JOIN event e ON s.eventid = e.eventid
GROUP BY e.catid ORDER BY sales DESC;

-- The system table of this step: what each step did, all slices together.
SELECT stm, seg, step, trim(label) AS label, rows, bytes
FROM svl_query_summary WHERE query = pg_last_query_id() ORDER BY stm, seg, step;
