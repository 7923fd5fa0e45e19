package import SQLTypes

/// One column of a row group in the making: the rows of vectors of any form, in one plain form that the encoders take.
/// Belongs to one task at a time.
package final class ColumnChunk {
    package let kind: StorageKind
    package private(set) var count = 0
    package private(set) var nullCount = 0

    /// All kinds but int128 and bytes: the value sign-extended, a floating-point value's bits zero-extended.
    var words = GrowableBuffer<UInt64>()
    /// int128.
    var wide = GrowableBuffer<Int128>()
    /// bytes: the strings one after the other, and where each ends; both empty while the chunk has a dictionary.
    var text = GrowableBuffer<UInt8>()
    var ends = GrowableBuffer<UInt32>()
    /// bytes, as long as all rows came with this dictionary: their codes, and how many bytes the strings have.
    private(set) var dictionary: StringDictionary?
    private(set) var codes = GrowableBuffer<UInt32>()
    private var codedBytes = 0
    /// 1 = valid; empty until the first null comes.
    var validity = GrowableBuffer<UInt8>()

    package init(kind: StorageKind) { self.kind = kind }

    /// Bytes that the rows take unpacked, at their natural width.
    package var unpackedBytes: Int {
        count * (kind.width ?? MemoryLayout<StringView>.stride) + textByteCount + (nullCount > 0 ? count : 0)
    }

    /// Bytes of all strings.
    var textByteCount: Int { dictionary == nil ? text.count : codedBytes }

    /// Bytes that `append` would add to `unpackedBytes`, about. - Complexity: O(rows) for strings.
    package static func unpackedBytes(of vector: Vector) -> Int {
        if let width = vector.kind.width { return vector.count * width }
        var bytes = vector.count * MemoryLayout<StringView>.stride
        forEachView(vector) { bytes += $0.count }
        return bytes
    }

    /// Forgets the rows, keeps the memory.
    package func removeAll() {
        count = 0
        nullCount = 0
        words.count = 0
        wide.count = 0
        text.count = 0
        ends.count = 0
        validity.count = 0
        dictionary = nil
        codes.count = 0
        codedBytes = 0
    }

    package func append(_ vector: Vector) throws(SQLError) {
        guard vector.kind == kind else {
            throw .internalError("a column of \(vector.kind) for a chunk of \(kind)")
        }
        guard vector.count > 0 else { return }
        appendValidity(vector)
        switch kind {
        case .bytes: try appendStrings(vector)
        case .int128: appendWide(vector)
        case .int8, .int16, .int32, .int64, .float32, .float64: appendWords(vector)
        }
        count += vector.count
    }

    private func appendValidity(_ vector: Vector) {
        if case .constant(.null) = vector.form {
            extendValidity(to: count)
            for _ in 0..<vector.count { validity.append(0) }
            nullCount += vector.count
            return
        }
        guard let source = vector.validity else {
            if nullCount > 0 { extendValidity(to: count + vector.count) }
            return
        }
        let bytes = UnsafeBufferPointer(start: source.pointer(as: UInt8.self) + vector.offset, count: vector.count)
        let valid = bytes.reduce(0) { $0 + Int($1 & 1) }
        guard valid < vector.count || nullCount > 0 else { return }
        extendValidity(to: count)
        validity.append(contentsOf: bytes)
        nullCount += vector.count - valid
    }

    private func extendValidity(to count: Int) {
        validity.reserve(count)
        while validity.count < count { validity.append(1) }
    }

    private func appendWords(_ vector: Vector) {
        words.reserve(count + vector.count)
        let target = words.pointer + count
        let offset = vector.offset
        let rows = vector.count
        switch vector.form {
        case .flat(let buffer):
            switch kind {
            case .int8: extend(buffer.pointer(as: Int8.self) + offset, to: target, rows)
            case .int16: extend(buffer.pointer(as: Int16.self) + offset, to: target, rows)
            case .int32: extend(buffer.pointer(as: Int32.self) + offset, to: target, rows)
            case .float32: extend(buffer.pointer(as: UInt32.self) + offset, to: target, rows)
            case .int64, .float64, .int128, .bytes: extend(buffer.pointer(as: UInt64.self) + offset, to: target, rows)
            }
        case .coded(.u8(let buffer), let base): add(base, to: buffer.pointer(as: UInt8.self) + offset, target, rows)
        case .coded(.u16(let buffer), let base): add(base, to: buffer.pointer(as: UInt16.self) + offset, target, rows)
        case .coded(.u32(let buffer), let base): add(base, to: buffer.pointer(as: UInt32.self) + offset, target, rows)
        case .constant(let value):
            target.update(repeating: word(of: value), count: rows)
        case .dictionary, .views: preconditionFailure("strings in a vector of \(kind)")
        }
        words.count = count + rows
    }

    private func word(of value: SQLValue) -> UInt64 {
        switch kind {
        case .float32: UInt64(Float(value.storedDouble ?? 0).bitPattern)
        case .float64: (value.storedDouble ?? 0).bitPattern
        case .int8, .int16, .int32, .int64, .int128, .bytes:
            UInt64(truncatingIfNeeded: value.storedInteger(as: kind) ?? 0)
        }
    }

    private func appendWide(_ vector: Vector) {
        wide.reserve(count + vector.count)
        let target = wide.pointer + count
        switch vector.form {
        case .flat(let buffer):
            target.update(from: buffer.pointer(as: Int128.self) + vector.offset, count: vector.count)
        case .constant(let value):
            target.update(repeating: value.storedInteger(as: kind) ?? 0, count: vector.count)
        case .coded, .dictionary, .views: preconditionFailure("form of a vector of int128")
        }
        wide.count = count + vector.count
    }

    private func appendStrings(_ vector: Vector) throws(SQLError) {
        if case .dictionary(_, let own) = vector.form, own.count > 0, count == 0 || own === dictionary {
            return appendCodes(vector, own)
        }
        try unfold()
        try appendText(vector)
    }

    private func appendCodes(_ vector: Vector, _ own: StringDictionary) {
        dictionary = own
        codes.reserve(count + vector.count)
        let target = codes.pointer + count
        vector.copyCodes(to: target)
        codes.count = count + vector.count
        let entries = own.entries
        let last = UInt32(truncatingIfNeeded: entries.count - 1)
        let valid = vector.validity.map { $0.pointer(as: UInt8.self) + vector.offset }
        var bytes = 0
        for row in 0..<vector.count {
            // The filler of a null row need not be a code.
            let code = Swift.min(target[row], last)
            target[row] = code
            let isValid = valid.map { $0[row] != 0 } ?? true
            bytes &+= isValid ? entries[Int(code)].count : 0
        }
        codedBytes += bytes
    }

    /// Gives up the dictionary: the strings of the rows so far as bytes.
    func unfold() throws(SQLError) {
        guard let dictionary else { return }
        let rows = codes.count
        let codesSoFar = exchange(&codes, with: GrowableBuffer()).seal()
        let valid = validity.count > 0 ? Buffer(Array(UnsafeBufferPointer(start: validity.pointer, count: rows))) : nil
        self.dictionary = nil
        codedBytes = 0
        let vector = Vector(
            kind: .bytes, count: rows, form: .dictionary(.u32(codesSoFar), dictionary), validity: valid)
        try appendText(vector)
    }

    /// Behind the rows that `ends` knows of.
    private func appendText(_ vector: Vector) throws(SQLError) {
        let first = ends.count
        // A null row's view is a filler, whose bytes nobody asks for.
        let valid = vector.validity.map { $0.pointer(as: UInt8.self) + vector.offset }
        var bytes = text.count
        var row = 0
        Self.forEachView(vector) { view in
            if valid.map({ $0[row] != 0 }) ?? true { bytes += view.count }
            row += 1
        }
        guard bytes < Int(UInt32.max) else {
            throw SQLError(.programLimitExceeded, "a row group with more than 4 GB of strings")
        }
        text.reserve(bytes)
        ends.reserve(first + vector.count)
        if case .views(let buffer, let owners) = vector.form, valid == nil {
            withExtendedLifetime(owners) { copyText(buffer.pointer(as: StringView.self) + vector.offset, vector.count) }
            return
        }
        // Pointers, not the properties: an access to those is checked each time.
        let textStart = text.pointer
        let endsStart = ends.pointer + first
        var end = text.count
        row = 0
        Self.forEachView(vector) { view in
            if valid.map({ $0[row] != 0 }) ?? true, let source = view.bytes.baseAddress {
                (textStart + end).update(from: source, count: view.count)
                end += view.count
            }
            endsStart[row] = UInt32(truncatingIfNeeded: end)
            row += 1
        }
        text.count = end
        ends.count = first + vector.count
    }

    /// Rows copied together: their bytes may lie anywhere in memory (a sort leaves them so), and the loads that fetch
    /// the first of each do not wait for one another.
    private static let rowsTogether = 32

    /// Rows that are all valid; there is room for them.
    private func copyText(_ views: UnsafePointer<StringView>, _ rows: Int) {
        let target = text.pointer
        let endsStart = ends.pointer + ends.count
        var end = text.count
        var row = 0
        var mismatch: UInt8 = 0
        while row < rows {
            let stop = Swift.min(row + ColumnChunk.rowsTogether, rows)
            for next in row..<stop {
                let view = views[next]
                mismatch |= (view.bytes.baseAddress?.pointee ?? 0) ^ UInt8(truncatingIfNeeded: view.prefix &>> 24)
            }
            for next in row..<stop {
                let bytes = views[next].bytes
                if let source = bytes.baseAddress { ColumnChunk.copy(source, bytes.count, to: target + end) }
                end &+= bytes.count
                endsStart[next] = UInt32(truncatingIfNeeded: end)
            }
            row = stop
        }
        precondition(mismatch == 0, "strings that have changed under their views")
        text.count = end
        ends.count += rows
    }

    /// Exactly `count` bytes, short strings without a call: two words that overlap.
    @inline(__always)
    private static func copy(_ source: UnsafePointer<UInt8>, _ count: Int, to target: UnsafeMutablePointer<UInt8>) {
        let from = UnsafeRawPointer(source)
        let to = UnsafeMutableRawPointer(target)
        if count >= 16, count <= 64 {
            var offset = 0
            while offset < count &- 16 {
                to.storeBytes(
                    of: from.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self), toByteOffset: offset,
                    as: SIMD16<UInt8>.self)
                offset &+= 16
            }
            to.storeBytes(
                of: from.loadUnaligned(fromByteOffset: count &- 16, as: SIMD16<UInt8>.self), toByteOffset: count &- 16,
                as: SIMD16<UInt8>.self)
        } else if count >= 8, count <= 16 {
            let head = from.loadUnaligned(as: UInt64.self)
            let tail = from.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
            to.storeBytes(of: head, as: UInt64.self)
            to.storeBytes(of: tail, toByteOffset: count &- 8, as: UInt64.self)
        } else {
            target.update(from: source, count: count)
        }
    }

    /// Calls `body` with each row's string, a null row's filler included; the views are valid during the call.
    @inline(__always)
    static func forEachView(_ vector: Vector, _ body: (StringView) -> Void) {
        let rows = vector.offset..<vector.offset + vector.count
        switch vector.form {
        case .views(let buffer, let owners):
            withExtendedLifetime((buffer, owners)) {
                let views = buffer.pointer(as: StringView.self)
                for row in rows { body(views[row]) }
            }
        case .dictionary(let codes, let dictionary):
            withExtendedLifetime((codes.buffer, dictionary)) {
                let entries = dictionary.entries
                for row in rows {
                    // A null row's code is a filler, which may lie outside an empty dictionary.
                    let code = codes[row]
                    body(code < entries.count ? entries[code] : StringView(nil, count: 0))
                }
            }
        case .constant(let value):
            (value.storedBytes ?? []).withUnsafeBufferPointer { bytes in
                let view = StringView(bytes.baseAddress, count: bytes.count)
                for _ in rows { body(view) }
            }
        case .flat, .coded: preconditionFailure("numbers in a vector of bytes")
        }
    }
}

@inline(__always)
private func extend<Value: FixedWidthInteger>(
    _ source: UnsafePointer<Value>, to target: UnsafeMutablePointer<UInt64>, _ count: Int
) {
    for row in 0..<count { target[row] = UInt64(truncatingIfNeeded: source[row]) }
}

@inline(__always)
private func add<Code: FixedWidthInteger & UnsignedInteger>(
    _ base: Int64, to source: UnsafePointer<Code>, _ target: UnsafeMutablePointer<UInt64>, _ count: Int
) {
    let base = UInt64(bitPattern: base)
    for row in 0..<count { target[row] = base &+ UInt64(truncatingIfNeeded: source[row]) }
}
