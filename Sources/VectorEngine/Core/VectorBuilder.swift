package import SQLTypes

/// Makes a vector value by value: constants, results of system tables, tests. Integers and floats become `flat`,
/// strings `views` whose bytes the vector owns. Belongs to one task.
package struct VectorBuilder: ~Copyable {
    package let kind: StorageKind
    package private(set) var count = 0
    /// Values of all kinds but bytes, at natural width.
    private var values: GrowableBuffer<UInt8>
    private var text: StringArena
    private var views: GrowableBuffer<StringView>
    private var validity: GrowableBuffer<UInt8>
    private var hasNull = false

    package init(kind: StorageKind, capacity: Int = 0) {
        self.kind = kind
        values = GrowableBuffer(capacity: capacity * (kind.width ?? 0))
        text = StringArena()
        views = GrowableBuffer(capacity: kind == .bytes ? capacity : 0)
        validity = GrowableBuffer(capacity: capacity)
    }

    /// The value has the vector's type; a number that the kind cannot carry is a caller's mistake.
    package mutating func append(_ value: SQLValue) {
        switch kind {
        case .int8, .int16, .int32, .int64, .int128:
            if let integer = value.storedInteger(as: kind) { append(integer: integer) } else { appendNull(value) }
        case .float32, .float64:
            if let double = value.storedDouble { append(double: double) } else { appendNull(value) }
        case .bytes:
            if let bytes = value.storedBytes {
                bytes.withUnsafeBufferPointer { append(bytes: $0) }
            } else {
                appendNull(value)
            }
        }
    }

    private mutating func appendNull(_ value: SQLValue) {
        precondition(value.isNull, "\(value) in a vector of \(kind)")
        appendNull()
    }

    package mutating func appendNull() {
        hasNull = true
        switch kind {
        case .int8, .int16, .int32, .int64, .int128, .float32, .float64:
            for _ in 0..<(kind.width ?? 0) { values.append(0) }
        case .bytes: views.append(StringView(nil, count: 0))
        }
        validity.append(0)
        count += 1
    }

    package mutating func append(integer: Int128) {
        switch kind {
        case .int8: appendRaw(Int8(exactly: integer))
        case .int16: appendRaw(Int16(exactly: integer))
        case .int32: appendRaw(Int32(exactly: integer))
        case .int64: appendRaw(Int64(exactly: integer))
        case .int128: appendRaw(Optional(integer))
        case .float32, .float64, .bytes: preconditionFailure("an integer in a vector of \(kind)")
        }
    }

    package mutating func append(double: Double) {
        precondition(kind == .float32 || kind == .float64, "a float in a vector of \(kind)")
        if kind == .float32 { appendRaw(Optional(Float(double))) } else { appendRaw(Optional(double)) }
    }

    package mutating func append(bytes: UnsafeBufferPointer<UInt8>) {
        precondition(kind == .bytes, "bytes in a vector of \(kind)")
        views.append(text.copy(bytes))
        validity.append(1)
        count += 1
    }

    private mutating func appendRaw<T: BitwiseCopyable>(_ value: T?) {
        guard let value else { preconditionFailure("an integer that does not fit \(kind)") }
        withUnsafeBytes(of: value) { values.append(contentsOf: $0.assumingMemoryBound(to: UInt8.self)) }
        validity.append(1)
        count += 1
    }

    package consuming func finish() -> Vector {
        let kind = self.kind
        let count = self.count
        let valid = hasNull ? validity.seal() : nil
        if kind == .bytes {
            return Vector(kind: kind, count: count, form: .views(views.seal(), owners: text.seal()), validity: valid)
        }
        return Vector(kind: kind, count: count, form: .flat(values.seal()), validity: valid)
    }
}

extension Vector {
    /// The values, which are of `type`, as a vector.
    package static func of(_ values: [SQLValue], type: SQLType) -> Vector {
        var builder = VectorBuilder(kind: type.storage, capacity: values.count)
        for value in values { builder.append(value) }
        return builder.finish()
    }
}
