package import SQLTypes

extension Vector {
    /// The rows of all parts, one after the other. Stays narrow where the parts allow: equal constants, codes of one
    /// range that fits 32 bits, one shared dictionary. Complexity: O(rows).
    package static func concatenated(_ parts: [Vector], kind: StorageKind) -> Vector {
        assert(parts.allSatisfy { $0.kind == kind }, "parts of other kinds than \(kind)")
        let parts = parts.filter { $0.count > 0 }
        guard let first = parts.first else { return .nulls(kind: kind, count: 0) }
        if parts.count == 1 { return first }
        let count = parts.reduce(0) { $0 + $1.count }
        if case .constant(let value) = first.form, parts.allSatisfy({ $0.isConstant(value) }) {
            return .constant(value, kind: kind, count: count)
        }
        let validity = concatenatedValidity(parts, count: count)
        let form: Form
        switch kind {
        case .bytes: form = concatenatedStrings(parts, count: count)
        case .float64:
            form = .flat(
                Buffer(count: count, of: Double.self) { target in
                    forEachPart(parts, target) { part, target in part.copyDoubles(to: target) }
                })
        case .float32: form = .flat(concatenatedFloats(parts, count: count))
        case .int128: form = .flat(concatenatedFlat(Int128.self, parts, count: count))
        case .int8, .int16, .int32, .int64: form = concatenatedIntegers(parts, kind: kind, count: count)
        }
        return Vector(kind: kind, count: count, form: form, validity: validity)
    }

    private func isConstant(_ value: SQLValue) -> Bool {
        if case .constant(let own) = form { own == value } else { false }
    }

    private static func forEachPart<T>(
        _ parts: [Vector], _ target: UnsafeMutableBufferPointer<T>, _ copy: (Vector, UnsafeMutablePointer<T>) -> Void
    ) {
        guard let start = target.baseAddress else { return }
        var position = 0
        for part in parts {
            copy(part, start + position)
            position += part.count
        }
    }

    private static func concatenatedValidity(_ parts: [Vector], count: Int) -> Buffer? {
        guard parts.contains(where: \.mayHaveNulls) else { return nil }
        return Buffer(count: count, of: UInt8.self) { target in
            forEachPart(parts, target) { part, target in part.copyValidity(to: target) }
        }
    }

    private static func concatenatedFlat<T: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
        _ type: T.Type, _ parts: [Vector], count: Int
    ) -> Buffer {
        Buffer(count: count, of: T.self) { target in
            forEachPart(parts, target) { part, target in part.copyIntegers(to: target) }
        }
    }

    private static func concatenatedFloats(_ parts: [Vector], count: Int) -> Buffer {
        Buffer(count: count, of: Float.self) { target in
            forEachPart(parts, target) { part, target in
                switch part.form {
                case .flat(let buffer):
                    target.update(from: buffer.pointer(as: Float.self) + part.offset, count: part.count)
                case .constant(.real(let value)): target.update(repeating: value, count: part.count)
                default: break  // a constant null: the buffer is zeroed
                }
            }
        }
    }

    // MARK: Integers

    private static func concatenatedIntegers(_ parts: [Vector], kind: StorageKind, count: Int) -> Form {
        if let form = concatenatedCodes(parts, count: count, kind: kind) { return form }
        return switch kind {
        case .int8: .flat(concatenatedFlat(Int8.self, parts, count: count))
        case .int16: .flat(concatenatedFlat(Int16.self, parts, count: count))
        case .int32: .flat(concatenatedFlat(Int32.self, parts, count: count))
        default: .flat(concatenatedFlat(Int64.self, parts, count: count))
        }
    }

    /// nil unless all parts are coded and one base with codes of less than the kind's width serves all of them.
    private static func concatenatedCodes(_ parts: [Vector], count: Int, kind: StorageKind) -> Form? {
        var lowest = Int128(Int64.max)
        var highest = Int128(Int64.min)
        for part in parts {
            guard case .coded(let codes, let base) = part.form else { return nil }
            lowest = Swift.min(lowest, Int128(base))
            highest = Swift.max(highest, Int128(base) + Int128(codes.maximum(offset: part.offset, count: part.count)))
        }
        guard let base = Int64(exactly: lowest), let width = kind.width else { return nil }
        let range = highest - lowest
        if range <= Int128(UInt8.max) && width > 1 {
            return .coded(.u8(rebased(UInt8.self, parts, base: base, count: count)), base: base)
        }
        if range <= Int128(UInt16.max) && width > 2 {
            return .coded(.u16(rebased(UInt16.self, parts, base: base, count: count)), base: base)
        }
        if range <= Int128(UInt32.max) && width > 4 {
            return .coded(.u32(rebased(UInt32.self, parts, base: base, count: count)), base: base)
        }
        return nil
    }

    private static func rebased<C: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ type: C.Type, _ parts: [Vector], base: Int64, count: Int
    ) -> Buffer {
        Buffer(count: count, of: C.self) { target in
            forEachPart(parts, target) { part, target in
                guard case .coded(let codes, let own) = part.form else { return }
                let shift = C(truncatingIfNeeded: own &- base)
                switch codes {
                case .u8(let buffer): rebase(buffer.pointer(as: UInt8.self) + part.offset, shift, target, part.count)
                case .u16(let buffer): rebase(buffer.pointer(as: UInt16.self) + part.offset, shift, target, part.count)
                case .u32(let buffer): rebase(buffer.pointer(as: UInt32.self) + part.offset, shift, target, part.count)
                }
            }
        }
    }

    private static func rebase<S: UnsignedInteger & FixedWidthInteger, C: FixedWidthInteger>(
        _ source: UnsafePointer<S>, _ shift: C, _ target: UnsafeMutablePointer<C>, _ count: Int
    ) {
        for row in 0..<count { target[row] = C(truncatingIfNeeded: source[row]) &+ shift }
    }

    // MARK: Strings

    private static func concatenatedStrings(_ parts: [Vector], count: Int) -> Form {
        if case .dictionary(_, let dictionary) = parts[0].form, parts.allSatisfy({ $0.codes(of: dictionary) != nil }) {
            let codes = Buffer(count: count, of: UInt32.self) { target in
                forEachPart(parts, target) { part, target in part.copyCodes(to: target) }
            }
            return .dictionary(Codes.narrowest(codes, upTo: dictionary.count), dictionary)
        }
        if let joined = joinedDictionaries(parts, count: count) { return joined }
        var owners: [Buffer] = []
        var known: Set<ObjectIdentifier> = []
        let views = Buffer(count: count, of: StringView.self) { target in
            forEachPart(parts, target) { part, target in
                for owner in part.copyViews(to: target) where known.insert(ObjectIdentifier(owner)).inserted {
                    owners.append(owner)
                }
            }
        }
        return .views(views, owners: owners)
    }

    private func codes(of dictionary: StringDictionary) -> Codes? {
        if case .dictionary(let codes, let own) = form, own === dictionary { codes } else { nil }
    }
}

extension Codes {
    /// Codes below `limit`, in one byte each if that does; those of null rows may be cut.
    package init(narrowing codes: UnsafeBufferPointer<UInt16>, upTo limit: Int) {
        guard limit <= 1 << 8 else {
            self = .u16(
                Buffer(count: codes.count, of: UInt16.self) { target in _ = target.update(fromContentsOf: codes) })
            return
        }
        self = .u8(
            Buffer.filled(count: codes.count, of: UInt8.self) { target in
                for row in 0..<codes.count { target[row] = UInt8(truncatingIfNeeded: codes[row]) }
            })
    }

    func maximum(offset: Int, count: Int) -> UInt32 {
        func find<C: FixedWidthInteger & UnsignedInteger>(_ codes: UnsafePointer<C>) -> UInt32 {
            var largest: C = 0
            for row in offset..<offset + count { largest = Swift.max(largest, codes[row]) }
            return UInt32(truncatingIfNeeded: largest)
        }
        return switch self {
        case .u8(let buffer): find(buffer.pointer(as: UInt8.self))
        case .u16(let buffer): find(buffer.pointer(as: UInt16.self))
        case .u32(let buffer): find(buffer.pointer(as: UInt32.self))
        }
    }

    /// 32-bit codes below `limit`, stored in as few bytes as do. A null row's filler may be cut.
    static func narrowest(_ codes: Buffer, upTo limit: Int) -> Codes {
        func cut<C: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(_ type: C.Type) -> Buffer {
            let source = codes.values(as: UInt32.self)
            return Buffer(count: source.count, of: C.self) { target in
                for row in 0..<source.count { target[row] = C(truncatingIfNeeded: source[row]) }
            }
        }
        if limit <= 1 << 8 { return .u8(cut(UInt8.self)) }
        if limit <= 1 << 16 { return .u16(cut(UInt16.self)) }
        return .u32(codes)
    }
}

extension Batch {
    /// The rows of all parts; a wide type may come narrow in some. Column by column, with a look at whether the query is over before each.
    static func concatenated(
        _ parts: [Batch], kinds: [StorageKind], checkpoint: () throws(SQLError) -> Void
    ) throws(SQLError) -> Batch {
        var columns: [Vector] = []
        for (column, kind) in kinds.enumerated() {
            try checkpoint()
            let own = parts.map { $0.columns[column] }
            columns.append(Vector.concatenated(own.map { $0.kind == kind ? $0 : $0.widened(to: kind) }, kind: kind))
        }
        return Batch(columns: columns, count: parts.reduce(0) { $0 + $1.count })
    }

    /// The rows of all parts, one after the other; `kinds` says what the columns are if there is no part.
    package static func concatenated(_ parts: [Batch], kinds: [StorageKind]) -> Batch {
        assert(parts.allSatisfy { $0.columns.count == kinds.count }, "parts of unequal shape")
        if parts.count == 1 { return parts[0] }
        let columns = kinds.indices.map { column in
            Vector.concatenated(parts.map { $0.columns[column] }, kind: kinds[column])
        }
        return Batch(columns: columns, count: parts.reduce(0) { $0 + $1.count })
    }
}
