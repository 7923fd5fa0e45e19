package import SQLTypes

/// What one slice parses at a stretch: a whole object, or a range of a large one that begins and ends at records.
package struct FilePart: Hashable, Sendable {
    package var object: ObjectSummary
    /// Stored bytes.
    package var bytes: Range<Int>

    package init(_ object: ObjectSummary, bytes: Range<Int>? = nil) {
        self.object = object
        self.bytes = bytes ?? 0..<object.sizeBytes
    }

    package var isWhole: Bool { bytes.lowerBound == 0 && bytes.upperBound == object.sizeBytes }
}

/// Cuts large files of plain text into ranges, so that several slices parse one file.
///
/// Ranges are cut at the first line end behind each multiple of `rangeBytes`, so that readers need not look beyond
/// their own range. In CSV a line end within quotation marks is data: there all quotation marks before a cut are
/// counted, in one pass over the file, and an odd number means "within". (A quotation mark in the middle of a field
/// without any is an error of its record; behind it the count is wrong, and more records may be rejected than without
/// ranges.)
/// - Source: Redshift developer guide, "Loading data from compressed and uncompressed files": 128 MB and more,
///   uncompressed.
package struct FileSplitting: Hashable, Sendable {
    /// Smaller files stay whole.
    package var thresholdBytes: Int
    package var rangeBytes: Int

    package init(thresholdBytes: Int, rangeBytes: Int) {
        precondition(rangeBytes > 0, "ranges of \(rangeBytes) bytes")
        self.thresholdBytes = thresholdBytes
        self.rangeBytes = rangeBytes
    }

    package static let standard = FileSplitting(thresholdBytes: 128 << 20, rangeBytes: 64 << 20)
    private static let chunkBytes = 1 << 20

    /// The parts of all objects, in their order. Reads large files, and may wait for the store.
    package func parts(
        of objects: [ObjectSummary], in store: any ObjectStore, options: CopyOptions
    ) throws(SQLError) -> [FilePart] {
        guard FileSplitting.canSplit(options) else { return objects.map { FilePart($0) } }
        var parts: [FilePart] = []
        for object in objects {
            guard object.sizeBytes >= thresholdBytes, object.sizeBytes > rangeBytes else {
                parts.append(FilePart(object))
                continue
            }
            let quote = options.format == .csv ? options.effectiveQuote : nil
            var start = 0
            for cut in try cuts(of: object, in: store, quote: quote) + [object.sizeBytes] where cut > start {
                parts.append(FilePart(object, bytes: start..<cut))
                start = cut
            }
        }
        return parts
    }

    /// Whether a line end, or what stands before it, tells where a record ends.
    static func canSplit(_ options: CopyOptions) -> Bool {
        guard options.compression == nil, !options.escape, !options.removeQuotes else { return false }
        return options.format == .delimited || options.format == .csv
    }

    /// Offsets behind line ends, ascending; at most one for each range.
    private func cuts(
        of object: ObjectSummary, in store: any ObjectStore, quote: UInt8?
    ) throws(SQLError) -> [Int] {
        let reader = try store.open(object.address)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: FileSplitting.chunkBytes, alignment: 16)
        defer { memory.deallocate() }
        var cuts: [Int] = []
        var target = rangeBytes
        var offset = quote == nil ? target : 0
        var isQuoted = false
        while target < object.sizeBytes {
            let count = try reader.read(at: offset, into: memory)
            if count == 0 { break }
            let bytes = UnsafeRawBufferPointer(rebasing: memory[..<count])
            var position = 0
            if let quote, offset < target {
                // Up to the target quotation marks only matter.
                position = min(count, target - offset)
                isQuoted = isQuoted != FileSplitting.hasOdd(quote, in: bytes[..<position])
            }
            guard let end = FileSplitting.lineEnd(in: bytes[position...], quote: quote, &isQuoted) else {
                offset += count
                continue
            }
            cuts.append(offset + end)
            target = (offset + end) / rangeBytes * rangeBytes + rangeBytes
            offset = quote == nil ? max(target, offset + end) : offset + end
        }
        return cuts
    }

    private static func hasOdd(_ byte: UInt8, in bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
        var sum: UInt8 = 0
        for other in bytes { sum &+= other == byte ? 1 : 0 }
        return sum & 1 == 1
    }

    /// The offset behind the first line end that is no data.
    private static func lineEnd(
        in bytes: Slice<UnsafeRawBufferPointer>, quote: UInt8?, _ isQuoted: inout Bool
    ) -> Int? {
        for index in bytes.indices {
            if bytes[index] == quote { isQuoted.toggle() }
            if bytes[index] == UInt8(ascii: "\n"), !isQuoted { return index + 1 }
        }
        return nil
    }
}
