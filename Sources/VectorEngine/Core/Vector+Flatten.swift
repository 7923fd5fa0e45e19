package import SQLTypes

extension Vector {
    /// The same rows as natural-width values (`flat`; `views` for bytes) from offset 0. A constant null becomes fillers
    /// with a validity of zeros.
    package func flattened() -> Vector {
        switch form {
        case .flat where offset == 0, .views where offset == 0: return self
        default: break
        }
        if case .float32 = kind, case .flat(let buffer) = form {
            let values = Vector.copied(Float.self, buffer, offset: offset, count: count)
            return Vector(kind: kind, count: count, form: .flat(values), validity: validityFromZero())
        }
        switch kind {
        case .int8, .int16, .int32, .int64, .int128: return flatIntegers(of: kind)
        case .float32:
            var value: Float = 0
            if case .constant(let constant) = form { value = Float(constant.storedDouble ?? 0) }
            let values = Buffer(count: count, of: Float.self) { $0.update(repeating: value) }
            return Vector(kind: kind, count: count, form: .flat(values), validity: validityFromZero())
        case .float64:
            let values = Buffer(count: count, of: Double.self) { target in
                if let target = target.baseAddress { copyDoubles(to: target) }
            }
            return Vector(kind: kind, count: count, form: .flat(values), validity: validityFromZero())
        case .bytes:
            var owners: [Buffer] = []
            let views = Buffer(count: count, of: StringView.self) { target in
                if let target = target.baseAddress { owners = copyViews(to: target) }
            }
            return Vector(kind: kind, count: count, form: .views(views, owners: owners), validity: validityFromZero())
        }
    }

    /// The same integers in a wider kind, flat or constant; the vector itself if it is of that kind already. `kind`
    /// must not be narrower.
    package func widened(to kind: StorageKind) -> Vector {
        if self.kind == kind { return self }
        precondition(kind.isInteger && self.kind.isInteger, "\(self.kind) is not widened to \(kind)")
        if case .constant(let value) = form { return .constant(value, kind: kind, count: count) }
        return flatIntegers(of: kind)
    }

    /// Integers in a kind that is wide enough for them.
    private func flatIntegers(of kind: StorageKind) -> Vector {
        let buffer =
            switch kind {
            case .int8: integers(as: Int8.self)
            case .int16: integers(as: Int16.self)
            case .int32: integers(as: Int32.self)
            case .int64: integers(as: Int64.self)
            case .int128: integers(as: Int128.self)
            case .float32, .float64, .bytes: preconditionFailure("integers of \(kind)")
            }
        return Vector(kind: kind, count: count, form: .flat(buffer), validity: validityFromZero())
    }

    private func integers<T: FixedWidthInteger & SignedInteger & BitwiseCopyable>(as type: T.Type) -> Buffer {
        Buffer(count: count, of: T.self) { target in
            if let target = target.baseAddress { copyIntegers(to: target) }
        }
    }

    /// The validity of these rows in a buffer that starts with row 0; nil if no row is null.
    func validityFromZero() -> Buffer? {
        guard let validity else {
            return mayHaveNulls ? Buffer(count: count, of: UInt8.self) { _ in } : nil
        }
        return offset == 0 ? validity : Vector.copied(UInt8.self, validity, offset: offset, count: count)
    }

    /// The validity byte of row 0 and those behind it; nil if no row is null, and for constants.
    var validityPointer: UnsafePointer<UInt8>? {
        validity.map { $0.pointer(as: UInt8.self) + offset }
    }

    var isNullConstant: Bool {
        if case .constant(.null) = form { true } else { false }
    }

    static func copied<T: BitwiseCopyable>(_ type: T.Type, _ source: Buffer, offset: Int, count: Int) -> Buffer {
        let start = source.pointer(as: T.self) + offset
        return Buffer(count: count, of: T.self) { target in
            target.baseAddress?.update(from: start, count: count)
        }
    }
}
