import SQLTypes

/// GREATEST, LEAST: NULLs are ignored; NULL only if all arguments are.
/// - Source: Redshift developer guide, "GREATEST and LEAST".
enum Extremes {
    static let greatest = function("greatest", .greater)
    static let least = function("least", .less)

    private static func function(_ name: String, _ op: ExpressionNode.Comparison) -> ScalarFunction {
        let signature = FunctionSignature(name, isStrict: false) { types in
            guard let common = SQLType.common(of: types) else { return nil }
            let type = common == .unknown ? Accepts.longText : common
            return .init(arguments: types.map { _ in type }, result: type)
        }
        return ScalarFunction(signature) { call throws(SQLError) in
            guard let first = call.arguments.first else { throw .internalError("\(name) without arguments") }
            var best = Operand(first)
            for argument in call.arguments.dropFirst() {
                let next = Operand(argument)
                var taken = RowMask(count: call.count)
                next.vector.keepValid(mask: &taken)
                var missing = taken
                best.vector.keepNulls(mask: &missing)
                best.vector.keepValid(mask: &taken)
                if !best.vector.isNullConstant, !argument.isNullConstant {
                    CompareKernels.keep(op, next, best, type: call.resultType, mask: &taken)
                }
                taken.unite(missing)
                var kept = RowMask(count: call.count)
                kept.subtract(taken)
                best = Blend.combine(
                    [Blend.Piece(rows: taken, operand: next), Blend.Piece(rows: kept, operand: best)],
                    kind: call.resultType.storage, count: call.count)
            }
            return best.vector
        }
    }
}
