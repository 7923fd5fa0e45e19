// Planner.
