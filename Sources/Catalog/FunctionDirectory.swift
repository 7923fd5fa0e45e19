package import SQLTypes

/// The functions that SQL text can call, by name. Made once from the engine's signatures; the planner asks it, and
/// folds calls on constants through `evaluate`, without knowing the engine.
package struct FunctionDirectory: Sendable {
    /// Computes an immutable call on constant arguments, already cast to the resolution's types.
    package typealias Evaluate =
        @Sendable (
            _ name: String, _ arguments: [SQLValue], _ resolution: FunctionSignature.Resolution
        ) throws(SQLError) -> SQLValue

    private let byName: [String: [FunctionSignature]]
    private let tablesByName: [String: [TableFunction]]
    package let evaluate: Evaluate

    package init(
        _ signatures: [FunctionSignature], tables: [TableFunction] = [], evaluate: @escaping Evaluate
    ) {
        var byName: [String: [FunctionSignature]] = [:]
        for signature in signatures {
            for name in signature.names { byName[name, default: []].append(signature) }
        }
        self.byName = byName
        tablesByName = Dictionary(grouping: tables, by: \.name)
        self.evaluate = evaluate
    }

    /// Those of that name that give sets of rows.
    package func tableFunctions(named name: String) -> [TableFunction] { tablesByName[name] ?? [] }

    /// Every function under each of its names, sorted by name.
    package var all: [(name: String, signature: FunctionSignature)] {
        byName.keys.sorted().flatMap { name in (byName[name] ?? []).map { (name, $0) } }
    }

    /// All functions of that (folded) name, in the order of their list; empty if there is none.
    package func signatures(named name: String) -> [FunctionSignature] { byName[name] ?? [] }
}
