package import SQLTypes

/// A column of a batch, or of a whole row group: `count` values of one storage kind, immutable.
///
/// Values stay as narrow as storage handed them out. All forms of one kind mean the same to an operator, and every kernel
/// takes any of them (those it has no fast path for, through `flattened()`).
///
///     form          holds                                          kinds
///     flat          natural-width values                           all but bytes
///     coded         unsigned codes of 1, 2 or 4 bytes;             int8 … int64
///                   value = base + code
///     dictionary    codes of 1, 2 or 4 bytes into a dictionary     bytes
///     views         16-byte string views                           bytes
///     constant      one value for all rows                         all; the only form of an all-null vector
///
/// `offset` is the first row's position in the buffers: slicing a row group into batches copies nothing. The type of a
/// value (a date, a decimal of scale 2) is not here but in the plan.
package struct Vector: Sendable {
    package enum Form: Sendable {
        case flat(Buffer)
        case coded(Codes, base: Int64)
        case dictionary(Codes, StringDictionary)
        case views(Buffer, owners: [Buffer])
        case constant(SQLValue)
    }

    package let kind: StorageKind
    package let count: Int
    package let offset: Int
    package let form: Form
    /// One byte a row, 1 = valid, 0 = null, at the same offset; nil if no row is null. A null row's value is a filler that
    /// kernels may compute with. Constants carry no validity: their value says it.
    package let validity: Buffer?

    package init(kind: StorageKind, count: Int, offset: Int = 0, form: Form, validity: Buffer? = nil) {
        self.kind = kind
        self.count = count
        self.offset = offset
        self.form = form
        self.validity = validity
        assertInvariants()
    }

    package static func constant(_ value: SQLValue, kind: StorageKind, count: Int) -> Vector {
        Vector(kind: kind, count: count, form: .constant(value))
    }

    package static func nulls(kind: StorageKind, count: Int) -> Vector {
        Vector(kind: kind, count: count, form: .constant(.null))
    }

    /// Rows `range` of this vector, sharing its memory.
    package func slice(_ range: Range<Int>) -> Vector {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "rows \(range) of \(count)")
        return Vector(
            kind: kind, count: range.count, offset: offset + range.lowerBound, form: form, validity: validity)
    }

    /// False promises that no row is null; true promises nothing.
    package var mayHaveNulls: Bool {
        if case .constant(let value) = form { return value.isNull }
        return validity != nil
    }

    private func assertInvariants() {
        assert(count >= 0 && offset >= 0, "\(count) rows at \(offset)")
        assert(validity.map { $0.byteCount >= offset + count } ?? true, "validity shorter than the vector")
        switch form {
        case .flat(let buffer):
            assert(
                kind.width.map { buffer.byteCount >= (offset + count) * $0 } ?? false, "values shorter than the vector")
        case .coded(let codes, _):
            assert(kind.isInteger && kind != .int128, "codes for \(kind)")
            assert(codes.count >= offset + count, "codes shorter than the vector")
        case .dictionary(let codes, _):
            assert(kind == .bytes, "a dictionary of \(kind)")
            assert(codes.count >= offset + count, "codes shorter than the vector")
        case .views(let buffer, _):
            assert(
                kind == .bytes && buffer.count(of: StringView.self) >= offset + count, "views shorter than the vector")
        case .constant:
            assert(validity == nil, "a constant with validity")
        }
    }
}

/// Unsigned codes of one width.
package enum Codes: Sendable {
    case u8(Buffer)
    case u16(Buffer)
    case u32(Buffer)

    package var buffer: Buffer {
        switch self {
        case .u8(let buffer), .u16(let buffer), .u32(let buffer): buffer
        }
    }

    /// Bytes per code.
    package var width: Int {
        switch self {
        case .u8: 1
        case .u16: 2
        case .u32: 4
        }
    }

    package var count: Int { buffer.byteCount / width }

    package subscript(index: Int) -> Int {
        precondition(index >= 0 && index < count, "code \(index) of \(count)")
        return switch self {
        case .u8(let buffer): Int(buffer.pointer(as: UInt8.self)[index])
        case .u16(let buffer): Int(buffer.pointer(as: UInt16.self)[index])
        case .u32(let buffer): Int(buffer.pointer(as: UInt32.self)[index])
        }
    }
}

/// The distinct strings that codes of a vector stand for. Entries differ as stored; two that differ only in trailing blanks
/// are equal to SQL, and it is for the user of the dictionary to mind that.
///
/// Identity (`===`) says "same codes mean the same strings": operators keep what they worked out per entry (a LIKE result, a
/// group number) as long as the dictionary stays.
package final class StringDictionary: Sendable {
    /// One view per entry, into `owners`.
    package let views: Buffer
    package let owners: [Buffer]
    /// Bytes of all owners: at least those of the entries.
    let totalBytes: Int

    package init(views: Buffer, owners: [Buffer]) {
        self.views = views
        self.owners = owners
        totalBytes = owners.reduce(0) { $0 + $1.byteCount }
    }

    package var count: Int { views.count(of: StringView.self) }
    package var entries: UnsafeBufferPointer<StringView> { views.values(as: StringView.self) }
}
