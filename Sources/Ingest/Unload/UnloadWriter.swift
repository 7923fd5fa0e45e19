package import SQLTypes
package import VectorEngine

/// Writes the files of one slice, or all of an UNLOAD with PARALLEL OFF, one after the other:
///
///     <prefix>0003_part_00.gz   slice 3, its first file
///     <prefix>000               PARALLEL OFF
///
/// Nothing that it writes appears before `UnloadDestination.complete`; dropped, it leaves nothing behind. Belongs to one
/// task.
package final class UnloadWriter {
    package private(set) var rowCount: Int64 = 0

    private let destination: UnloadDestination
    private let options: UnloadOptions
    /// nil: the files are not numbered by slice.
    private let slice: Int?
    private let header: [UInt8]
    private var printer: RecordPrinter
    private var part: Part?
    private var finished: [PreparedObject] = []

    private struct Part {
        let address: ObjectAddress
        let counter: CountingWriter
        let writer: any ObjectWriter
        /// Header included, as manifests count.
        var lines: Int64
        let startTime: Int64
        /// Before compression.
        var textBytes: Int64 = 0
        /// Spent in writing, compression included.
        var writeNs: Int64 = 0
    }

    /// - Parameter slice: number in the cluster; nil with PARALLEL OFF.
    package init(to destination: UnloadDestination, slice: Int?) {
        self.destination = destination
        self.slice = slice
        options = destination.options
        printer = RecordPrinter(destination.columns.map(\.type), destination.options)
        header =
            destination.options.hasHeader
            ? RecordPrinter.header(destination.columns.map(\.name), destination.options) : []
    }

    package func append(_ batch: Batch) throws(SQLError) {
        try printer.print(batch)
        var row = 0
        while row < batch.count {
            var part = try openPart()
            let start = row == 0 ? 0 : printer.ends[row - 1]
            let end = cut(from: row, room: options.effectiveFileBytes - part.counter.byteCount, part)
            guard end > row else {
                try closePart()
                continue
            }
            let begin = Platform.monotonicNs
            try write(start..<printer.ends[end - 1], to: part.writer)
            part.writeNs += Platform.monotonicNs - begin
            part.textBytes += Int64(printer.ends[end - 1] - start)
            part.lines += Int64(end - row)
            self.part = part
            rowCount += Int64(end - row)
            row = end
        }
    }

    /// How many of the printed rows go into the file: as many as have room, and one at least into a fresh file.
    /// What a compressed file still holds back is not known: it is closed when it has reached the limit less a batch.
    private func cut(from row: Int, room: Int, _ part: Part) -> Int {
        let isFresh = part.lines == (options.hasHeader ? 1 : 0)
        let start = row == 0 ? 0 : printer.ends[row - 1]
        if options.compression != nil {
            let heldBack = 1 << 20
            return room > heldBack || isFresh ? printer.ends.count : row
        }
        if printer.text.count - start <= room { return printer.ends.count }
        var low = row
        var high = printer.ends.count
        while low < high {
            let middle = (low + high) / 2
            if printer.ends[middle] - start <= room { low = middle + 1 } else { high = middle }
        }
        return low == row && isFresh ? row + 1 : low
    }

    private func write(_ range: Range<Int>, to writer: any ObjectWriter) throws(SQLError) {
        var failure: SQLError?
        printer.text.withUnsafeBytes { bytes in
            do throws(SQLError) { try writer.write(UnsafeRawBufferPointer(rebasing: bytes[range])) } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    private func openPart() throws(SQLError) -> Part {
        if let part { return part }
        let address = destination.address(slice: slice, part: finished.count)
        let startTime = Platform.timestampNow
        let counter = CountingWriter(try destination.store.create(address))
        let writer = try CompressedWriter.make(options.compression, to: counter)
        var opened = Part(address: address, counter: counter, writer: writer, lines: 0, startTime: startTime)
        if !header.isEmpty {
            try writer.write(header)
            opened.lines = 1
            opened.textBytes = Int64(header.count)
        }
        part = opened
        return opened
    }

    private func closePart() throws(SQLError) {
        guard var part else { return }
        let begin = Platform.monotonicNs
        try part.writer.prepare()
        part.writeNs += Platform.monotonicNs - begin
        self.part = nil
        let transferNs = part.counter.nanoseconds
        finished.append(
            PreparedObject(
                address: part.address, byteCount: part.counter.byteCount, lineCount: part.lines,
                rowCount: part.lines - (header.isEmpty ? 0 : 1), textBytes: part.textBytes,
                startTime: part.startTime, endTime: Platform.timestampNow, transferTime: transferNs / 1_000,
                deflateTime: options.compression == nil ? 0 : max(0, part.writeNs - transferNs) / 1_000,
                writer: part.writer))
    }

    /// All files, complete but not visible yet: at least one, though it be empty.
    package func finish() throws(SQLError) -> [PreparedObject] {
        if finished.isEmpty { _ = try openPart() }
        try closePart()
        defer { finished = [] }
        return finished
    }
}

/// A file of an UNLOAD that waits for the others.
package struct PreparedObject: @unchecked Sendable {
    // The writer is no longer known to the task that made it: whoever has the value may finish it, and only
    // `UnloadDestination.complete` does.
    package let address: ObjectAddress
    package let byteCount: Int
    /// Header included.
    package let lineCount: Int64
    package let rowCount: Int64
    /// Before compression.
    package let textBytes: Int64
    /// Microseconds since 2000-01-01 00:00:00 UTC.
    package let startTime: Int64
    package let endTime: Int64
    /// Microseconds that the store took, and that compression took.
    package let transferTime: Int64
    package let deflateTime: Int64
    let writer: any ObjectWriter
}

/// Counts what is stored, and how long that takes.
private final class CountingWriter: ObjectWriter {
    private let target: any ObjectWriter
    private(set) var byteCount = 0
    private(set) var nanoseconds: Int64 = 0

    init(_ target: any ObjectWriter) { self.target = target }

    func write(_ bytes: UnsafeRawBufferPointer) throws(SQLError) {
        let begin = Platform.monotonicNs
        defer { nanoseconds += Platform.monotonicNs - begin }
        try target.write(bytes)
        byteCount += bytes.count
    }

    func prepare() throws(SQLError) {
        let begin = Platform.monotonicNs
        defer { nanoseconds += Platform.monotonicNs - begin }
        try target.prepare()
    }
    func finish() throws(SQLError) { try target.finish() }
}
