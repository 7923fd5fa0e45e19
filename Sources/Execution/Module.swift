// Execution.
