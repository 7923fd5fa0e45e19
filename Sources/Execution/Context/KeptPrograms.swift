import QueryPlan
import SQLTypes
import Synchronization
import VectorEngine

/// The programs of one plan's filters, made by the first run that needs each and used again by those that follow. A program
/// depends on the plan alone; what a run adds (clock, user, scratch memory) is its evaluator's.
package final class KeptPrograms: Sendable {
    private struct Place: Hashable {
        var segment: Int
        var step: Int
    }
    private let programs = Mutex<[Place: ExpressionProgram]>([:])

    package init() {}

    func program(
        segment: Int, step: Int, make: () throws(SQLError) -> ExpressionProgram
    ) throws(SQLError) -> ExpressionProgram {
        let place = Place(segment: segment, step: step)
        if let known = programs.withLock({ $0[place] }) { return known }
        let made = try make()
        programs.withLock { $0[place] = made }
        return made
    }
}
