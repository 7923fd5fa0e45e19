import SQLTypes

// Picking rows by number. A form stays what it is: codes are gathered as codes, dictionaries and string bytes are
// shared.

extension Vector {
    /// In a list of row numbers for `gatheredOrNull`: no row, a null comes out.
    package static let noRow = UInt32.max

    /// Row `rows[i]` of this vector as row i of the result.
    package func gathered(_ rows: Span<UInt32>) -> Vector {
        if case .constant(let value) = form { return .constant(value, kind: kind, count: rows.count) }
        let validity = validity.map { Vector.gather(UInt8.self, from: $0, offset: offset, rows) }
        return Vector(kind: kind, count: rows.count, form: gatheredForm(rows), validity: validity)
    }

    /// The same, and `noRow` gives null: the build side of an outer join.
    package func gatheredOrNull(_ rows: Span<UInt32>) -> Vector {
        guard count > 0 else { return .nulls(kind: kind, count: rows.count) }
        var missing = false
        for index in rows.indices { missing = missing || rows[index] == Vector.noRow }
        guard missing else { return gathered(rows) }
        if case .constant(let value) = form { return gatheredOrNull(constant: value, rows) }
        let clamped = [UInt32](unsafeUninitializedCapacity: rows.count) { target, filled in
            for index in rows.indices { target[index] = rows[index] == Vector.noRow ? 0 : rows[index] }
            filled = rows.count
        }
        let offset = self.offset
        let source = validity?.pointer(as: UInt8.self)
        let valid = Buffer(count: rows.count, of: UInt8.self) { target in
            for index in rows.indices {
                let row = rows[index]
                target[index] = row == Vector.noRow ? 0 : source.map { $0[offset + Int(row)] } ?? 1
            }
        }
        return Vector(kind: kind, count: rows.count, form: gatheredForm(clamped.span), validity: valid)
    }

    private func gatheredOrNull(constant value: SQLValue, _ rows: Span<UInt32>) -> Vector {
        var builder = VectorBuilder(kind: kind, capacity: rows.count)
        for index in rows.indices { builder.append(rows[index] == Vector.noRow ? .null : value) }
        return builder.finish()
    }

    private func gatheredForm(_ rows: Span<UInt32>) -> Form {
        switch form {
        case .flat(let buffer):
            switch kind {
            case .int8: .flat(Vector.gather(UInt8.self, from: buffer, offset: offset, rows))
            case .int16: .flat(Vector.gather(UInt16.self, from: buffer, offset: offset, rows))
            case .int32, .float32: .flat(Vector.gather(UInt32.self, from: buffer, offset: offset, rows))
            case .int64, .float64: .flat(Vector.gather(UInt64.self, from: buffer, offset: offset, rows))
            case .int128: .flat(Vector.gather(Int128.self, from: buffer, offset: offset, rows))
            case .bytes: preconditionFailure("a flat vector of bytes")
            }
        case .coded(let codes, let base): .coded(codes.gathered(offset: offset, rows), base: base)
        case .dictionary(let codes, let dictionary): .dictionary(codes.gathered(offset: offset, rows), dictionary)
        case .views(let buffer, let owners):
            .views(Vector.gather(StringView.self, from: buffer, offset: offset, rows), owners: owners)
        case .constant(let value): .constant(value)
        }
    }

    static func gather<T: BitwiseCopyable>(
        _ type: T.Type, from buffer: Buffer, offset: Int, _ rows: Span<UInt32>
    ) -> Buffer {
        let source = buffer.pointer(as: T.self) + offset
        let limit = buffer.count(of: T.self) - offset
        return Buffer.filled(count: rows.count, of: T.self) { target in
            for index in rows.indices {
                let row = Int(rows[index])
                assert(row < limit, "row \(row) of \(limit)")
                target[index] = source[row]
            }
        }
    }
}

extension Codes {
    func gathered(offset: Int, _ rows: Span<UInt32>) -> Codes {
        switch self {
        case .u8(let buffer): .u8(Vector.gather(UInt8.self, from: buffer, offset: offset, rows))
        case .u16(let buffer): .u16(Vector.gather(UInt16.self, from: buffer, offset: offset, rows))
        case .u32(let buffer): .u32(Vector.gather(UInt32.self, from: buffer, offset: offset, rows))
        }
    }
}

extension Batch {
    /// Rows by number, in the order given.
    package func gathered(_ rows: Span<UInt32>) -> Batch {
        Batch(columns: columns.map { $0.gathered(rows) }, count: rows.count)
    }
}
