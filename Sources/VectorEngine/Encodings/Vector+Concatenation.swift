package import SQLTypes

extension Vector {
    /// The rows of vectors of one kind, one after the other: a column chunk from its blocks. A single one is taken as it is;
    /// several become flat values or views.
    package static func concatenation(of vectors: [Vector], kind: StorageKind) throws(SQLError) -> Vector {
        if vectors.count == 1 { return vectors[0] }
        let count = vectors.reduce(0) { $0 + $1.count }
        let validity = concatenatedValidity(vectors, count)
        if kind == .bytes {
            let views = Buffer(count: count, of: StringView.self) { target in
                var row = 0
                for vector in vectors {
                    ColumnChunk.forEachView(vector) { view in
                        target[row] = view
                        row += 1
                    }
                }
            }
            return Vector(kind: kind, count: count, form: .views(views, owners: try owners(vectors)), validity: validity)
        }
        let chunk = ColumnChunk(kind: kind)
        for vector in vectors { try chunk.append(vector) }
        return Vector(kind: kind, count: count, form: .flat(chunk.flatValues()), validity: validity)
    }

    private static func concatenatedValidity(_ vectors: [Vector], _ count: Int) -> Buffer? {
        guard vectors.contains(where: \.mayHaveNulls) else { return nil }
        return Buffer(count: count, of: UInt8.self) { target in
            guard var next = target.baseAddress else { return }
            for vector in vectors {
                if let validity = vector.validity {
                    next.update(from: validity.pointer(as: UInt8.self) + vector.offset, count: vector.count)
                } else {
                    next.update(repeating: vector.mayHaveNulls ? 0 : 1, count: vector.count)
                }
                next += vector.count
            }
        }
    }

    /// What keeps the strings of all the vectors alive.
    private static func owners(_ vectors: [Vector]) throws(SQLError) -> [Buffer] {
        var all: [Buffer] = []
        for vector in vectors {
            switch vector.form {
            case .views(_, let owners): all.append(contentsOf: owners)
            case .dictionary(_, let dictionary): all.append(contentsOf: dictionary.owners)
            case .constant(.null): break
            case .constant, .flat, .coded: throw .internalError("strings that nobody owns in a concatenation")
            }
        }
        return all
    }
}

extension ColumnChunk {
    /// The rows at their natural width. Not for strings.
    func flatValues() -> Buffer {
        switch kind {
        case .int8: narrowed(UInt8.self)
        case .int16: narrowed(UInt16.self)
        case .int32, .float32: narrowed(UInt32.self)
        case .int64, .float64, .bytes: narrowed(UInt64.self)
        case .int128:
            Buffer(count: count, of: Int128.self) { $0.baseAddress?.update(from: wide.pointer, count: count) }
        }
    }

    private func narrowed<Value: FixedWidthInteger & BitwiseCopyable>(_: Value.Type) -> Buffer {
        Buffer(count: count, of: Value.self) { target in
            for row in 0 ..< target.count { target[row] = Value(truncatingIfNeeded: words[row]) }
        }
    }
}
