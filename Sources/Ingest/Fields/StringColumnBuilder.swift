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
    private var validity = ValidityBuilder()
    private var bytes: GrowableBuffer<UInt8>
    /// Filled before `bytes`: memory that views point to never moves, so a full buffer is put here.
    private var fullBuffers: [Buffer] = []

    /// Bytes per copy.
    private static let copyWidth = 16

    init(length: Int, isChar: Bool, rules: FieldRules, isNullable: Bool) {
        self.length = length
        self.isChar = isChar
        self.rules = rules
        self.isNullable = isNullable
        views = GrowableBuffer(capacity: CopyReader.rowsPerBatch)
        bytes = GrowableBuffer(capacity: 0)
    }

    /// Where the next row goes; lives for one block, so that the loop works on locals.
    private struct Output {
        var view: UnsafeMutablePointer<StringView>
        var valid: UnsafeMutablePointer<UInt8>
        var bytes: UnsafeMutablePointer<UInt8>

        /// May write up to `copyWidth` bytes too many, which the next string overwrites.
        @inline(__always)
        mutating func append(_ text: UnsafePointer<UInt8>, count: Int) {
            var offset = 0
            repeat {
                let part = UnsafeRawPointer(text + offset).loadUnaligned(as: SIMD16<UInt8>.self)
                UnsafeMutableRawPointer(bytes + offset).storeBytes(of: part, as: SIMD16<UInt8>.self)
                offset &+= StringColumnBuilder.copyWidth
            } while offset < count
            appendView(StringView(bytes, count: count), isValid: 1)
            bytes += count
        }

        @inline(__always)
        mutating func appendView(_ newView: StringView, isValid: UInt8) {
            view.pointee = newView
            valid.pointee = isValid
            view += 1
            valid += 1
        }

        mutating func appendFiller() { appendView(StringView(nil, count: 0), isValid: 0) }
    }

    func append(_ block: RecordBlock, field: Int) {
        let count = block.count
        let first = views.count
        views.reserve(first + count)
        views.count = first + count
        reserveBytes(for: block, field: field)
        let firstByte = bytes.pointer
        var output = Output(
            view: views.pointer + first, valid: validity.extend(from: first, by: count), bytes: firstByte + bytes.count)
        let starts = block.starts + field * block.stride
        let ends = starts + block.stride
        let base = block.base
        let blank = UInt8(ascii: " ")
        // Empty or blank strings, and those of the null marker's length, may be null; long ones are wrong; blanks at
        // the end may have to go: all these are looked at closely.
        let markerLength = rules.nullMarker.count
        let length = length
        let mayBeBlank = rules.blanksAsNull || rules.trimBlanks || isChar
        let isPlain = block.isASCII
        for row in 0..<count {
            let start = Int(starts[row])
            let size = Int(ends[row]) &- 1 &- start
            let isUsual = isPlain && size > 0 && size <= length && size != markerLength
            if isUsual, !mayBeBlank || base[start &+ size &- 1] > blank {
                output.append(base + start, count: size)
            } else {
                appendSlowly(row, block, field, to: &output)
            }
        }
        bytes.count = output.bytes - firstByte
    }

    /// Room for the field of all records of the block, without moving what is there.
    private func reserveBytes(for block: RecordBlock, field: Int) {
        let starts = block.starts + field * block.stride
        let ends = starts + block.stride
        var needed = StringColumnBuilder.copyWidth
        for row in 0..<block.count { needed &+= Int(ends[row] &- starts[row]) }
        guard bytes.capacity - bytes.count < needed else { return }
        let blocksPerBatch = CopyReader.rowsPerBatch / max(1, block.count) + 1
        let fresh = GrowableBuffer<UInt8>(capacity: needed * min(blocksPerBatch, 4))
        let full = exchange(&bytes, with: fresh)
        if full.count > 0 { fullBuffers.append(full.seal()) }
    }

    @inline(never)
    private func appendSlowly(_ row: Int, _ block: RecordBlock, _ field: Int, to output: inout Output) {
        let raw = block.field(field, of: row)
        if isNull(raw) {
            if !isNullable { block.reject(row, field: field, ColumnBuilders.missingNotNull) }
            return output.appendFiller()
        }
        var text = raw
        if rules.trimBlanks || isChar {
            text = UnsafeBufferPointer(rebasing: raw[..<UTF8Bytes.lengthWithoutTrailingBlanks(raw)])
        }
        var failure: RecordBlock.Failure?
        if !block.isASCII, let invalid = UTF8Bytes.firstInvalidOffset(in: Span(_unsafeElements: text)) {
            if let replacement = rules.replacement, !isChar {
                block.replaced[row] = 1
                let mended = StringColumnBuilder.replaceInvalid(text, with: replacement)
                failure = mended.withUnsafeBufferPointer { appendChecked($0, to: &output) }
            } else {
                failure = invalidUTF8(text, at: invalid)
            }
        } else if !block.isASCII, isChar, let multibyte = multibyteFailure(text) {
            failure = multibyte
        } else {
            failure = appendChecked(text, to: &output)
        }
        if let failure {
            block.reject(row, field: field, failure)
            output.appendFiller()
        }
    }

    /// Well-formed UTF-8. Says what is wrong, and then has appended nothing.
    private func appendChecked(_ text: UnsafeBufferPointer<UInt8>, to output: inout Output) -> RecordBlock.Failure? {
        var count = text.count
        if count > length {
            if rules.truncateColumns {
                count = UTF8Bytes.prefixLength(Span(_unsafeElements: text), limit: length)
            } else if UTF8Bytes.lengthWithoutTrailingBlanks(text) <= length {
                count = length
            } else {
                let reason = isChar ? "Char length exceeds DDL length" : "String length exceeds DDL length"
                return RecordBlock.Failure(code: .outOfRange, reason: reason)
            }
        }
        if isChar { count = UTF8Bytes.lengthWithoutTrailingBlanks(UnsafeBufferPointer(rebasing: text[..<count])) }
        if let start = text.baseAddress { output.bytes.update(from: start, count: count) }
        output.appendView(StringView(output.bytes, count: count), isValid: 1)
        output.bytes += count
        return nil
    }

    private func isNull(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        if rules.isNullMarker(text) { return true }
        if text.isEmpty { return rules.emptyAsNull }
        return rules.blanksAsNull && text.allSatisfy(FieldRules.isBlank)
    }

    func truncate(to count: Int) {
        views.count = count
        validity.truncate(to: count)
    }

    func seal() -> Vector {
        let count = views.count
        var owners = fullBuffers
        fullBuffers = []
        let used = exchange(&bytes, with: GrowableBuffer(capacity: 0))
        if used.count > 0 { owners.append(used.seal()) }
        let sealedViews = exchange(&views, with: GrowableBuffer(capacity: CopyReader.rowsPerBatch)).seal()
        return Vector(
            kind: .bytes, count: count, form: .views(sealedViews, owners: owners), validity: validity.seal())
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
        let bytes = text[position...].prefix(4).prefix { $0 >= 0x80 }
        let sequence = bytes.map(StringColumnBuilder.hex).joined(separator: " ")
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
