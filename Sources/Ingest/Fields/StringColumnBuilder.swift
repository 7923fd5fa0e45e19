import SQLTypes
import VectorEngine

/// CHAR and VARCHAR. As long as a column has few different strings, a row is a code of a dictionary; after that the
/// bytes are copied behind one another into the batch's own memory, and views point there.
final class StringColumnBuilder: ColumnBuilder {
    /// In bytes.
    private let length: Int
    private let isChar: Bool
    private let rules: FieldRules
    private let isNullable: Bool
    private var validity = ValidityBuilder()
    private var usesDictionary = true
    /// nil once it was full, and while a block is appended.
    private var dictionary: DictionaryBuilder? = DictionaryBuilder()
    /// One per row, with a dictionary; without one there are `views`.
    private var codes = GrowableBuffer<UInt16>(capacity: CopyReader.rowsPerBatch)
    private var views = GrowableBuffer<StringView>(capacity: 0)
    private var bytes = GrowableBuffer<UInt8>(capacity: 0)
    /// Filled before `bytes`: memory that views point to never moves, so a full buffer is put here.
    private var fullBuffers: [Buffer] = []

    /// Bytes per copy.
    private static let copyWidth = 16

    init(length: Int, isChar: Bool, rules: FieldRules, isNullable: Bool) {
        self.length = length
        self.isChar = isChar
        self.rules = rules
        self.isNullable = isNullable
    }

    func append(_ block: RecordBlock, field: Int) {
        let valid = validity.extend(from: rowCount, by: block.count)
        var row = 0
        if var entries = dictionary.take() {
            row = appendCodes(block, field, valid, in: &entries)
            if row < block.count { leave(entries.dictionary()) } else { dictionary = consume entries }
        }
        if row < block.count { appendViews(block, field, from: row, valid) }
    }

    private var rowCount: Int { usesDictionary ? codes.count : views.count }

    /// What is read without a closer look: not empty, not of the null marker's length, not too long, ASCII, and without
    /// blanks at the end where those matter. Lives for one block, so that the loops work on locals.
    private struct UsualText {
        let base: UnsafePointer<UInt8>
        private let starts: UnsafeMutablePointer<UInt32>
        private let ends: UnsafeMutablePointer<UInt32>
        private let markerLength: Int
        private let length: Int
        private let mayBeBlank: Bool
        private let isPlain: Bool

        init(_ builder: StringColumnBuilder, _ block: RecordBlock, _ field: Int) {
            base = block.base
            starts = block.starts + field * block.stride
            ends = starts + block.stride
            markerLength = builder.rules.nullMarker.count
            length = builder.length
            mayBeBlank = builder.rules.blanksAsNull || builder.rules.trimBlanks || builder.isChar
            isPlain = block.isASCII
        }

        @inline(__always)
        func start(_ row: Int) -> UnsafePointer<UInt8> { base + Int(starts[row]) }

        @inline(__always)
        func size(_ row: Int) -> Int { Int(ends[row]) &- 1 &- Int(starts[row]) }

        @inline(__always)
        func isUsual(_ text: UnsafePointer<UInt8>, _ size: Int) -> Bool {
            isPlain && size > 0 && size <= length && size != markerLength
                && (!mayBeBlank || text[size &- 1] > UInt8(ascii: " "))
        }
    }

    func truncate(to count: Int) {
        if usesDictionary { codes.count = count } else { views.count = count }
        validity.truncate(to: count)
    }

    func seal() -> Vector {
        let count = rowCount
        return Vector(kind: .bytes, count: count, form: sealRows(), validity: validity.seal())
    }

    private func sealRows() -> Vector.Form {
        if var entries = dictionary.take() {
            let form = sealCodes(entries.dictionary())
            dictionary = consume entries
            return form
        }
        var owners = fullBuffers
        fullBuffers = []
        let used = exchange(&bytes, with: GrowableBuffer(capacity: 0))
        if used.count > 0 { owners.append(used.seal()) }
        let sealedViews = exchange(&views, with: GrowableBuffer(capacity: CopyReader.rowsPerBatch)).seal()
        return .views(sealedViews, owners: owners)
    }
}

// MARK: - Codes

extension StringColumnBuilder {
    /// Returns how many rows of the block it appended: fewer than all if the dictionary was full.
    private func appendCodes(
        _ block: RecordBlock, _ field: Int, _ valid: UnsafeMutablePointer<UInt8>, in entries: inout DictionaryBuilder
    ) -> Int {
        let count = block.count
        let first = codes.count
        codes.reserve(first + count)
        let target = codes.pointer + first
        let usual = UsualText(self, block, field)
        var row = 0
        while row < count {
            let text = usual.start(row)
            let size = usual.size(row)
            var code: UInt16?
            if usual.isUsual(text, size) {
                code = entries.code(text, count: size)
                valid[row] = 1
            } else {
                let found = slowText(row, block, field)
                valid[row] = found == nil ? 0 : 1
                code = StringColumnBuilder.code(of: found, in: &entries)
            }
            guard let code else { break }
            target[row] = code
            row += 1
        }
        codes.count = first + row
        return row
    }

    @inline(never)
    private static func code(of text: SlowText?, in entries: inout DictionaryBuilder) -> UInt16? {
        // Any code fills a null row.
        guard let text else { return 0 }
        switch text {
        case .ofBlock(let bytes):
            guard let start = bytes.baseAddress else { return nil }
            return entries.code(start, count: bytes.count)
        case .mended(let bytes):
            let padded = bytes + [UInt8](repeating: 0, count: TextWindow.padding)
            return padded.withUnsafeBufferPointer { buffer in
                buffer.baseAddress.flatMap { entries.code($0, count: bytes.count) }
            }
        }
    }

    /// The batch's rows so far become views to the dictionary's entries.
    private func leave(_ last: StringDictionary) {
        let count = codes.count
        views.reserve(max(count, CopyReader.rowsPerBatch))
        let entries = last.entries
        for row in 0..<count {
            let code = Int(codes[row])
            views.append(code < entries.count ? entries[code] : StringView(nil, count: 0))
        }
        fullBuffers += last.owners
        codes.count = 0
        usesDictionary = false
    }

    private func sealCodes(_ last: StringDictionary) -> Vector.Form {
        let source = UnsafeBufferPointer(start: UnsafePointer(codes.pointer), count: codes.count)
        defer { codes.count = 0 }
        return .dictionary(Codes(narrowing: source, upTo: last.count), last)
    }
}

// MARK: - Views

extension StringColumnBuilder {
    /// Where the next row goes; lives for one block, so that the loop works on locals.
    private struct Output {
        var view: UnsafeMutablePointer<StringView>
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
            view.pointee = StringView(bytes, count: count)
            view += 1
            bytes += count
        }

        mutating func append(_ text: SlowText?) {
            switch text {
            case nil: appendView(count: 0)
            case .ofBlock(let source)?:
                if let start = source.baseAddress { bytes.update(from: start, count: source.count) }
                appendView(count: source.count)
            case .mended(let source)?:
                _ = UnsafeMutableBufferPointer(start: bytes, count: source.count).update(fromContentsOf: source)
                appendView(count: source.count)
            }
        }

        private mutating func appendView(count: Int) {
            view.pointee = StringView(bytes, count: count)
            view += 1
            bytes += count
        }
    }

    private func appendViews(
        _ block: RecordBlock, _ field: Int, from firstRow: Int, _ valid: UnsafeMutablePointer<UInt8>
    ) {
        let count = block.count
        let first = views.count
        views.reserve(first + count - firstRow)
        views.count = first + count - firstRow
        reserveBytes(for: block, field: field)
        let firstByte = bytes.pointer
        var output = Output(view: views.pointer + first, bytes: firstByte + bytes.count)
        let usual = UsualText(self, block, field)
        for row in firstRow..<count {
            let text = usual.start(row)
            let size = usual.size(row)
            if usual.isUsual(text, size) {
                output.append(text, count: size)
                valid[row] = 1
            } else {
                let found = slowText(row, block, field)
                valid[row] = found == nil ? 0 : 1
                output.append(found)
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
}

// MARK: - A closer look

/// A string that took a closer look.
private enum SlowText {
    /// Part of the block's text.
    case ofBlock(UnsafeBufferPointer<UInt8>)
    /// With bytes replaced.
    case mended([UInt8])
}

extension StringColumnBuilder {
    /// nil: null, or rejected.
    @inline(never)
    private func slowText(_ row: Int, _ block: RecordBlock, _ field: Int) -> SlowText? {
        let raw = block.field(field, of: row)
        if isNull(raw) {
            if !isNullable { block.reject(row, field: field, ColumnBuilders.missingNotNull) }
            return nil
        }
        var text = raw
        if rules.trimBlanks || isChar {
            text = UnsafeBufferPointer(rebasing: raw[..<UTF8Bytes.lengthWithoutTrailingBlanks(raw)])
        }
        do throws(Rejection) {
            if !block.isASCII, let invalid = UTF8Bytes.firstInvalidOffset(in: Span(_unsafeElements: text)) {
                guard let replacement = rules.replacement, !isChar else {
                    throw Rejection(invalidUTF8(text, at: invalid))
                }
                block.replaced[row] = 1
                let mended = StringColumnBuilder.replaceInvalid(text, with: replacement)
                let count = try mended.withUnsafeBufferPointer { bytes throws(Rejection) in try keptCount(of: bytes) }
                return .mended(Array(mended[..<count]))
            }
            if !block.isASCII, isChar, let multibyte = multibyteFailure(text) { throw Rejection(multibyte) }
            return .ofBlock(UnsafeBufferPointer(rebasing: text[..<(try keptCount(of: text))]))
        } catch {
            block.reject(row, field: field, error.failure)
            return nil
        }
    }

    private struct Rejection: Error {
        let failure: RecordBlock.Failure
        init(_ failure: RecordBlock.Failure) { self.failure = failure }
    }

    /// How many bytes of a well-formed text the column keeps.
    private func keptCount(of text: UnsafeBufferPointer<UInt8>) throws(Rejection) -> Int {
        var count = text.count
        if count > length {
            if rules.truncateColumns {
                count = UTF8Bytes.prefixLength(Span(_unsafeElements: text), limit: length)
            } else if UTF8Bytes.lengthWithoutTrailingBlanks(text) <= length {
                count = length
            } else {
                let reason = isChar ? "Char length exceeds DDL length" : "String length exceeds DDL length"
                throw Rejection(RecordBlock.Failure(code: .outOfRange, reason: reason))
            }
        }
        if isChar { count = UTF8Bytes.lengthWithoutTrailingBlanks(UnsafeBufferPointer(rebasing: text[..<count])) }
        return count
    }

    private func isNull(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        if rules.isNullMarker(text) { return true }
        if text.isEmpty { return rules.emptyAsNull }
        return rules.blanksAsNull && text.allSatisfy(FieldRules.isBlank)
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
