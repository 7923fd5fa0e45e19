import QueryPlan

/// A source or sink with figures of its own for the trace.
protocol TracedStep: AnyObject {
    func addFigures(to trace: inout StepTrace)
}
