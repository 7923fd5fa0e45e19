// Tests of Planner.
