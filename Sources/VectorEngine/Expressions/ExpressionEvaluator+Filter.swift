import SQLTypes

extension ExpressionEvaluator {
    /// Drops from `mask` the rows for which the node is not exactly `wanted`; NULL is neither. So NOT only turns
    /// `wanted` round, and unknown never enters a mask.
    func filter(_ index: Int, _ batch: Batch, _ mask: inout RowMask, wanted: Bool) throws(SQLError) {
        let node = program.nodes[index]
        if node.isConstant {
            return try filterByValue(index, batch, &mask, wanted)
        }
        if let column = node.dictionaryColumn, filterLifted(index, node, column, batch, &mask, wanted) { return }
        switch node.operation {
        case .and, .or: try filterTerms(node, batch, &mask, wanted)
        case .not: try filter(node.operands[0], batch, &mask, wanted: !wanted)
        case .isBoolean(let value, let isNegated):
            if isNegated != wanted {
                try filter(node.operands[0], batch, &mask, wanted: value)
            } else {
                var matching = mask
                try filter(node.operands[0], batch, &matching, wanted: value)
                mask.subtract(matching)
            }
        case .isNull(let isNegated):
            let below = try operand(node.operands[0], batch, mask)
            if isNegated == wanted { below.vector.keepValid(mask: &mask) } else { below.vector.keepNulls(mask: &mask) }
        case .comparison, .inRange, .inSet, .match, .matchDynamic:
            let operands = try leafOperands(node, batch, mask)
            for operand in operands { operand.vector.keepValid(mask: &mask) }
            try test(index, node, operands, isNegated: !wanted, &mask)
        case .column, .literal, .cast, .arithmetic, .negate, .caseWhen, .call:
            try filterByValue(index, batch, &mask, wanted)
        }
    }

    /// A AND B is true where both are, and false where one of them is; OR the other way round.
    private func filterTerms(
        _ node: ExpressionProgram.Node, _ batch: Batch, _ mask: inout RowMask, _ wanted: Bool
    ) throws(SQLError) {
        var isAnd = false
        if case .and = node.operation { isAnd = true }
        if isAnd == wanted {
            for term in node.operands {
                // A look at the mask costs about as much as a cheap term.
                if program.nodes[term].cost > 4, !mask.keepsAny { return }
                try filter(term, batch, &mask, wanted: wanted)
            }
            return
        }
        // A term is asked only for the rows that no term before it has let pass.
        var remaining = mask
        for term in node.operands {
            guard remaining.keepsAny else { break }
            var passing = remaining
            try filter(term, batch, &passing, wanted: wanted)
            remaining.subtract(passing)
        }
        mask.subtract(remaining)
    }

    private func filterByValue(
        _ index: Int, _ batch: Batch, _ mask: inout RowMask, _ wanted: Bool
    ) throws(SQLError) {
        let vector = try operand(index, batch, mask).vector
        let value: Int64 = wanted ? 1 : 0
        if vector.isNullConstant { return mask.dropAll() }
        vector.keepValid(mask: &mask)
        vector.keepRows(in: IntegerRange(lower: value, upper: value), isNegated: false, mask: &mask)
    }

    func leafOperands(
        _ node: ExpressionProgram.Node, _ batch: Batch, _ selection: RowMask?
    ) throws(SQLError) -> [Operand] {
        var operands: [Operand] = []
        for index in node.operands { operands.append(try operand(index, batch, selection)) }
        return operands
    }

    /// A predicate as a value: computed for all rows, null where an operand is.
    func leafValue(
        _ index: Int, _ node: ExpressionProgram.Node, _ batch: Batch, _ selection: RowMask?
    ) throws(SQLError) -> Operand {
        let operands = try leafOperands(node, batch, selection)
        let (validity, isAllNull) = combinedValidity(operands.map(\.vector), count: batch.count)
        if isAllNull { return .nulls(.boolean, count: batch.count) }
        var mask = selection ?? RowMask(count: batch.count)
        if let validity {
            Vector(kind: .int8, count: batch.count, form: .flat(validity), validity: validity).keepValid(mask: &mask)
        }
        try test(index, node, operands, isNegated: false, &mask)
        return booleans(mask, validity: validity)
    }

    /// Drops the rows for which the predicate is false (`isNegated`: true). Nulls are looked at elsewhere, but are not
    /// in `mask` any more if the predicate can raise.
    private func test(
        _ index: Int, _ node: ExpressionProgram.Node, _ operands: [Operand], isNegated: Bool, _ mask: inout RowMask
    ) throws(SQLError) {
        let vector = operands[0].vector
        if operands.contains(where: { $0.vector.isNullConstant }) { return mask.dropAll() }
        switch node.operation {
        case .comparison(let op):
            let type = program.nodes[node.operands[0]].type
            CompareKernels.keep(isNegated ? op.negated : op, operands[0], operands[1], type: type, mask: &mask)
        case .inRange(let range, let negated):
            vector.keepRows(in: range, isNegated: negated != isNegated, mask: &mask)
        case .inSet(let set, let negated): set.keep(vector, isNegated: negated != isNegated, mask: &mask)
        case .match(let matcher, let negated): matcher.keep(vector, isNegated: negated != isNegated, mask: &mask)
        case .matchDynamic(let kind, let negated):
            try matchDynamic(index, kind, vector, operands[1].vector, isNegated: negated != isNegated, &mask)
        default: throw .internalError("\(node.operation) is no predicate")
        }
    }

    private func matchDynamic(
        _ index: Int, _ kind: ExpressionNode.Match, _ text: Vector, _ pattern: Vector, isNegated: Bool,
        _ mask: inout RowMask
    ) throws(SQLError) {
        let texts = text.stringLanes()
        let patterns = pattern.stringLanes()
        for row in 0..<mask.count where mask[row] {
            let matcher = try dynamicMatcher(index, kind, patterns[row])
            if matcher.matches(texts[row]) == isNegated { mask[row] = false }
        }
        withExtendedLifetime((texts, patterns)) {}
    }

    private func dynamicMatcher(
        _ index: Int, _ kind: ExpressionNode.Match, _ pattern: StringView
    ) throws(SQLError) -> PatternMatcher {
        if let known = dynamicMatchers[index], known.pattern.elementsEqual(pattern.bytes) { return known.matcher }
        let bytes = Array(pattern.bytes)
        let matcher = try PatternMatcher(kind, pattern: bytes)
        dynamicMatchers[index] = (bytes, matcher)
        return matcher
    }

    /// IS NULL, IS TRUE and their kin on values that are there already.
    func applyNeverNull(_ operation: ExpressionProgram.Operation, _ vector: Vector, _ mask: inout RowMask) {
        switch operation {
        case .isNull(let isNegated):
            if isNegated { vector.keepValid(mask: &mask) } else { vector.keepNulls(mask: &mask) }
        case .isBoolean(let value, let isNegated):
            var matching = mask
            vector.keepValid(mask: &matching)
            let integer: Int64 = value ? 1 : 0
            if !vector.isNullConstant {
                vector.keepRows(in: IntegerRange(lower: integer, upper: integer), isNegated: false, mask: &matching)
            }
            if isNegated { mask.subtract(matching) } else { mask = matching }
        default: assertionFailure("\(operation) may be null")
        }
    }
}
