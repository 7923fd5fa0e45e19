import SQLTypes

extension ExpressionEvaluator {
    func arithmetic(
        _ operations: [ExpressionNode.Arithmetic], _ node: ExpressionProgram.Node, _ batch: Batch,
        _ selection: RowMask?
    ) throws(SQLError) -> Operand {
        var result = try operand(node.operands[0], batch, selection)
        for (index, op) in operations.enumerated() {
            let right = try operand(node.operands[index + 1], batch, selection)
            // In a chain each result, of the chain's own type, is the next one's left side.
            let leftType = index == 0 ? program.nodes[node.operands[0]].type : node.type
            let rightType = program.nodes[node.operands[index + 1]].type
            result = try arithmetic(op, result, right, leftType, rightType, node, batch, selection)
        }
        return result
    }

    private func arithmetic(
        _ op: ExpressionNode.Arithmetic, _ left: Operand, _ right: Operand, _ leftType: SQLType,
        _ rightType: SQLType, _ node: ExpressionProgram.Node, _ batch: Batch, _ selection: RowMask?
    ) throws(SQLError) -> Operand {
        let (validity, isAllNull) = combinedValidity([left.vector, right.vector], count: batch.count)
        if isAllNull { return .nulls(node.type, count: batch.count) }
        let call = ArithmeticCall(
            op: op, left: left, right: right, leftType: leftType, rightType: rightType, type: node.type,
            count: batch.count, validity: validity, selection: selection)
        if call.leftType.isNumeric, call.rightType.isNumeric {
            if node.type.isFloat { return try floatArithmetic(call) }
            return node.type.isDecimal ? try decimalArithmetic(call) : try integerArithmetic(call)
        }
        return try DateArithmetic.apply(call, self)
    }

    func negation(
        _ node: ExpressionProgram.Node, _ batch: Batch, _ selection: RowMask?
    ) throws(SQLError) -> Operand {
        let right = try operand(node.operands[0], batch, selection)
        if right.vector.isNullConstant { return .nulls(node.type, count: batch.count) }
        if node.type.isFloat {
            let values = FloatArithmetic.apply(
                .subtract, Lanes(constant: -0.0), right.vector.doubleLanes(), count: batch.count
            ).values
            return floats(values, node.type, right.vector.validityFromZero(), batch.count)
        }
        if case .constant(.interval(let months, let days, let microseconds)) = right.vector.form {
            let negated = try Interval(months: months, days: days, microseconds: microseconds).negated()
            let value = SQLValue.interval(
                months: negated.months, days: negated.days, microseconds: negated.microseconds)
            return Operand(.constant(value, kind: node.type.storage, count: batch.count))
        }
        let zero = Operand(
            .constant(
                node.type.isDecimal ? .decimal(Decimal(unscaled: 0, scale: node.type.scale)) : .integer(0),
                kind: right.vector.kind, count: batch.count))
        let call = ArithmeticCall(
            op: .subtract, left: zero, right: right, leftType: node.type, rightType: node.type, type: node.type,
            count: batch.count, validity: right.vector.validityFromZero(), selection: selection)
        return node.type.isDecimal ? try decimalArithmetic(call) : try integerArithmetic(call)
    }

    /// SMALLINT, INTEGER, BIGINT (and what is stored like them): the result is of kind `int64` within the type's
    /// limits.
    func integerArithmetic(_ call: ArithmeticCall) throws(SQLError) -> Operand {
        let limits = IntegerBounds(of: call.type) ?? IntegerBounds(.min, .max)
        if call.op == .divide || call.op == .modulo { return try integerDivision(call, limits) }
        if let bounds = IntegerBounds.combine(call.op, call.left.bounds, call.right.bounds), bounds.isWithin(limits) {
            return call.result(WrappingArithmetic.apply(call.op, call.left.vector, call.right.vector), bounds)
        }
        let left = call.left.vector.int64Lanes()
        let right = call.right.vector.int64Lanes()
        let result = CheckedArithmetic.apply(call.op, left, right, count: call.count, limits: limits)
        if result.hasOverflow {
            let row = firstRow(call.count, call.validity, call.selection) { row in
                call.overflows(left[row], right[row], limits)
            }
            if row != nil { throw .outOfRange(call.type) }
            return call.result(result.values, nil)
        }
        return call.result(result.values, limits)
    }

    private func integerDivision(_ call: ArithmeticCall, _ limits: IntegerBounds) throws(SQLError) -> Operand {
        let left = call.left.vector.int64Lanes()
        let right = call.right.vector.int64Lanes()
        let result = CheckedArithmetic.divide(call.op, left, right, count: call.count)
        // Of a narrower type, the lowest value / −1 is past the type but not past 64 bits.
        let mayFail =
            result.hasOverflow
            || (call.op == .divide && limits.lower != .min && (right.values != nil || right.constant == -1))
        let row =
            !mayFail
            ? nil
            : firstRow(call.count, call.validity, call.selection) { row in
                right[row] == 0
                    || (call.op == .divide && right[row] == -1 && left[row] == limits.lower)
            }
        guard let row else { return call.result(result.values, IntegerBounds(.min, .max)) }
        throw right[row] == 0 ? .divisionByZero : .outOfRange(call.type)
    }

    private func floatArithmetic(_ call: ArithmeticCall) throws(SQLError) -> Operand {
        let left = call.left.vector.doubleLanes(scale: call.leftType.scale)
        let right = call.right.vector.doubleLanes(scale: call.rightType.scale)
        let result = FloatArithmetic.apply(call.op, left, right, count: call.count)
        let values = result.values.values(as: Double.self)
        let isReal = call.type == .real
        if result.isSuspect || isReal || call.op == .divide || call.op == .modulo {
            let row = firstRow(call.count, call.validity, call.selection) { row in
                if right[row] == 0, call.op == .divide || call.op == .modulo { return true }
                let isFinite = isReal ? Float(values[row]).isFinite : values[row].isFinite
                return !isFinite && left[row].isFinite && right[row].isFinite
            }
            if let row {
                if right[row] == 0, call.op == .divide || call.op == .modulo { throw .divisionByZero }
                throw .outOfRange(call.type)
            }
        }
        withExtendedLifetime((left, right)) {}
        return floats(result.values, call.type, call.validity, call.count)
    }

    /// Doubles as a vector of DOUBLE or REAL.
    func floats(_ doubles: Buffer, _ type: SQLType, _ validity: Buffer?, _ count: Int) -> Operand {
        guard type == .real else {
            return Operand(
                Vector(kind: .float64, count: count, form: .flat(doubles), validity: validity), bounds: nil)
        }
        let source = doubles.values(as: Double.self)
        let values = Buffer(count: count, of: Float.self) { target in
            for row in 0..<count { target[row] = Float(source[row]) }
        }
        return Operand(Vector(kind: .float32, count: count, form: .flat(values), validity: validity), bounds: nil)
    }
}

/// Both operands of an arithmetic node, computed, and what is known of the result.
struct ArithmeticCall {
    let op: ExpressionNode.Arithmetic
    let left: Operand
    let right: Operand
    let leftType: SQLType
    let rightType: SQLType
    let type: SQLType
    let count: Int
    /// Of the result; neither operand is the constant NULL.
    let validity: Buffer?
    let selection: RowMask?

    /// `values`: 64-bit integers.
    func result(_ values: Buffer, _ bounds: IntegerBounds?) -> Operand {
        Operand(
            Vector(kind: .int64, count: count, form: .flat(values), validity: validity),
            bounds: bounds ?? IntegerBounds(.min, .max))
    }

    func overflows(_ left: Int64, _ right: Int64, _ limits: IntegerBounds) -> Bool {
        let pair =
            switch op {
            case .add: left.addingReportingOverflow(right)
            case .subtract: left.subtractingReportingOverflow(right)
            default: left.multipliedReportingOverflow(by: right)
            }
        return pair.overflow || pair.partialValue < limits.lower || pair.partialValue > limits.upper
    }
}
