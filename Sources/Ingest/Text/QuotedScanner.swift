/// Text in which a delimiter or a line end may be data: CSV, ESCAPE, REMOVEQUOTES. Fields are copied, without quotes
/// and escapes, into scratch memory, so that everything behind the scanner sees plain fields.
final class QuotedScanner: RecordScanner {
    enum Syntax {
        /// Fields may be quoted; a quote in one is doubled.
        case csv(quote: UInt8)
        case delimited(escape: Bool, removeQuotes: Bool)
    }

    private let delimiter: UInt8
    private let syntax: Syntax
    private let nullMarker: [UInt8]
    private let rules: RecordRules
    var lineNumber: Int64 = 0
    var failures: [RecordFailure] = []

    private var scratch: UnsafeMutablePointer<UInt8>
    private var scratchCapacity: Int

    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let backslash = UInt8(ascii: "\\")

    init(delimiter: UInt8, syntax: Syntax, nullMarker: [UInt8], rules: RecordRules) {
        self.delimiter = delimiter
        self.syntax = syntax
        self.nullMarker = nullMarker
        self.rules = rules
        scratchCapacity = RecordBlock.targetBytes
        scratch = .allocate(capacity: scratchCapacity + TextWindow.padding)
        scratch.initialize(repeating: 0, count: scratchCapacity + TextWindow.padding)
    }

    deinit { scratch.deallocate() }

    func scan(_ window: TextWindow, into block: RecordBlock) {
        // A field with its separator is never longer than what it is read from.
        reserve(window.unreadCount)
        block.reset(base: scratch, lineBase: window.base)
        var cursor = Cursor(base: window.base, index: window.start, end: window.end, out: scratch)
        let lastStart = min(window.end, window.start + RecordBlock.targetBytes)
        var row = 0
        while row < RecordBlock.rowCapacity, window.start < lastStart {
            let outStart = cursor.out
            cursor.lines = 0
            let start = cursor.index
            let ending = readRecord(&cursor, row: row, in: block)
            if ending == .needsMore {
                guard window.isAtEnd else { break }
                // The text ends inside quotes or behind an escape.
                cursor.index = window.end
                cursor.lines += 1
            }
            lineNumber += 1
            if finish(row, from: start, cursor: cursor, ending: ending, in: block) {
                row += 1
            } else {
                cursor.out = outStart
            }
            lineNumber += cursor.lines - 1
            window.start = cursor.index
        }
        block.count = row
        block.isASCII = cursor.seen < 0x80
    }

    private func reserve(_ count: Int) {
        guard count > scratchCapacity else { return }
        scratch.deallocate()
        scratchCapacity = max(count, scratchCapacity * 2)
        scratch = .allocate(capacity: scratchCapacity + TextWindow.padding)
        scratch.initialize(repeating: 0, count: scratchCapacity + TextWindow.padding)
    }
}

// MARK: - Records

extension QuotedScanner {
    private struct Cursor {
        let base: UnsafeMutablePointer<UInt8>
        var index: Int
        let end: Int
        /// Where the next byte of a field goes.
        var out: UnsafeMutablePointer<UInt8>
        /// All bytes written so far, or-ed.
        var seen: UInt8 = 0
        /// Line ends in the record so far.
        var lines: Int64 = 0
        var fields = 0
        var lastFieldIsEmpty = false

        mutating func append(_ byte: UInt8) {
            out.pointee = byte
            out += 1
            seen |= byte
        }
    }

    private enum RecordEnding { case complete, malformed, needsMore }
    private enum FieldEnding { case delimiter, newline, malformed, needsMore }

    /// Reads up to and with the line end. A malformed record ends at the line end behind the fault.
    private func readRecord(_ cursor: inout Cursor, row: Int, in block: RecordBlock) -> RecordEnding {
        let stride = block.stride
        cursor.fields = 0
        block.starts[row] = UInt32(truncatingIfNeeded: cursor.out - scratch)
        while true {
            let fieldOut = cursor.out
            let ending =
                switch syntax {
                case .csv(let quote): readCSVField(&cursor, quote: quote)
                case .delimited(let escape, let removeQuotes):
                    readField(&cursor, escape: escape, removeQuotes: removeQuotes)
                }
            if ending == .needsMore { return .needsMore }
            if ending == .malformed { return skipLine(&cursor) ? .malformed : .needsMore }
            cursor.fields += 1
            cursor.lastFieldIsEmpty = cursor.out == fieldOut
            // The gap between two fields.
            cursor.out += 1
            block.starts[min(cursor.fields, rules.fieldCount + 1) * stride + row] =
                UInt32(truncatingIfNeeded: cursor.out - scratch)
            if ending == .newline {
                cursor.lines += 1
                return .complete
            }
        }
    }

    private func skipLine(_ cursor: inout Cursor) -> Bool {
        while cursor.index < cursor.end {
            cursor.index += 1
            if cursor.base[cursor.index - 1] == QuotedScanner.newline {
                cursor.lines += 1
                return true
            }
        }
        return false
    }

    /// Whether the text became record `row`.
    private func finish(
        _ row: Int, from start: Int, cursor: Cursor, ending: RecordEnding, in block: RecordBlock
    ) -> Bool {
        var end = cursor.index - 1
        if end > start, cursor.base[end - 1] == QuotedScanner.carriageReturn { end -= 1 }
        block.lineStart[row] = UInt32(truncatingIfNeeded: start)
        block.lineEnd[row] = UInt32(truncatingIfNeeded: max(start, end))
        block.lineNumber[row] = lineNumber
        var verdict = RecordRules.Verdict.failed(failure(ending))
        if ending == .complete {
            verdict = rules.judge(
                fields: cursor.fields, lineBytes: max(0, end - start), lastFieldIsEmpty: cursor.lastFieldIsEmpty,
                row: row, in: block)
        }
        switch verdict {
        case .accepted: return true
        case .ignored: return false
        case .failed(let failure):
            let line = Array(UnsafeBufferPointer(rebasing: block.line(row).prefix(LoadError.rawByteLimit)))
            failures.append(RecordFailure(lineNumber: lineNumber, line: line, failure: failure))
            return false
        }
    }

    private func failure(_ ending: RecordEnding) -> RecordBlock.Failure {
        let reason =
            if case .csv = syntax { "Invalid quote formatting for CSV" } else if ending == .needsMore {
                "Unexpected end of file"
            } else {
                "Missing closing quote"
            }
        return RecordBlock.Failure(code: .invalidLine, reason: reason)
    }
}

// MARK: - Fields

extension QuotedScanner {
    private func readCSVField(_ cursor: inout Cursor, quote: UInt8) -> FieldEnding {
        var index = cursor.index
        while index < cursor.end, isBlank(cursor.base[index]) { index += 1 }
        guard index < cursor.end else { return .needsMore }
        if cursor.base[index] == quote {
            cursor.index = index + 1
            return readQuotedField(&cursor, quote: quote)
        }
        while cursor.index < cursor.end {
            let byte = cursor.base[cursor.index]
            cursor.index += 1
            if byte == delimiter { return .delimiter }
            if byte == QuotedScanner.newline {
                if cursor.index > 1, cursor.out > scratch,
                    cursor.base[cursor.index - 2] == QuotedScanner.carriageReturn,
                    (cursor.out - 1).pointee == QuotedScanner.carriageReturn
                {
                    cursor.out -= 1
                }
                return .newline
            }
            if byte == quote { return .malformed }
            cursor.append(byte)
        }
        return .needsMore
    }

    /// Behind the opening quote.
    private func readQuotedField(_ cursor: inout Cursor, quote: UInt8) -> FieldEnding {
        while cursor.index < cursor.end {
            let byte = cursor.base[cursor.index]
            cursor.index += 1
            if byte != quote {
                if byte == QuotedScanner.newline { cursor.lines += 1 }
                cursor.append(byte)
                continue
            }
            guard cursor.index < cursor.end else { return .needsMore }
            if cursor.base[cursor.index] == quote {
                cursor.append(quote)
                cursor.index += 1
                continue
            }
            while cursor.index < cursor.end {
                let next = cursor.base[cursor.index]
                cursor.index += 1
                if next == delimiter { return .delimiter }
                if next == QuotedScanner.newline { return .newline }
                guard isBlank(next) || next == QuotedScanner.carriageReturn else {
                    cursor.index -= 1
                    return .malformed
                }
            }
            return .needsMore
        }
        return .needsMore
    }

    private func isBlank(_ byte: UInt8) -> Bool {
        (byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")) && byte != delimiter
    }

    private func readField(_ cursor: inout Cursor, escape: Bool, removeQuotes: Bool) -> FieldEnding {
        let fieldStart = cursor.index
        let fieldOut = cursor.out
        guard cursor.index < cursor.end else { return .needsMore }
        var quote: UInt8?
        if removeQuotes, cursor.base[fieldStart] == UInt8(ascii: "\"") || cursor.base[fieldStart] == UInt8(ascii: "'") {
            quote = cursor.base[fieldStart]
            cursor.index += 1
        }
        var isLastEscaped = false
        while cursor.index < cursor.end {
            let byte = cursor.base[cursor.index]
            cursor.index += 1
            if escape, byte == QuotedScanner.backslash {
                guard cursor.index < cursor.end else { return .needsMore }
                if cursor.base[cursor.index] == QuotedScanner.newline { cursor.lines += 1 }
                cursor.append(cursor.base[cursor.index])
                cursor.index += 1
                isLastEscaped = true
                continue
            }
            if byte == quote, let ending = closing(&cursor) { return ending }
            if byte == QuotedScanner.newline {
                if quote != nil {
                    cursor.index -= 1
                    return .malformed
                }
                return finish(&cursor, from: fieldStart, out: fieldOut, .newline, dropsReturn: !isLastEscaped)
            }
            if byte == delimiter, quote == nil {
                return finish(&cursor, from: fieldStart, out: fieldOut, .delimiter, dropsReturn: false)
            }
            isLastEscaped = false
            cursor.append(byte)
        }
        return .needsMore
    }

    /// Behind a quote: whether it ends the field; nil if it is data.
    private func closing(_ cursor: inout Cursor) -> FieldEnding? {
        guard cursor.index < cursor.end else { return .needsMore }
        let next = cursor.base[cursor.index]
        if next == delimiter || next == QuotedScanner.newline {
            cursor.index += 1
            return next == delimiter ? .delimiter : .newline
        }
        guard next == QuotedScanner.carriageReturn else { return nil }
        guard cursor.index + 1 < cursor.end else { return .needsMore }
        guard cursor.base[cursor.index + 1] == QuotedScanner.newline else { return nil }
        cursor.index += 2
        return .newline
    }

    /// Behind the separator of an unquoted field: drops the CR of a CRLF, and puts back a null marker that the escapes
    /// have changed (`\N` means NULL under ESCAPE, too).
    private func finish(
        _ cursor: inout Cursor, from start: Int, out: UnsafeMutablePointer<UInt8>, _ ending: FieldEnding,
        dropsReturn: Bool
    ) -> FieldEnding {
        var rawEnd = cursor.index - 1
        if dropsReturn, cursor.out > out, (cursor.out - 1).pointee == QuotedScanner.carriageReturn {
            cursor.out -= 1
            rawEnd -= 1
        }
        let raw = UnsafeBufferPointer(start: cursor.base + start, count: rawEnd - start)
        if raw.count == nullMarker.count, raw.elementsEqual(nullMarker) {
            cursor.out = out
            for byte in nullMarker { cursor.append(byte) }
        }
        return ending
    }
}
