import SQLTypes

@testable import VectorEngine

/// SQL's rules on single values, written for plainness: what the kernels are compared with.
enum Reference {
    static func value(_ node: ExpressionNode, _ row: [SQLValue]) throws(SQLError) -> SQLValue {
        switch node {
        case .column(let position, _): return row[position]
        case .literal(let value, _): return value
        case .cast(let operand, let type, let isTry):
            let below = try value(operand, row)
            do {
                return try below.cast(from: operand.type, to: type, context: .explicit)
            } catch {
                if isTry { return .null }
                throw error
            }
        case .arithmetic(let op, let left, let right, let type):
            return try arithmetic(op, try value(left, row), try value(right, row), type)
        case .arithmeticChain(let first, let terms, let type):
            var result = try value(first, row)
            for term in terms { result = try arithmetic(term.operation, result, try value(term.operand, row), type) }
            return result
        case .negate(let operand):
            let zero: SQLValue =
                operand.type.isFloat
                ? .double(0)
                : operand.type.isDecimal
                    ? .decimal(Decimal(unscaled: 0, scale: operand.type.scale)) : .integer(0)
            return try arithmetic(.subtract, zero, try value(operand, row), operand.type)
        case .comparison(let op, let left, let right):
            guard let order = SQLValue.compare(try value(left, row), try value(right, row)) else { return .null }
            return .boolean(holds(op, order))
        case .and(let terms):
            var isUnknown = false
            for term in terms {
                let below = try value(term, row)
                if below == .boolean(false) { return below }
                isUnknown = isUnknown || below.isNull
            }
            return isUnknown ? .null : .boolean(true)
        case .or(let terms):
            var isUnknown = false
            for term in terms {
                let below = try value(term, row)
                if below == .boolean(true) { return below }
                isUnknown = isUnknown || below.isNull
            }
            return isUnknown ? .null : .boolean(false)
        case .not(let operand):
            let below = try value(operand, row)
            return below.isNull ? .null : .boolean(below == .boolean(false))
        case .isNull(let operand, let isNegated): return .boolean(try value(operand, row).isNull != isNegated)
        case .isBoolean(let operand, let wanted, let isNegated):
            return .boolean((try value(operand, row) == .boolean(wanted)) != isNegated)
        case .inList(let operand, let values, let isNegated):
            let below = try value(operand, row)
            if below.isNull { return .null }
            return .boolean(values.contains { SQLValue.compare($0, below) == .equal } != isNegated)
        case .match(let operand, let pattern, let kind, let isNegated):
            guard case .string(let text) = try value(operand, row), case .string(let like) = try value(pattern, row)
            else {
                return .null
            }
            guard case .like(let escape) = kind else { throw .internalError("no reference for \(kind)") }
            return .boolean(
                isLike(
                    Array(String(decoding: text, as: UTF8.self).unicodeScalars),
                    Array(String(decoding: like, as: UTF8.self).unicodeScalars), escape) != isNegated)
        case .caseWhen(let branches, let otherwise, _):
            for branch in branches where try value(branch.condition, row) == .boolean(true) {
                return try value(branch.result, row)
            }
            return try otherwise.map { node throws(SQLError) in try value(node, row) } ?? .null
        case .call: throw .internalError("no reference for calls")
        }
    }

    static func holds(_ op: ExpressionNode.Comparison, _ order: SQLOrdering) -> Bool {
        switch op {
        case .equal: order == .equal
        case .notEqual: order != .equal
        case .less: order == .less
        case .lessOrEqual: order != .greater
        case .greater: order == .greater
        case .greaterOrEqual: order != .less
        }
    }

    private static func arithmetic(
        _ op: ExpressionNode.Arithmetic, _ left: SQLValue, _ right: SQLValue, _ type: SQLType
    ) throws(SQLError) -> SQLValue {
        switch (left, right) {
        case (.null, _), (_, .null): return .null
        case (.integer(let a), .integer(let b)):
            if b == 0, op == .divide || op == .modulo { throw .divisionByZero }
            let (x, y) = (Int128(a), Int128(b))
            let exact =
                switch op {
                case .add: x + y
                case .subtract: x - y
                case .multiply: x * y
                case .divide: x / y
                case .modulo: x % y
                }
            guard let narrow = Int64(exactly: exact), type.integerRange.contains(narrow) else {
                throw .outOfRange(type)
            }
            return .integer(narrow)
        case (.decimal(let a), .decimal(let b)):
            guard case .decimal(let precision, let scale) = type else { throw .internalError("\(type)") }
            return .decimal(try Decimal.apply(decimal(op), a, b, result: (precision, scale)))
        case (.double(let a), .double(let b)):
            if b == 0, op == .divide || op == .modulo { throw .divisionByZero }
            let result =
                switch op {
                case .add: a + b
                case .subtract: a - b
                case .multiply: a * b
                case .divide: a / b
                case .modulo: a.truncatingRemainder(dividingBy: b)
                }
            if !result.isFinite, a.isFinite, b.isFinite { throw .outOfRange(type) }
            return .double(result)
        default: throw .internalError("\(left) \(op) \(right)")
        }
    }

    static func decimal(_ op: ExpressionNode.Arithmetic) -> ArithmeticOperator {
        switch op {
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .divide: .divide
        case .modulo: .modulo
        }
    }

    /// LIKE by trying everything.
    private static func isLike(_ text: [Unicode.Scalar], _ pattern: [Unicode.Scalar], _ escape: UInt8?) -> Bool {
        guard let head = pattern.first else { return text.isEmpty }
        let rest = Array(pattern.dropFirst())
        if head == "%" {
            return (0...text.count).contains { isLike(Array(text[$0...]), rest, escape) }
        }
        guard let first = text.first else { return false }
        if head == "_" { return isLike(Array(text.dropFirst()), rest, escape) }
        if let escape, head.value == UInt32(escape), let literal = rest.first {
            return first == literal && isLike(Array(text.dropFirst()), Array(rest.dropFirst()), escape)
        }
        return first == head && isLike(Array(text.dropFirst()), rest, escape)
    }
}

/// The same rows in every form that a vector of their kind can have.
enum VectorForms {
    static func all(_ values: [SQLValue], type: SQLType, random: inout SplitMix64) -> [(name: String, vector: Vector)] {
        var forms: [(String, Vector)] = []
        // Rows around the ones wanted, so that the offset is not 0.
        let margin = 1 + random.below(5)
        let filler = [SQLValue](repeating: values.first ?? .null, count: margin)
        let padded = filler + values + filler
        let range = margin..<margin + values.count
        forms.append(("flat", Vector.of(values, type: type)))
        forms.append(("sliced", Vector.of(padded, type: type).slice(range)))
        if type.storage == .bytes {
            forms.append(("dictionary", dictionary(values)))
            forms.append(("sliced dictionary", dictionary(padded).slice(range)))
        }
        if type.storage.isInteger, type.storage != .int128 {
            if let coded = coded(values, type) { forms.append(("coded", coded)) }
            if let coded = coded(padded, type) { forms.append(("sliced coded", coded.slice(range))) }
        }
        if Set(values).count == 1, let value = values.first {
            forms.append(("constant", .constant(value, kind: type.storage, count: values.count)))
        }
        return forms
    }

    private static func validity(_ values: [SQLValue]) -> Buffer? {
        values.contains(.null) ? Buffer(values.map { $0.isNull ? UInt8(0) : 1 }) : nil
    }

    private static func dictionary(_ values: [SQLValue]) -> Vector {
        var entries: [[UInt8]] = [Array("never used".utf8)]
        var codes: [UInt8] = []
        for value in values {
            let bytes = value.storedBytes ?? entries[0]
            if let known = entries.firstIndex(of: bytes) {
                codes.append(UInt8(known))
            } else {
                codes.append(UInt8(entries.count))
                entries.append(bytes)
            }
        }
        var arena = StringArena()
        let views = entries.map { entry in entry.withUnsafeBufferPointer { arena.copy($0) } }
        return Vector(
            kind: .bytes, count: values.count,
            form: .dictionary(.u8(Buffer(codes)), StringDictionary(views: Buffer(views), owners: arena.seal())),
            validity: validity(values))
    }

    private static func coded(_ values: [SQLValue], _ type: SQLType) -> Vector? {
        let integers = values.map { $0.storedInteger(as: type.storage) }
        guard let lowest = integers.compactMap({ $0 }).min(), let highest = integers.compactMap({ $0 }).max(),
            let base = Int64(exactly: lowest)
        else { return nil }
        let codes = integers.map { ($0 ?? lowest) - lowest }
        let form: Codes
        switch highest - lowest {
        case ...0xFF: form = .u8(Buffer(codes.map { UInt8($0) }))
        case ...0xFFFF: form = .u16(Buffer(codes.map { UInt16($0) }))
        case ...0xFFFF_FFFF: form = .u32(Buffer(codes.map { UInt32($0) }))
        default: return nil
        }
        return Vector(
            kind: type.storage, count: values.count, form: .coded(form, base: base), validity: validity(values))
    }
}
