package import Catalog
package import SQLTypes
package import VectorEngine

/// Parses the objects dealt to one slice: bytes → fields → typed vectors, batch by batch, when asked.
///
/// Belongs to one task. A batch holds the table's columns in the table's order; one that the COPY list leaves out is a
/// constant. Rejected records are in `loadErrors`; when there are as many as MAXERROR allows, `next` throws.
package final class CopyReader {
    /// Batches end with the block that reaches so many rows.
    package static let rowsPerBatch = Batch.targetRows
    private static let windowBytes = 256 << 10

    package private(set) var progress = CopyProgress()
    /// With more, only the first are kept; all are counted.
    package static let loadErrorsMax = 10_000
    /// In the order of files and lines.
    package private(set) var loadErrors: [LoadError] = []
    /// One that could not be read to its end comes last.
    package private(set) var loadedFiles: [LoadedFile] = []
    package private(set) var replacedLines: [ReplacedLine] = []

    private let parts: [FilePart]
    private let store: any ObjectStore
    private let options: CopyOptions
    private let table: TableDefinition
    /// Table column of each field.
    private let columns: [Int]
    private let defaults: [SQLValue]

    private let memory: WholeObjectMemory
    private let libraries: LibraryLookup
    private let window = TextWindow(capacity: CopyReader.windowBytes)
    private let scanner: any RecordScanner
    private let block: RecordBlock
    /// One per field.
    private let builders: [any ColumnBuilder]
    private var rowCount = 0
    /// The object being read.
    private var current: CurrentObject?
    private var nextPart = 0
    private var failure: SQLError?

    private struct CurrentObject {
        let part: FilePart
        let text: any Inflater
        var headerLinesLeft: Int
        /// The rest of a line that is too long is being passed over.
        var isSkippingLine = false
        var errorsBefore: Int64
        /// What `progress` counted before this object.
        let storedBytesBefore: Int64
        let textBytesBefore: Int64
        let linesBefore: Int64
        let meter: MeteredReader
        let startTime: Int64
        /// Spent on the object's text, in the store and in decompression.
        var readNs: Int64 = 0
    }

    /// - Parameters:
    ///   - parts: what `CopyAssignment` dealt to the slice, read one after the other.
    ///   - options: must have passed `validate()`.
    ///   - columns: table column (from 0) of each field of the file.
    ///   - defaults: one value per table column, of the column's type or null; used where `columns` has none.
    ///   - memory: of what is more than a window of text.
    ///   - libraries: where decompressors are looked for.
    package init(
        parts: [FilePart], in store: any ObjectStore, options: CopyOptions, table: TableDefinition,
        columns: [Int], defaults: [SQLValue], memory: any MemoryGrant = UnlimitedMemory(),
        libraries: LibraryLookup = .system
    ) throws(SQLError) {
        precondition(!columns.isEmpty && Set(columns).count == columns.count, "columns \(columns)")
        precondition(
            defaults.count == table.columns.count, "\(defaults.count) defaults for \(table.columns.count) columns")
        self.parts = parts
        self.store = store
        self.options = options
        self.table = table
        self.columns = columns
        self.defaults = defaults
        self.memory = WholeObjectMemory(memory)
        self.libraries = libraries
        let rules = try FieldRules(options)
        var builders: [any ColumnBuilder] = []
        for column in columns { builders.append(try ColumnBuilders.make(for: table.columns[column], rules: rules)) }
        self.builders = builders
        scanner = try CopyReader.makeScanner(options, fieldCount: columns.count)
        block = RecordBlock(fieldCount: columns.count, base: window.base)
        for (column, definition) in table.columns.enumerated() where !columns.contains(column) {
            // An identity column is filled after the reader.
            guard definition.isNullable || definition.identity != nil || !defaults[column].isNull else {
                throw SQLError(
                    .notNullViolation,
                    "column \"\(definition.name)\" is NOT NULL, has no default and is not in the COPY list")
            }
        }
    }

    private static func makeScanner(_ options: CopyOptions, fieldCount: Int) throws(SQLError) -> any RecordScanner {
        let rules = RecordRules(
            fieldCount: fieldCount, fillRecord: options.fillRecord, ignoreBlankLines: options.ignoreBlankLines)
        if case .fixedWidth(let text) = options.format {
            let widths = try FixedWidths(text)
            try widths.check(columnCount: fieldCount)
            return FixedWidthScanner(widths: widths.widths, rules: rules)
        }
        let delimiter = options.effectiveDelimiter
        let syntax: QuotedScanner.Syntax
        if options.format == .csv {
            syntax = .csv(quote: options.effectiveQuote)
        } else if options.escape || options.removeQuotes {
            syntax = .delimited(escape: options.escape, removeQuotes: options.removeQuotes)
        } else {
            return DelimitedScanner(delimiter: delimiter, rules: rules)
        }
        return QuotedScanner(
            delimiter: delimiter, syntax: syntax, nullMarker: options.effectiveNullMarker, rules: rules)
    }

    /// The next records, at least one, about `rowsPerBatch`; nil when all objects are read. After an error it throws
    /// the same one again.
    package func next() throws(SQLError) -> Batch? {
        if let failure { throw failure }
        do throws(SQLError) {
            while rowCount < CopyReader.rowsPerBatch {
                guard try parseBlock() else { break }
            }
        } catch {
            failure = error
            noteCurrent(isComplete: false)
            throw error
        }
        return rowCount > 0 ? sealBatch() : nil
    }

    private func sealBatch() -> Batch {
        var vectors: [Vector] = []
        vectors.reserveCapacity(table.columns.count)
        for (column, definition) in table.columns.enumerated() {
            if let field = columns.firstIndex(of: column) {
                vectors.append(builders[field].seal())
            } else {
                vectors.append(.constant(defaults[column], kind: definition.type.storage, count: rowCount))
            }
        }
        defer { rowCount = 0 }
        return Batch(columns: vectors, count: rowCount)
    }
}

// MARK: - Text

extension CopyReader {
    /// Takes one step: opens an object, reads on, or parses records. False when there is nothing left.
    private func parseBlock() throws(SQLError) -> Bool {
        guard current != nil else { return try openNext() }
        if window.isExhausted {
            closeCurrent()
            return true
        }
        if try skipHeader() { return true }
        scanner.scan(window, into: block)
        let hasMoved = block.count > 0 || !scanner.failures.isEmpty || window.isExhausted
        try takeBlock()
        updateProgress()
        if !hasMoved || window.unreadCount == 0 { try readOn() }
        return true
    }

    private func openNext() throws(SQLError) -> Bool {
        guard nextPart < parts.count else { return false }
        let part = parts[nextPart]
        nextPart += 1
        let startTime = Platform.timestampNow
        let startNs = Platform.monotonicNs
        let (meter, text) = try openText(part, startTime)
        let isStart = part.bytes.lowerBound == 0
        current = CurrentObject(
            part: part, text: text, headerLinesLeft: isStart ? options.ignoredHeaderLines ?? 0 : 0,
            errorsBefore: progress.rejectedRecords, storedBytesBefore: progress.storedBytes,
            textBytesBefore: progress.textBytes, linesBefore: progress.lines, meter: meter, startTime: startTime)
        scanner.lineNumber = 0
        try window.open(text, mayBorrow: scanner.takesWholeText)
        current?.readNs = Platform.monotonicNs - startNs
        try refill()
        if isStart { skipByteOrderMark() }
        return true
    }

    /// What the store refuses to open is noted as well.
    private func openText(
        _ part: FilePart, _ startTime: Int64
    ) throws(SQLError) -> (MeteredReader, any Inflater) {
        var meter: MeteredReader?
        do throws(SQLError) {
            let opened = MeteredReader(try store.open(part.object.address))
            meter = opened
            let text: any Inflater =
                part.isWhole
                ? try Inflation.open(opened, compression: options.compression, memory: memory, libraries: libraries)
                : StoredText(opened, bytes: part.bytes)
            return (opened, text)
        } catch {
            loadedFiles.append(
                LoadedFile(
                    address: part.object.address, startOffset: Int64(part.bytes.lowerBound), isPartial: !part.isWhole,
                    storedBytes: meter?.bytes ?? 0, textBytes: 0, lines: 0, errors: 0, startTime: startTime,
                    endTime: Platform.timestampNow, transferTime: (meter?.nanoseconds ?? 0) / 1_000, inflateTime: 0,
                    isComplete: false,
                    // Opened: it was decompression that failed.
                    storeError: meter == nil ? error.message : meter?.failure?.message ?? ""))
            throw error
        }
    }

    private func refill() throws(SQLError) {
        let start = Platform.monotonicNs
        defer { current?.readNs += Platform.monotonicNs - start }
        try window.refill()
    }

    /// UTF-8's mark at the very start is no data.
    private func skipByteOrderMark() {
        let text = UnsafeBufferPointer(start: window.base + window.start, count: window.unreadCount)
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { window.start += 3 }
    }

    private func closeCurrent() {
        updateProgress()
        progress.filesDone += 1
        noteCurrent(isComplete: true)
        current = nil
    }

    /// Number of the part that is being read, in their order; nil between two of them.
    package var currentPart: Int? { current == nil ? nil : nextPart - 1 }

    private func noteCurrent(isComplete: Bool) {
        guard let current else { return }
        let transferNs = current.meter.nanoseconds
        loadedFiles.append(
            LoadedFile(
                address: current.part.object.address, startOffset: Int64(current.part.bytes.lowerBound),
                isPartial: !current.part.isWhole, storedBytes: progress.storedBytes - current.storedBytesBefore,
                textBytes: progress.textBytes - current.textBytesBefore,
                lines: progress.lines - current.linesBefore,
                errors: progress.rejectedRecords - current.errorsBefore, startTime: current.startTime,
                endTime: Platform.timestampNow, transferTime: transferNs / 1_000,
                inflateTime: options.compression == nil ? 0 : max(0, current.readNs - transferNs) / 1_000,
                isComplete: isComplete, storeError: current.meter.failure?.message ?? ""))
    }

    private func updateProgress() {
        guard let current else { return }
        // Much may have been inflated that nobody has parsed yet: loaded is the parsed text's part of what was read.
        let inflated = window.textBytes + current.text.pendingTextBytes
        let parsed = max(0, window.textBytes - window.unreadCount)
        let stored = Double(current.text.storedBytesRead)
        progress.storedBytes =
            current.storedBytesBefore
            + Int64(parsed == inflated ? stored : stored * Double(parsed) / Double(max(1, inflated)))
        progress.textBytes = current.textBytesBefore + Int64(parsed)
        progress.lines = current.linesBefore + scanner.lineNumber
    }

    /// The window holds no whole record: reads on, unless the record is already longer than any may be.
    private func readOn() throws(SQLError) {
        if window.unreadCount > CopyOptions.maximumRecordBytes {
            let line = Array(UnsafeBufferPointer(start: window.base + window.start, count: LoadError.rawByteLimit))
            scanner.lineNumber += 1
            scanner.failures.append(
                RecordFailure(
                    lineNumber: scanner.lineNumber, line: line,
                    failure: RecordRules.lineTooLong))
            try takeRecordFailures()
            current?.isSkippingLine = true
            skipToLineEnd()
        }
        try refill()
    }

    /// Passes over header lines and the rest of a line that was too long. True if the window must be looked at again.
    private func skipHeader() throws(SQLError) -> Bool {
        guard let object = current, object.headerLinesLeft > 0 || object.isSkippingLine else { return false }
        if skipToLineEnd() {
            if object.isSkippingLine {
                current?.isSkippingLine = false
            } else {
                current?.headerLinesLeft -= 1
                scanner.lineNumber += 1
            }
        } else {
            try refill()
        }
        return true
    }

    /// Moves the window's start behind the next LF, or to its end if there is none: false.
    @discardableResult
    private func skipToLineEnd() -> Bool {
        while window.start < window.end {
            window.start += 1
            if window.base[window.start - 1] == UInt8(ascii: "\n") { return true }
        }
        return false
    }
}

// MARK: - Records

extension CopyReader {
    /// Appends the block's records to the builders. If some are rejected, the block is parsed once more without them,
    /// so that the builders hold good records only.
    private func takeBlock() throws(SQLError) {
        let firstError = loadErrors.count
        let rejectedBefore = progress.rejectedRecords
        takeScannerFailures()
        if block.count > 0 {
            var replaced = appendBlock()
            if !block.failures.isEmpty {
                takeFieldFailures()
                for builder in builders { builder.truncate(to: rowCount) }
                block.dropRejected()
                replaced = appendBlock()
                assert(block.failures.isEmpty, "a record was accepted, and then rejected")
            }
            if options.replacementCharacter != nil { takeReplacements(replaced) }
        }
        rowCount += block.count
        progress.records += Int64(block.count)
        guard progress.rejectedRecords > rejectedBefore else { return }
        loadErrors[firstError...].sort { $0.lineNumber < $1.lineNumber }
        try checkErrorLimit()
    }

    /// - Returns: the first field of each row in which something was replaced, if anything may be: -1 where nothing was.
    private func appendBlock() -> [Int] {
        guard options.replacementCharacter != nil, replacedLines.count < ReplacedLine.keptMax else {
            for (field, builder) in builders.enumerated() { builder.append(block, field: field) }
            return []
        }
        var first = [Int](repeating: -1, count: block.count)
        for (field, builder) in builders.enumerated() {
            builder.append(block, field: field)
            for row in 0..<block.count where block.replaced[row] != 0 && first[row] < 0 { first[row] = field }
        }
        return first
    }

    /// - Parameter fields: as `appendBlock` gives them.
    private func takeReplacements(_ fields: [Int]) {
        for row in 0..<block.count where block.replaced[row] != 0 {
            progress.replacedRecords += 1
            guard replacedLines.count < ReplacedLine.keptMax, row < fields.count, fields[row] >= 0, let object = current
            else { continue }
            replacedLines.append(
                ReplacedLine(
                    file: object.part.object.address.description,
                    lineNumber: object.part.bytes.lowerBound == 0 ? block.lineNumber[row] : LoadError.unknownLine,
                    columnName: table.columns[columns[fields[row]]].name,
                    rawLine: LoadError.printable(block.line(row).prefix(LoadError.rawByteLimit))))
        }
    }

    private func takeRecordFailures() throws(SQLError) {
        takeScannerFailures()
        try checkErrorLimit()
    }

    private func checkErrorLimit() throws(SQLError) {
        guard progress.rejectedRecords >= Int64(options.errorLimit), let first = loadErrors.first else { return }
        throw SQLError.loadFailed(table: table.name.name, first: first)
    }

    private func takeScannerFailures() {
        for failure in scanner.failures {
            record(failure.failure, line: failure.line[...], lineNumber: failure.lineNumber, field: nil, value: [])
        }
        scanner.failures.removeAll(keepingCapacity: true)
    }

    private func takeFieldFailures() {
        for failure in block.failures {
            let line = Array(block.line(failure.row).prefix(LoadError.rawByteLimit))
            let value = Array(block.field(failure.field, of: failure.row).prefix(LoadError.rawByteLimit))
            record(
                failure.failure, line: line[...], lineNumber: block.lineNumber[failure.row], field: failure.field,
                value: value[...], fields: fields(of: failure.row, through: failure.field))
        }
    }

    private func record(
        _ failure: RecordBlock.Failure, line: ArraySlice<UInt8>, lineNumber: Int64, field: Int?,
        value: ArraySlice<UInt8>, fields: [LoadError.Field] = []
    ) {
        guard let object = current else { return }
        progress.rejectedRecords += 1
        guard loadErrors.count < CopyReader.loadErrorsMax else { return }
        let column = field.map { columns[$0] }
        let definition = column.map { table.columns[$0] }
        var error =
            LoadError(
                file: object.part.object.address.description,
                lineNumber: object.part.bytes.lowerBound == 0 ? lineNumber : LoadError.unknownLine, column: column,
                columnName: definition?.name ?? "", typeName: definition.map { LoadError.typeName($0.type) } ?? "",
                columnLength: definition.map { LoadError.columnLength($0.type) } ?? "", position: failure.position,
                rawLine: LoadError.printable(line), rawFieldValue: LoadError.printable(value), code: failure.code,
                reason: String(failure.reason.prefix(LoadError.reasonLimit)), fields: fields)
        error.isPartial = !object.part.isWhole
        error.startOffset = Int64(object.part.bytes.lowerBound)
        loadErrors.append(error)
    }

    /// Of a record, up to and with the field that could not be read; none when enough of them are known.
    private func fields(of row: Int, through last: Int) -> [LoadError.Field] {
        guard loadErrors.count < LoadError.detailedMax else { return [] }
        let marker = options.effectiveNullMarker
        return (0...last).map { field in
            let bytes = block.field(field, of: row)
            let column = table.columns[columns[field]]
            return LoadError.Field(
                columnName: column.name, typeName: LoadError.typeName(column.type),
                columnLength: LoadError.columnLength(column.type),
                value: LoadError.printable(bytes.prefix(LoadError.rawByteLimit)),
                isNull: bytes.elementsEqual(marker))
        }
    }
}
