import SQLTypes

// AND, OR, NOT and CASE as values. Three-valued: NULL where the outcome depends on a NULL.

extension ExpressionEvaluator {
    /// AND (`absorbing` false: one false term decides) or OR (`absorbing` true). A term is computed only for the rows
    /// that are not decided yet.
    func conjunction(
        _ node: ExpressionProgram.Node, _ batch: Batch, _ selection: RowMask?, absorbing: Bool
    ) throws(SQLError) -> Operand {
        let absorbed: Int64 = absorbing ? 1 : 0
        var undecided = selection ?? RowMask(count: batch.count)
        var decided = RowMask(count: batch.count)
        decided.dropAll()
        var unknown = decided
        for term in node.operands {
            guard undecided.keepsAny else { break }
            let vector = try operand(term, batch, undecided).vector
            var nulls = undecided
            vector.keepNulls(mask: &nulls)
            unknown.unite(nulls)
            var deciding = undecided
            vector.keepValid(mask: &deciding)
            if !vector.isNullConstant {
                vector.keepRows(in: IntegerRange(lower: absorbed, upper: absorbed), isNegated: false, mask: &deciding)
            }
            decided.unite(deciding)
            undecided.subtract(deciding)
        }
        unknown.subtract(decided)
        var values = RowMask(count: batch.count)
        if absorbing { values = decided } else { values.subtract(decided) }
        guard unknown.keepsAny else { return booleans(values, validity: nil) }
        var valid = RowMask(count: batch.count)
        valid.subtract(unknown)
        let validity = valid.withBytes { bytes in
            Buffer(count: bytes.count, of: UInt8.self) { _ = $0.update(fromContentsOf: bytes) }
        }
        return booleans(values, validity: validity)
    }

    func notValue(
        _ node: ExpressionProgram.Node, _ batch: Batch, _ selection: RowMask?
    ) throws(SQLError) -> Operand {
        let vector = try operand(node.operands[0], batch, selection).vector
        if vector.isNullConstant { return .nulls(.boolean, count: batch.count) }
        var mask = RowMask(count: batch.count)
        vector.keepRows(in: IntegerRange(lower: 0, upper: 0), isNegated: false, mask: &mask)
        return booleans(mask, validity: vector.validityFromZero())
    }

    /// Each branch sees only the rows that no branch before it has taken, and its result only those that it takes.
    func caseWhen(
        _ node: ExpressionProgram.Node, hasOtherwise: Bool, _ batch: Batch, _ selection: RowMask?
    ) throws(SQLError) -> Operand {
        var remaining = selection ?? RowMask(count: batch.count)
        var pieces: [Blend.Piece] = []
        let branchCount = node.operands.count / 2
        for branch in 0..<branchCount {
            guard remaining.keepsAny else { break }
            var taken = remaining
            try filter(node.operands[2 * branch], batch, &taken, wanted: true)
            guard taken.keepsAny else { continue }
            let result = try operand(node.operands[2 * branch + 1], batch, taken)
            pieces.append(Blend.Piece(rows: taken, operand: result))
            remaining.subtract(taken)
        }
        if hasOtherwise, remaining.keepsAny {
            let result = try operand(node.operands[node.operands.count - 1], batch, remaining)
            pieces.append(Blend.Piece(rows: remaining, operand: result))
        }
        return Blend.combine(pieces, kind: node.type.storage, count: batch.count)
    }
}

extension RowMask {
    /// Keeps also the rows that `other` keeps.
    mutating func unite(_ other: RowMask) {
        assert(count == other.count, "masks of \(count) and \(other.count) rows")
        other.withBytes { kept in
            withMutableBytes { bytes in
                for row in 0..<bytes.count { bytes[row] |= kept[row] }
            }
        }
    }
}
