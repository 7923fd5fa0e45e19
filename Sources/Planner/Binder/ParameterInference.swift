import QueryPlan
package import SQLTypes
import Synchronization

/// Types of parameters that a client leaves open: each takes the type that its first use asks for.
///
/// Such a parameter is bound as an untyped literal with a text that no literal can have; whatever would convert the literal
/// notes the target instead, and goes on with a NULL of that type. From then on the parameter has it.
/// - Source: PostgreSQL's `parse_param.c`, "variable parameters".
package final class ParameterInference: Sendable {
    private let state: Mutex<[SQLType?]>

    /// - Parameter types: nil for those that are to be found out; `$1` is the first.
    package init(_ types: [SQLType?]) { state = Mutex(types) }

    /// As far as they are known.
    package var types: [SQLType?] { state.withLock { $0 } }

    /// What stands for each in `PlanningContext.parameters`.
    package var placeholders: [PlanningContext.Parameter] {
        types.enumerated().map { index, type in
            if let type { return PlanningContext.Parameter(.null, type) }
            return PlanningContext.Parameter(.string(Self.mark + Array(String(index).utf8)), .unknown)
        }
    }

    func type(of number: Int) -> SQLType? {
        state.withLock { $0.indices.contains(number - 1) ? $0[number - 1] : nil }
    }

    /// A placeholder as a NULL of the type that its use gives it; nil: it is something else.
    func resolve(_ expression: BoundExpression, as type: SQLType) -> BoundExpression? {
        guard type != .unknown, let index = Self.index(of: expression) else { return nil }
        let noted = state.withLock { types -> SQLType in
            guard types.indices.contains(index) else { return type }
            if let known = types[index] { return known }
            types[index] = type
            return type
        }
        // Used twice within one expression, before either use had a type.
        return noted == type ? .literal(.null, type) : .cast(.literal(.null, noted), to: type, isTry: false)
    }

    static func isPlaceholder(_ expression: BoundExpression) -> Bool { index(of: expression) != nil }

    /// No UTF-8, which every literal is.
    private static let mark: [UInt8] = [0xFF, 0xFE, 0x24]

    private static func index(of expression: BoundExpression) -> Int? {
        guard case .literal(.string(let bytes), .unknown) = expression, bytes.starts(with: mark) else { return nil }
        return Int(String(decoding: bytes.dropFirst(mark.count), as: UTF8.self))
    }
}
