import Catalog
import Planner

/// A plan, and all that planning looked at besides the statement: as long as that is the same, so is the plan.
struct ReusablePlan: Sendable {
    struct Surroundings: Hashable, Sendable {
        var catalogVersion: Int64
        /// In a block definitions are older than the rights that hold.
        var accessVersion: Int64
        var searchPath: [String]
        var timeZone: String
        var user: UserID
    }

    let planned: PlannedStatement
    let surroundings: Surroundings
}
