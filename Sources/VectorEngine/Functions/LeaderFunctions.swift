package import SQLTypes

/// Answers the functions that tell about the catalog: the leader's, in its own segments.
package protocol LeaderFunctions: Sendable {
    /// One call, its arguments of the resolution's types.
    func value(of name: String, _ arguments: [SQLValue]) throws(SQLError) -> SQLValue
}

extension ScalarFunction {
    /// A function that this module does not have is one of the leader's. Row by row: catalogs are small.
    static func leader(_ name: String) -> ScalarFunction {
        let signature = FunctionSignature(name, volatility: .stable, isStrict: false, isLeaderOnly: true) { _ in nil }
        return ScalarFunction(signature) { call throws(SQLError) in
            guard let leader = call.context.leader else { throw .unsupported("function \(name) on compute nodes") }
            if call.arguments.indices.allSatisfy(call.isConstant), call.count > 0 {
                if let selection = call.selection, !selection.keepsAny {
                    return .constant(.null, kind: call.resultType.storage, count: call.count)
                }
                let value = try leader.value(of: name, call.arguments.indices.map { call.constant($0) ?? .null })
                return .constant(value, kind: call.resultType.storage, count: call.count)
            }
            var builder = VectorBuilder(kind: call.resultType.storage, capacity: call.count)
            for row in 0..<call.count {
                guard call.isWanted(row) else {
                    builder.appendNull()
                    continue
                }
                let arguments = call.arguments.indices.map {
                    call.arguments[$0].value(at: row, as: call.argumentTypes[$0])
                }
                builder.append(try leader.value(of: name, arguments))
            }
            return builder.finish()
        }
    }
}
