import Catalog
import Planner

/// A plan, and all that planning looked at besides the statement: as long as that is the same, so is the plan.
struct ReusablePlan: Sendable {
    /// Mostly the same object: a session makes one as long as nothing changes, and looks at the values of others' only.
    final class Surroundings: Equatable, Sendable {
        let values: Values

        init(_ values: Values) { self.values = values }

        static func == (left: Surroundings, right: Surroundings) -> Bool {
            left === right || left.values == right.values
        }
    }

    struct Values: Hashable, Sendable {
        var catalogVersion: Int64
        /// In a block definitions are older than the rights that hold.
        var accessVersion: Int64
        /// What databases share may change without a change in the session's own.
        var clusterVersion: Int64
        var database: String
        var searchPath: [String]
        /// nil: the session has no temporary relations, which would come before others of their names.
        var temporarySchema: String?
        var timeZone: String
        var user: UserID
        var sessionUser: UserID
    }

    let planned: PlannedStatement
    /// nil: nobody may use it again.
    let surroundings: Surroundings?
    /// Of the plan of a query.
    let facts: PlanFacts?

    init(planned: PlannedStatement, surroundings: Surroundings? = nil) {
        self.planned = planned
        self.surroundings = surroundings
        facts = if case .query(let plan) = planned { PlanFacts(plan) } else { nil }
    }
}
