/// Some records of the text, cut into fields but not yet read: where each field begins, column by column, so that a
/// column is then parsed in one loop.
///
///     starts[f × stride + r]    first byte of field f of record r, from `base`; f = 0 ... fieldCount
///     field f of record r       starts[f][r] ..< starts[f + 1][r] - 1      (the separator lies between)
///
/// The block owns its arrays, not the text.
final class RecordBlock {
    static let rowCapacity = 1_024
    /// Text per block, so that it is still in the cache when its last column is parsed.
    static let targetBytes = 128 << 10

    let fieldCount: Int
    /// Not a power of two: columns would compete for the same cache sets.
    let stride = RecordBlock.rowCapacity + 16
    let starts: UnsafeMutablePointer<UInt32>
    /// The text of the records as it stands in the file, from `lineBase`, without the line end.
    let lineStart: UnsafeMutablePointer<UInt32>
    let lineEnd: UnsafeMutablePointer<UInt32>
    let lineNumber: UnsafeMutablePointer<Int64>
    /// 1: a field of the record could not be read.
    let rejected: UnsafeMutablePointer<UInt8>
    /// 1: ACCEPTINVCHARS replaced something.
    let replaced: UnsafeMutablePointer<UInt8>

    var count = 0
    /// Valid until the window or the scanner's scratch memory changes; readable for `TextWindow.padding` bytes past the
    /// end.
    var base: UnsafePointer<UInt8>
    var lineBase: UnsafePointer<UInt8>
    /// True promises that no byte of a field is above 0x7F.
    var isASCII = false
    /// At most one per record, in the order of the columns.
    var failures: [FieldFailure] = []

    struct FieldFailure {
        var row: Int
        var field: Int
        var failure: Failure
    }

    struct Failure {
        var code: LoadErrorCode
        var reason: String
        var position = 0
    }

    init(fieldCount: Int, base: UnsafePointer<UInt8>) {
        self.fieldCount = fieldCount
        self.base = base
        lineBase = base
        // One column more than there are ends, where surplus separators go.
        starts = RecordBlock.zeros((fieldCount + 2) * stride)
        lineStart = RecordBlock.zeros(stride)
        lineEnd = RecordBlock.zeros(stride)
        lineNumber = RecordBlock.zeros(stride)
        rejected = RecordBlock.zeros(stride)
        replaced = RecordBlock.zeros(stride)
    }

    deinit {
        starts.deallocate()
        lineStart.deallocate()
        lineEnd.deallocate()
        lineNumber.deallocate()
        rejected.deallocate()
        replaced.deallocate()
    }

    private static func zeros<T: FixedWidthInteger>(_ count: Int) -> UnsafeMutablePointer<T> {
        let memory = UnsafeMutablePointer<T>.allocate(capacity: count)
        memory.initialize(repeating: 0, count: count)
        return memory
    }

    func reset(base: UnsafePointer<UInt8>, lineBase: UnsafePointer<UInt8>) {
        self.base = base
        self.lineBase = lineBase
        count = 0
        isASCII = false
        failures.removeAll(keepingCapacity: true)
        rejected.update(repeating: 0, count: stride)
        replaced.update(repeating: 0, count: stride)
    }

    func field(_ field: Int, of row: Int) -> UnsafeBufferPointer<UInt8> {
        let start = Int(starts[field * stride + row])
        let end = Int(starts[(field + 1) * stride + row]) - 1
        return UnsafeBufferPointer(start: base + start, count: end - start)
    }

    func line(_ row: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: lineBase + Int(lineStart[row]), count: Int(lineEnd[row]) - Int(lineStart[row]))
    }

    func reject(_ row: Int, field: Int, _ failure: Failure) {
        guard rejected[row] == 0 else { return }
        rejected[row] = 1
        failures.append(FieldFailure(row: row, field: field, failure: failure))
    }

    /// Leaves only the records that were not rejected.
    func dropRejected() {
        var kept = 0
        for row in 0..<count where rejected[row] == 0 {
            for field in 0...fieldCount { starts[field * stride + kept] = starts[field * stride + row] }
            lineStart[kept] = lineStart[row]
            lineEnd[kept] = lineEnd[row]
            lineNumber[kept] = lineNumber[row]
            kept += 1
        }
        count = kept
        failures.removeAll(keepingCapacity: true)
        rejected.update(repeating: 0, count: stride)
        replaced.update(repeating: 0, count: stride)
    }
}
