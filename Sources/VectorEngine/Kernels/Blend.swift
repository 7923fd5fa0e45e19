import SQLTypes

/// Puts one vector together from the rows of several: the branches of CASE, the arguments of COALESCE.
enum Blend {
    struct Piece {
        /// No two pieces of one blend have a row in common.
        let rows: RowMask
        let operand: Operand
    }

    /// Rows in no piece are null.
    static func combine(_ pieces: [Piece], kind: StorageKind, count: Int) -> Operand {
        if let first = pieces.first, pieces.count == 1, first.rows.keepsAll { return first.operand }
        if pieces.allSatisfy({ $0.operand.vector.isNullConstant }) {
            return Operand(.nulls(kind: kind, count: count))
        }
        let validity = validity(of: pieces, count)
        switch kind {
        case .bytes: return Operand(strings(pieces, count, validity), bounds: nil)
        case .float32: return Operand(floats(pieces, count, validity, as: Float.self, kind: kind), bounds: nil)
        case .float64: return Operand(floats(pieces, count, validity, as: Double.self, kind: kind), bounds: nil)
        case .int8: return integers(pieces, count, validity, as: Int8.self, kind: .int8)
        case .int16, .int32, .int64: return integers(pieces, count, validity, as: Int64.self, kind: .int64)
        case .int128:
            if pieces.allSatisfy({ $0.operand.bounds != nil || $0.operand.vector.isNullConstant }) {
                return integers(pieces, count, validity, as: Int64.self, kind: .int64)
            }
            return integers(pieces, count, validity, as: Int128.self, kind: .int128)
        }
    }

    private static func validity(of pieces: [Piece], _ count: Int) -> Buffer? {
        var valid = RowMask(count: count)
        valid.dropAll()
        for piece in pieces {
            var rows = piece.rows
            piece.operand.vector.keepValid(mask: &rows)
            valid.unite(rows)
        }
        if valid.keepsAll { return nil }
        return valid.withBytes { bytes in
            Buffer(count: bytes.count, of: UInt8.self) { _ = $0.update(fromContentsOf: bytes) }
        }
    }

    private static func integers<Value: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
        _ pieces: [Piece], _ count: Int, _ validity: Buffer?, as type: Value.Type, kind: StorageKind
    ) -> Operand {
        // Rows of no piece hold 0.
        var bounds: IntegerBounds? = IntegerBounds(0, 0)
        let values = Buffer(count: count, of: Value.self) { target in
            for piece in pieces where !piece.operand.vector.isNullConstant {
                bounds = union(bounds, piece.operand.bounds)
                let vector = piece.operand.vector
                if case .constant(let constant) = vector.form {
                    let value = Value(truncatingIfNeeded: constant.storedInteger(as: vector.kind) ?? 0)
                    piece.rows.withBytes { rows in
                        for row in 0..<count { target[row] = rows[row] != 0 ? value : target[row] }
                    }
                    continue
                }
                let source = Buffer(count: count, of: Value.self) { copy in
                    if let start = copy.baseAddress { vector.copyIntegers(to: start) }
                }
                copy(source.pointer(as: Value.self), piece.rows, to: target)
                withExtendedLifetime(source) {}
            }
        }
        return Operand(Vector(kind: kind, count: count, form: .flat(values), validity: validity), bounds: bounds)
    }

    private static func union(_ left: IntegerBounds?, _ right: IntegerBounds?) -> IntegerBounds? {
        guard let left, let right else { return nil }
        return IntegerBounds(min(left.lower, right.lower), max(left.upper, right.upper))
    }

    private static func floats<Value: BinaryFloatingPoint & BitwiseCopyable>(
        _ pieces: [Piece], _ count: Int, _ validity: Buffer?, as type: Value.Type, kind: StorageKind
    ) -> Vector {
        let values = Buffer(count: count, of: Value.self) { target in
            for piece in pieces where !piece.operand.vector.isNullConstant {
                let lanes = piece.operand.vector.doubleLanes()
                piece.rows.withBytes { rows in
                    for row in 0..<count where rows[row] != 0 { target[row] = Value(lanes[row]) }
                }
                withExtendedLifetime(lanes) {}
            }
        }
        return Vector(kind: kind, count: count, form: .flat(values), validity: validity)
    }

    private static func strings(_ pieces: [Piece], _ count: Int, _ validity: Buffer?) -> Vector {
        var owners: [Buffer] = []
        let views = Buffer(count: count, of: StringView.self) { target in
            for piece in pieces where !piece.operand.vector.isNullConstant {
                let lanes = piece.operand.vector.stringLanes()
                owners.append(contentsOf: lanes.owners)
                piece.rows.withBytes { rows in
                    for row in 0..<count where rows[row] != 0 { target[row] = lanes[row] }
                }
                withExtendedLifetime(lanes) {}
            }
        }
        return Vector(kind: .bytes, count: count, form: .views(views, owners: owners), validity: validity)
    }

    @inline(__always)
    private static func copy<Value: BitwiseCopyable>(
        _ source: UnsafePointer<Value>, _ rows: RowMask, to target: UnsafeMutableBufferPointer<Value>
    ) {
        rows.withBytes { rows in
            for row in 0..<rows.count { target[row] = rows[row] != 0 ? source[row] : target[row] }
        }
    }
}
