/// Plain delimited text: every delimiter and every LF means what it says. Sixteen bytes are compared at a time.
final class DelimitedScanner: RecordScanner {
    private let delimiter: UInt8
    private let rules: RecordRules
    var lineNumber: Int64 = 0
    var failures: [RecordFailure] = []
    var takesWholeText: Bool { true }

    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    init(delimiter: UInt8, rules: RecordRules) {
        self.delimiter = delimiter
        self.rules = rules
    }

    func scan(_ window: TextWindow, into block: RecordBlock) {
        let base = UnsafePointer(window.base)
        block.reset(base: base, lineBase: base)
        let end = window.end
        let lastStart = min(end, window.start + RecordBlock.targetBytes)
        let stride = block.stride
        let delimiters = SIMD16<UInt8>(repeating: delimiter)
        let newlines = SIMD16<UInt8>(repeating: DelimitedScanner.newline)
        var seen = SIMD16<UInt8>()

        var recordStart = window.start
        var row = 0
        var slot = block.starts
        slot.pointee = UInt32(truncatingIfNeeded: recordStart)
        var lastSlot = slot + (rules.fieldCount + 1) * stride
        var fields = 0
        var line = lineNumber
        var position = recordStart
        scan: while position < end {
            let bytes = UnsafeRawPointer(base + position).loadUnaligned(as: SIMD16<UInt8>.self)
            seen |= bytes
            let hits = unsafeBitCast((bytes .== delimiters) .| (bytes .== newlines), to: SIMD2<UInt64>.self)
            for half in 0..<2 {
                var bits = (half == 0 ? hits.x : hits.y) & DelimitedScanner.highBits
                while bits != 0 {
                    let at = position &+ half &* 8 &+ bits.trailingZeroBitCount &>> 3
                    bits &= bits &- 1
                    fields &+= 1
                    slot = slot < lastSlot ? slot + stride : lastSlot
                    slot.pointee = UInt32(truncatingIfNeeded: at &+ 1)
                    guard base[at] == DelimitedScanner.newline else { continue }
                    guard at < end else { break scan }
                    line &+= 1
                    if finish(row, line: line, from: recordStart, to: at, fields: fields, in: block) { row &+= 1 }
                    recordStart = at &+ 1
                    if row == RecordBlock.rowCapacity || recordStart >= lastStart { break scan }
                    slot = block.starts + row
                    lastSlot = slot + (rules.fieldCount + 1) * stride
                    slot.pointee = UInt32(truncatingIfNeeded: recordStart)
                    fields = 0
                }
            }
            position &+= 16
        }
        lineNumber = line
        block.count = row
        block.isASCII = seen.max() < 0x80
        window.start = recordStart
    }

    /// Whether the line became record `row`.
    @inline(__always)
    private func finish(
        _ row: Int, line: Int64, from start: Int, to newline: Int, fields: Int, in block: RecordBlock
    ) -> Bool {
        let hasReturn = newline > start && block.base[newline - 1] == DelimitedScanner.carriageReturn
        let end = hasReturn ? newline - 1 : newline
        block.lineStart[row] = UInt32(truncatingIfNeeded: start)
        block.lineEnd[row] = UInt32(truncatingIfNeeded: end)
        block.lineNumber[row] = line
        if hasReturn, fields <= rules.fieldCount {
            block.starts[fields * block.stride + row] = UInt32(truncatingIfNeeded: newline)
        }
        let lineBytes = end - start
        // A delimiter behind the last field is no further column; TPC's generators write one.
        let isRegular =
            fields == rules.fieldCount
            || fields == rules.fieldCount + 1 && block.base[end - 1] == delimiter
        if isRegular, lineBytes > 0, lineBytes <= CopyOptions.maximumRecordBytes { return true }
        return finishIrregular(row, start, end, fields, block)
    }

    @inline(never)
    private func finishIrregular(_ row: Int, _ start: Int, _ end: Int, _ fields: Int, _ block: RecordBlock) -> Bool {
        let lastFieldIsEmpty = end > start && block.base[end - 1] == delimiter
        switch rules.judge(
            fields: fields, lineBytes: end - start, lastFieldIsEmpty: lastFieldIsEmpty, row: row, in: block)
        {
        case .accepted: return true
        case .ignored: return false
        case .failed(let failure):
            let line = Array(UnsafeBufferPointer(rebasing: block.line(row).prefix(LoadError.rawByteLimit)))
            failures.append(RecordFailure(lineNumber: block.lineNumber[row], line: line, failure: failure))
            return false
        }
    }
}
