import SQLTypes

extension ExpressionEvaluator {
    func cast(
        _ node: ExpressionProgram.Node, isTry: Bool, _ batch: Batch, _ selection: RowMask?
    ) throws(SQLError) -> Operand {
        let source = program.nodes[node.operands[0]].type
        let below = try operand(node.operands[0], batch, selection)
        if below.vector.isNullConstant { return .nulls(node.type, count: batch.count) }
        if source == node.type { return below }
        if let same = try fastCast(below, source, node.type, isTry: isTry, batch.count, selection) { return same }
        return try castByRow(below, source, node.type, isTry: isTry, batch.count, selection)
    }

    /// nil leaves it to `castByRow`.
    private func fastCast(
        _ below: Operand, _ source: SQLType, _ target: SQLType, isTry: Bool, _ count: Int, _ selection: RowMask?
    ) throws(SQLError) -> Operand? {
        if source.storage == .bytes, target.storage == .bytes {
            return keepsStrings(source, target) ? below : nil
        }
        if target.isFloat, source.isNumeric {
            guard target == .double || source == .real else { return nil }
            let lanes = below.vector.doubleLanes(scale: source.scale)
            let values = Buffer(count: count, of: Double.self) { buffer in
                for row in 0..<count { buffer[row] = lanes[row] }
            }
            withExtendedLifetime(lanes) {}
            return floats(values, target, below.vector.validityFromZero(), count)
        }
        guard below.vector.kind != .int128, let change = CastKernels.integerChange(from: source, to: target),
            let bounds = below.bounds
        else { return nil }
        // A type of 128 bits holds every 64-bit integer.
        let limits = IntegerBounds(of: target) ?? IntegerBounds(.min, .max)
        return castIntegers(below, bounds, change, limits)
    }

    /// nil if some value may not fit: the slow path finds out which.
    private func castIntegers(
        _ below: Operand, _ bounds: IntegerBounds, _ change: CastKernels.IntegerChange, _ limits: IntegerBounds
    ) -> Operand? {
        let count = below.vector.count
        let validity = below.vector.validityFromZero()
        func mapped(_ bounds: IntegerBounds, _ transform: (Int64) -> Int64) -> Operand? {
            guard bounds.isWithin(limits) || limits.lower == 0 else { return nil }
            let lanes = below.vector.int64Lanes()
            let values = Buffer(count: count, of: Int64.self) { target in
                for row in 0..<count { target[row] = transform(lanes[row]) }
            }
            withExtendedLifetime(lanes) {}
            return Operand(
                Vector(kind: .int64, count: count, form: .flat(values), validity: validity), bounds: bounds)
        }
        switch change {
        case .none:
            // Values of another kind are passed on as they are; only a constant must be one of its type.
            if case .constant = below.vector.form { return nil }
            if bounds.isWithin(limits) { return below }
            return valuesWithin(limits, below) ? Operand(below.vector, bounds: limits) : nil
        case .multiply(let factor):
            if case .constant = below.vector.form { return nil }
            guard let product = IntegerBounds.combine(.multiply, bounds, IntegerBounds(factor, factor)),
                product.isWithin(limits)
            else { return checkedMultiply(below, factor, limits) }
            let values = WrappingArithmetic.apply(
                .multiply, below.vector, .constant(.integer(factor), kind: .int64, count: count))
            return Operand(
                Vector(kind: .int64, count: count, form: .flat(values), validity: validity), bounds: product)
        case .divideRounding(let divisor):
            let lower = CastKernels.divideRounding(bounds.lower, divisor)
            let upper = CastKernels.divideRounding(bounds.upper, divisor)
            return mapped(IntegerBounds(lower, upper)) { CastKernels.divideRounding($0, divisor) }
        case .divideFloor(let divisor):
            let lower = CivilDate.floorDivide(bounds.lower, divisor)
            let upper = CivilDate.floorDivide(bounds.upper, divisor)
            return mapped(IntegerBounds(lower, upper)) { CivilDate.floorDivide($0, divisor) }
        case .isNotZero: return mapped(IntegerBounds(0, 1)) { $0 != 0 ? 1 : 0 }
        }
    }

    private func checkedMultiply(_ below: Operand, _ factor: Int64, _ limits: IntegerBounds) -> Operand? {
        let result = CheckedArithmetic.apply(
            .multiply, below.vector.int64Lanes(), Lanes(constant: factor), count: below.vector.count, limits: limits)
        guard !result.hasOverflow else { return nil }
        let vector = Vector(
            kind: .int64, count: below.vector.count, form: .flat(result.values),
            validity: below.vector.validityFromZero())
        return Operand(vector, bounds: limits)
    }

    private func valuesWithin(_ limits: IntegerBounds, _ operand: Operand) -> Bool {
        var mask = RowMask(count: operand.vector.count)
        operand.vector.keepRows(
            in: IntegerRange(lower: limits.lower, upper: limits.upper), isNegated: false, mask: &mask)
        return mask.keepsAll
    }

    /// Bytes that stay what they are: a VARCHAR of at least that length, or TEXT.
    private func keepsStrings(_ source: SQLType, _ target: SQLType) -> Bool {
        switch (source, target) {
        case (.char(let from), .char(let to)), (.char(let from), .varchar(let to)),
            (.varchar(let from), .varchar(let to)), (.varbyte(let from), .varbyte(let to)):
            from <= to
        case (.catalog(.name), .varchar(let length)), (.catalog(.char), .varchar(let length)):
            length >= source.length ?? 0
        default: false
        }
    }

    private func castByRow(
        _ below: Operand, _ source: SQLType, _ target: SQLType, isTry: Bool, _ count: Int, _ selection: RowMask?
    ) throws(SQLError) -> Operand {
        let vector = normalised(below.vector, to: source.storage)
        if case .constant(let value) = vector.form {
            if let selection, !selection.keepsAny { return .nulls(target, count: count) }
            let result = try cast(value, source, target, isTry: isTry)
            return Operand(.constant(result, kind: target.storage, count: count))
        }
        var builder = VectorBuilder(kind: target.storage, capacity: count)
        for row in 0..<count {
            if let selection, !selection[row] {
                builder.appendNull()
            } else {
                builder.append(try cast(vector.value(at: row, as: source), source, target, isTry: isTry))
            }
        }
        return Operand(builder.finish())
    }

    private func cast(
        _ value: SQLValue, _ source: SQLType, _ target: SQLType, isTry: Bool
    ) throws(SQLError) -> SQLValue {
        do {
            return try value.cast(from: source, to: target, context: .explicit, dateTime: context.dateTime)
        } catch {
            if isTry, error.state != .cannotCoerce { return .null }
            throw error
        }
    }
}
