import SQLTypes
import VectorEngine

/// CHAR and VARCHAR: the bytes are copied behind one another into the batch's own memory, the views point there.
final class StringColumnBuilder: ColumnBuilder {
    /// In bytes.
    private let length: Int
    private let isChar: Bool
    private let rules: FieldRules
    private let isNullable: Bool
    private var views: GrowableBuffer<StringView>
    private var validity: GrowableBuffer<UInt8>
    private var bytes: GrowableBuffer<UInt8>
    /// Filled before `bytes`: memory that views point to never moves, so a full buffer is put here.
    private var fullBuffers: [Buffer] = []
    /// Rows for which `bytes` was made, to guess how much the rest of the batch takes.
    private static let copyWidth = 16

    init(length: Int, isChar: Bool, rules: FieldRules, isNullable: Bool) {
        self.length = length
        self.isChar = isChar
        self.rules = rules
        self.isNullable = isNullable
        views = GrowableBuffer(capacity: CopyReader.rowsPerBatch)
        validity = GrowableBuffer(capacity: CopyReader.rowsPerBatch)
        bytes = GrowableBuffer(capacity: 0)
    }

    func append(_ block: RecordBlock, field: Int) {
        let count = block.count
        let first = views.count
        views.reserve(first + count)
        validity.reserve(first + count)
        reserveBytes(for: block, field: field)
        let starts = block.starts + field * block.stride
        let ends = starts + block.stride
        let isPlain = block.isASCII && !isChar && !rules.trimBlanks
        // A string of the marker's length may be the marker, an empty or blank one may be null: those are looked at.
        let markerLength = rules.nullMarker.count
        for row in 0..<count {
            let start = Int(starts[row])
            let count = Int(ends[row]) &- 1 &- start
            if isPlain, count <= length, count != markerLength, count > 0, !rules.blanksAsNull {
                put(block.base + start, count: count, at: first + row)
            } else {
                appendSlowly(row, block, field, at: first + row)
            }
        }
        views.count = first + count
        validity.count = first + count
    }

    /// Room for the field of all records of the block, without moving what is there.
    private func reserveBytes(for block: RecordBlock, field: Int) {
        let starts = block.starts + field * block.stride
        let ends = starts + block.stride
        var needed = 0
        for row in 0..<block.count { needed &+= Int(ends[row] &- starts[row]) }
        // Copies are made by 16 bytes; what they write too much needs room as well.
        needed += StringColumnBuilder.copyWidth
        guard bytes.capacity - bytes.count < needed else { return }
        let blocksPerBatch = max(1, CopyReader.rowsPerBatch / max(1, block.count))
        let fresh = GrowableBuffer<UInt8>(capacity: needed * min(blocksPerBatch, 4))
        let full = exchange(&bytes, with: fresh)
        if full.count > 0 { fullBuffers.append(full.seal()) }
    }

    @inline(__always)
    private func put(_ text: UnsafePointer<UInt8>, count: Int, at row: Int) {
        let target = bytes.pointer + bytes.count
        var offset = 0
        repeat {
            let part = UnsafeRawPointer(text + offset).loadUnaligned(as: SIMD16<UInt8>.self)
            UnsafeMutableRawPointer(target + offset).storeBytes(of: part, as: SIMD16<UInt8>.self)
            offset &+= StringColumnBuilder.copyWidth
        } while offset < count
        bytes.count &+= count
        views.pointer[row] = StringView(target, count: count)
        validity.pointer[row] = 1
    }

    private func putNull(_ row: Int, _ block: RecordBlock, _ field: Int, at index: Int) {
        if !isNullable { block.reject(row, field: field, ColumnBuilders.missingNotNull) }
        views.pointer[index] = StringView(nil, count: 0)
        validity.pointer[index] = 0
    }

    private func putFailure(_ row: Int, _ block: RecordBlock, _ field: Int, at index: Int, _ failure: RecordBlock.Failure) {
        block.reject(row, field: field, failure)
        views.pointer[index] = StringView(nil, count: 0)
        validity.pointer[index] = 0
    }

    @inline(never)
    private func appendSlowly(_ row: Int, _ block: RecordBlock, _ field: Int, at index: Int) {
        let raw = block.field(field, of: row)
        if isNull(raw) { return putNull(row, block, field, at: index) }
        var text = raw
        if rules.trimBlanks || isChar {
            text = UnsafeBufferPointer(rebasing: raw[..<UTF8Bytes.lengthWithoutTrailingBlanks(raw)])
        }
        if !block.isASCII, let invalid = UTF8Bytes.firstInvalidOffset(in: Span(_unsafeElements: text)) {
            guard let replacement = rules.replacement, !isChar else {
                return putFailure(row, block, field, at: index, invalidUTF8(text, at: invalid))
            }
            block.replaced[row] = 1
            let mended = StringColumnBuilder.replaceInvalid(text, with: replacement)
            return mended.withUnsafeBufferPointer { putChecked($0, row, block, field, at: index) }
        }
        putChecked(text, row, block, field, at: index)
    }

    /// Well-formed UTF-8, blanks already taken off.
    private func putChecked(
        _ text: UnsafeBufferPointer<UInt8>, _ row: Int, _ block: RecordBlock, _ field: Int, at index: Int
    ) {
        if isChar, !block.isASCII, let failure = multibyteFailure(text) {
            return putFailure(row, block, field, at: index, failure)
        }
        var count = text.count
        if count > length {
            let significant = UTF8Bytes.lengthWithoutTrailingBlanks(text)
            if rules.truncateColumns {
                count = UTF8Bytes.prefixLength(Span(_unsafeElements: text), limit: length)
            } else if significant <= length {
                count = length
            } else {
                let reason = isChar ? "Char length exceeds DDL length" : "String length exceeds DDL length"
                let failure = RecordBlock.Failure(code: .outOfRange, reason: reason, position: 0)
                return putFailure(row, block, field, at: index, failure)
            }
        }
        guard let start = text.baseAddress, count > 0 else {
            views.pointer[index] = StringView(nil, count: 0)
            validity.pointer[index] = 1
            return
        }
        let target = bytes.pointer + bytes.count
        target.update(from: start, count: count)
        bytes.count += count
        views.pointer[index] = StringView(target, count: count)
        validity.pointer[index] = 1
    }

    private func isNull(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        if rules.isNullMarker(text) { return true }
        if text.isEmpty { return rules.emptyAsNull || rules.blanksAsNull }
        return rules.blanksAsNull && text.allSatisfy(FieldRules.isBlank)
    }

    func truncate(to count: Int) {
        views.count = count
        validity.count = count
    }

    func seal() -> Vector {
        let count = views.count
        var hasNulls = false
        for row in 0..<count where validity.pointer[row] == 0 {
            hasNulls = true
            break
        }
        var owners = fullBuffers
        fullBuffers = []
        let used = exchange(&bytes, with: GrowableBuffer(capacity: 0))
        if used.count > 0 { owners.append(used.seal()) }
        let sealedViews = exchange(&views, with: GrowableBuffer(capacity: CopyReader.rowsPerBatch)).seal()
        var sealedValidity: Buffer?
        if hasNulls {
            sealedValidity = exchange(&validity, with: GrowableBuffer(capacity: CopyReader.rowsPerBatch)).seal()
        } else {
            validity.count = 0
        }
        return Vector(
            kind: .bytes, count: count, form: .views(sealedViews, owners: owners), validity: sealedValidity)
    }
}

// MARK: - What is wrong with a text

extension StringColumnBuilder {
    /// Each byte that is part of no well-formed sequence becomes `replacement`.
    static func replaceInvalid(_ text: UnsafeBufferPointer<UInt8>, with replacement: UInt8) -> [UInt8] {
        var mended = Array(text)
        var start = 0
        while start < mended.count,
            let offset = UTF8Bytes.firstInvalidOffset(in: mended.span.extracting(start..<mended.count))
        {
            mended[start + offset] = replacement
            start += offset + 1
        }
        return mended
    }

    private func multibyteFailure(_ text: UnsafeBufferPointer<UInt8>) -> RecordBlock.Failure? {
        guard let position = text.firstIndex(where: { $0 >= 0x80 }) else { return nil }
        let sequence = text[position...].prefix(4).prefix { $0 >= 0x80 }.map(StringColumnBuilder.hex).joined(separator: " ")
        return RecordBlock.Failure(
            code: .invalidUTF8,
            reason: "Multibyte character not supported for CHAR (Hint: Try using VARCHAR). Invalid char: \(sequence)",
            position: position)
    }

    /// - Source: Redshift developer guide, "Multibyte character load errors" for the numbers.
    private func invalidUTF8(_ text: UnsafeBufferPointer<UInt8>, at offset: Int) -> RecordBlock.Failure {
        let lead = text[offset]
        let expected = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1
        let tail = text[(offset + 1)...].prefix(expected - 1)
        let number =
            if lead >= 0xF8 && lead < 0xFE { 1 } else if lead < 0xC0 || lead >= 0xFE {
                3
            } else if tail.count < expected - 1 {
                2
            } else if tail.contains(where: { $0 & 0xC0 != 0x80 }) {
                4
            } else if lead == 0xED {
                5
            } else {
                8
            }
        let sequence = ([lead] + tail).map(StringColumnBuilder.hex).joined(separator: " ")
        return RecordBlock.Failure(
            code: .invalidUTF8,
            reason: "String contains invalid or unsupported UTF-8 codepoints. Bad UTF-8 hex sequence: \(sequence) "
                + "(error \(number))",
            position: offset)
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count < 2 ? "0" + digits : digits
    }
}
