/// Fields of fixed widths, in characters, without separators; a record still ends in a line end. Fields are copied into
/// scratch memory with a gap behind each, so that everything behind the scanner sees the usual layout.
final class FixedWidthScanner: RecordScanner {
    private let widths: [Int]
    private let rules: RecordRules
    var lineNumber: Int64 = 0
    var failures: [RecordFailure] = []
    private var scratch: UnsafeMutablePointer<UInt8>
    private var scratchCapacity = 0

    init(widths: [Int], rules: RecordRules) {
        self.widths = widths
        self.rules = rules
        scratch = .allocate(capacity: TextWindow.padding)
    }

    deinit { scratch.deallocate() }

    func scan(_ window: TextWindow, into block: RecordBlock) {
        let lastStart = min(window.end, window.start + RecordBlock.targetBytes)
        let gaps = RecordBlock.rowCapacity * (widths.count + 1)
        reserve(window.unreadCount + gaps)
        block.reset(base: scratch, lineBase: window.base)
        var out = 0
        var row = 0
        while row < RecordBlock.rowCapacity, window.start < lastStart {
            let unread = UnsafeBufferPointer(start: window.base + window.start, count: window.unreadCount)
            guard let length = unread.firstIndex(of: UInt8(ascii: "\n")) else { break }
            lineNumber += 1
            let outStart = out
            if finish(row, from: window.start, length: length, window, &out, in: block) {
                row += 1
            } else {
                out = outStart
            }
            window.start += length + 1
        }
        block.count = row
    }

    /// Whether the line became record `row`.
    private func finish(
        _ row: Int, from start: Int, length: Int, _ window: TextWindow, _ out: inout Int, in block: RecordBlock
    ) -> Bool {
        let hasReturn = length > 0 && window.base[start + length - 1] == UInt8(ascii: "\r")
        let end = start + (hasReturn ? length - 1 : length)
        block.lineStart[row] = UInt32(truncatingIfNeeded: start)
        block.lineEnd[row] = UInt32(truncatingIfNeeded: end)
        block.lineNumber[row] = lineNumber
        var position = start
        var fields = 0
        block.starts[row] = UInt32(truncatingIfNeeded: out)
        for width in widths where position < end {
            var left = width
            while position < end {
                let byte = window.base[position]
                // A byte that continues a character counts with it.
                if byte & 0xC0 != 0x80 {
                    if left == 0 { break }
                    left -= 1
                }
                scratch[out] = byte
                out += 1
                position += 1
            }
            out += 1
            fields += 1
            block.starts[fields * block.stride + row] = UInt32(truncatingIfNeeded: out)
        }
        switch rules.judge(
            fields: position < end ? fields + 1 : fields, lineBytes: end - start, lastFieldIsEmpty: false, row: row,
            in: block)
        {
        case .accepted:
            // Fields that FILLRECORD added begin and end behind the last.
            out = max(out, Int(block.starts[widths.count * block.stride + row]))
            return true
        case .ignored: return false
        case .failed(let failure):
            let line = Array(UnsafeBufferPointer(rebasing: block.line(row).prefix(LoadError.rawByteLimit)))
            failures.append(RecordFailure(lineNumber: lineNumber, line: line, failure: failure))
            return false
        }
    }

    private func reserve(_ count: Int) {
        guard count > scratchCapacity else { return }
        scratch.deallocate()
        scratchCapacity = count
        scratch = .allocate(capacity: count + TextWindow.padding)
        scratch.initialize(repeating: 0, count: count + TextWindow.padding)
    }
}
