import SQLTypes

// DECIMAL arithmetic. Values are unscaled integers; a result whose type is stored in 128 bits stays in 64 as long as
// the batch's values fit.

extension ExpressionEvaluator {
    func decimalArithmetic(_ call: ArithmeticCall) throws(SQLError) -> Operand {
        guard case .decimal(let precision, let scale) = call.type else {
            throw .internalError("decimal arithmetic with result \(call.type)")
        }
        let leftScale = call.leftType.scale
        let rightScale = call.rightType.scale
        switch call.op {
        case .add, .subtract:
            guard scale == max(leftScale, rightScale) else { break }
            let left = scaledUp(call.left, by: scale - leftScale)
            let right = scaledUp(call.right, by: scale - rightScale)
            if let left, let right { return try exact(call, left, right, precision, scale) }
        case .multiply:
            if scale == leftScale + rightScale { return try exact(call, call.left, call.right, precision, scale) }
        case .divide, .modulo: break
        }
        return try decimalByRow(call, precision, scale)
    }

    /// The operand times 10^`digits`; nil if its bounds do not prove that this stays within 64 bits.
    private func scaledUp(_ operand: Operand, by digits: Int) -> Operand? {
        if digits == 0 { return operand }
        guard digits < PowersOfTen.int64.count else { return nil }
        let factor = Operand(
            .constant(.integer(PowersOfTen.int64[digits]), kind: .int64, count: operand.vector.count))
        guard let bounds = IntegerBounds.combine(.multiply, operand.bounds, factor.bounds) else { return nil }
        if case .constant(let value) = operand.vector.form, let integer = value.storedInteger(as: operand.vector.kind) {
            let scaled = Int64(truncatingIfNeeded: integer) &* PowersOfTen.int64[digits]
            return Operand(.constant(.integer(scaled), kind: .int64, count: operand.vector.count))
        }
        let values = WrappingArithmetic.apply(.multiply, operand.vector, factor.vector)
        let vector = Vector(
            kind: .int64, count: operand.vector.count, form: .flat(values), validity: operand.vector.validityFromZero())
        return Operand(vector, bounds: bounds)
    }

    /// Operands of which the plain integer operation gives the unscaled result.
    private func exact(
        _ call: ArithmeticCall, _ left: Operand, _ right: Operand, _ precision: Int, _ scale: Int
    ) throws(SQLError) -> Operand {
        // A type of more than 19 digits holds every 64-bit integer.
        let limits = IntegerBounds(of: call.type) ?? IntegerBounds(.min, .max)
        if let bounds = IntegerBounds.combine(call.op, left.bounds, right.bounds), bounds.isWithin(limits) {
            return call.result(WrappingArithmetic.apply(call.op, left.vector, right.vector), bounds)
        }
        if left.vector.kind != .int128, right.vector.kind != .int128 {
            let leftLanes = left.vector.int64Lanes()
            let rightLanes = right.vector.int64Lanes()
            let result = CheckedArithmetic.apply(call.op, leftLanes, rightLanes, count: call.count, limits: limits)
            if !result.hasOverflow { return call.result(result.values, limits) }
            let row = firstRow(call.count, call.validity, call.selection) { row in
                call.overflows(leftLanes[row], rightLanes[row], limits)
            }
            if row == nil { return call.result(result.values, nil) }
            if call.type.storage == .int64 { throw .decimalPrecisionOverflow }
        }
        return try wide(call, left, right, precision)
    }

    private func wide(
        _ call: ArithmeticCall, _ left: Operand, _ right: Operand, _ precision: Int
    ) throws(SQLError) -> Operand {
        let limit = Decimal.maximumUnscaled(precision: precision)
        let leftLanes = left.vector.int128Lanes()
        let rightLanes = right.vector.int128Lanes()
        let result = CheckedArithmetic.applyWide(call.op, leftLanes, rightLanes, count: call.count, limit: limit)
        if result.hasOverflow {
            let values = result.values.values(as: Int128.self)
            var isWide = false
            let row = firstRow(call.count, call.validity, call.selection) { row in
                let pair =
                    switch call.op {
                    case .add: leftLanes[row].addingReportingOverflow(rightLanes[row])
                    case .subtract: leftLanes[row].subtractingReportingOverflow(rightLanes[row])
                    default: leftLanes[row].multipliedReportingOverflow(by: rightLanes[row])
                    }
                isWide = pair.overflow
                return pair.overflow || values[row] > limit || values[row] < -limit
            }
            if row != nil { throw isWide ? .decimalOverflow(call.decimalOperation.name) : .decimalPrecisionOverflow }
        }
        if call.type.storage == .int64 {
            // The limits of the type are within 64 bits; only rows that do not count can have lost something.
            let source = result.values.values(as: Int128.self)
            let narrow = Buffer(count: call.count, of: Int64.self) { target in
                for row in 0..<call.count { target[row] = Int64(truncatingIfNeeded: source[row]) }
            }
            return call.result(narrow, nil)
        }
        return Operand(
            Vector(kind: .int128, count: call.count, form: .flat(result.values), validity: call.validity), bounds: nil)
    }

    /// Quotients, remainders, and results of another scale than the plain operation's: `Decimal` decides row by row.
    private func decimalByRow(
        _ call: ArithmeticCall, _ precision: Int, _ scale: Int
    ) throws(SQLError) -> Operand {
        let left = call.left.vector.int128Lanes()
        let right = call.right.vector.int128Lanes()
        let valid = call.validity?.pointer(as: UInt8.self)
        var magnitude: UInt128 = 0
        let values = try Buffer(count: call.count, of: Int128.self) { target throws(SQLError) in
            for row in 0..<call.count {
                if let valid, valid[row] == 0 { continue }
                if let selection = call.selection, !selection[row] { continue }
                let result = try Decimal.apply(
                    call.decimalOperation.operation, Decimal(unscaled: left[row], scale: call.leftType.scale),
                    Decimal(unscaled: right[row], scale: call.rightType.scale), result: (precision, scale))
                magnitude |= result.unscaled.magnitude
                target[row] = result.unscaled
            }
        }
        withExtendedLifetime((left, right, call.validity)) {}
        let wide = Vector(kind: .int128, count: call.count, form: .flat(values), validity: call.validity)
        guard magnitude <= UInt128(Int64.max) else { return Operand(wide, bounds: nil) }
        let source = values.values(as: Int128.self)
        let narrow = Buffer(count: call.count, of: Int64.self) { target in
            for row in 0..<call.count { target[row] = Int64(truncatingIfNeeded: source[row]) }
        }
        return call.result(narrow, nil)
    }
}

extension ArithmeticCall {
    var decimalOperation: (operation: ArithmeticOperator, name: String) {
        switch op {
        case .add: (.add, "addition")
        case .subtract: (.subtract, "subtraction")
        case .multiply: (.multiply, "multiplication")
        case .divide: (.divide, "division")
        case .modulo: (.modulo, "division")
        }
    }
}
