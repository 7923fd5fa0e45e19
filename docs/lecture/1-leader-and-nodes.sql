-- 1. A leader, compute nodes, slices.
--
-- A client talks to the leader alone. The leader holds no rows of tables: those are on compute nodes, and on a node each slice
-- has its own part, which no other slice reads. This cluster has two nodes of two slices.

SELECT current_database(), current_user;            -- the leader answers by itself: no slice runs

SELECT count(*) AS slices, count(DISTINCT node) AS nodes FROM stv_slices;

-- The system table of this step: which slice is on which node.
SELECT node, slice, localslice FROM stv_slices ORDER BY slice;
