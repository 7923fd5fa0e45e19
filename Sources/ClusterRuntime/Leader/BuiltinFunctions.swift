import Catalog
import SQLTypes
import SystemTables
import VectorEngine

extension FunctionDirectory {
    /// The engine's functions: what the planner binds to, and folds constants with.
    static let builtin = FunctionDirectory(
        BuiltinFunctions.scalar.map(\.signature) + SystemFunctions.all.map(\.signature),
        tables: SystemFunctions.tables.map(\.definition)
    ) {
        (name, arguments, resolution) throws(SQLError) -> SQLValue in
        try BuiltinFunctions.evaluate(
            name, arguments, resolution, context: EvaluationContext(dateTime: .system))
    }
}
