/// Something in a query's plan or run that cost more than it need have.
package struct AlertEvent: LoggedEvent {
    package var source: EventSource
    package var slice: Int
    package var segment: Int
    package var step: Int
    /// Redshift's words, with figures.
    package var event: String
    package var solution: String
    package var time: Int64
    /// Of a step that only those may see who see row-level security's policies.
    package var isGuarded: Bool

    package init(
        source: EventSource, slice: Int, segment: Int, step: Int, event: String, solution: String, time: Int64,
        isGuarded: Bool = false
    ) {
        self.source = source
        self.slice = slice
        self.segment = segment
        self.step = step
        self.event = event
        self.solution = solution
        self.time = time
        self.isGuarded = isGuarded
    }
}
