// QueryPlan.
