/// Cuts the text of a window into records and fields.
protocol RecordScanner: AnyObject {
    /// Takes whole records from the front of the window until the block is full or the window holds no more, and moves
    /// the window's start past them. Records with the wrong number of fields go to `failures` instead of the block.
    func scan(_ window: TextWindow, into block: RecordBlock)
    /// Lines before the window's start, header and rejected lines included.
    var lineNumber: Int64 { get set }
    /// Since they were last taken.
    var failures: [RecordFailure] { get set }
    /// Whether windows as large as a file are no matter: no copy of them is made, and no record is looked for beyond
    /// its own end.
    var takesWholeText: Bool { get }
}

extension RecordScanner {
    var takesWholeText: Bool { false }
}

/// A record that could not be cut into the columns' fields.
struct RecordFailure {
    var lineNumber: Int64
    var line: [UInt8]
    var failure: RecordBlock.Failure
}

/// What both scanners do at the end of a record.
struct RecordRules {
    let fieldCount: Int
    let fillRecord: Bool
    let ignoreBlankLines: Bool

    enum Verdict {
        case accepted
        case ignored
        case failed(RecordBlock.Failure)
    }

    static let lineTooLong = RecordBlock.Failure(code: .invalidLine, reason: "Line is longer than 4 MB")

    /// For a record that does not have `fieldCount` fields, is blank or very long. Fills up missing fields of `row` in
    /// the block.
    /// - Parameters:
    ///   - fields: how many there are; the block holds `starts` for them and the end of the last, as far as it has
    ///   room.
    ///   - lineBytes: of the line without its end; 0: it is blank.
    ///   - lastFieldIsEmpty: nothing stands behind the last delimiter.
    func judge(
        fields: Int, lineBytes: Int, lastFieldIsEmpty: Bool, row: Int, in block: RecordBlock
    ) -> Verdict {
        if lineBytes == 0, ignoreBlankLines { return .ignored }
        if lineBytes > CopyOptions.maximumRecordBytes { return .failed(RecordRules.lineTooLong) }
        if fields == fieldCount { return .accepted }
        if fields == fieldCount + 1, lastFieldIsEmpty { return .accepted }
        if fields > fieldCount {
            return .failed(RecordBlock.Failure(code: .extraColumns, reason: "Extra column(s) found"))
        }
        guard fillRecord else {
            return .failed(RecordBlock.Failure(code: .delimiterNotFound, reason: "Delimiter not found"))
        }
        for field in fields..<fieldCount {
            block.starts[(field + 1) * block.stride + row] = block.starts[field * block.stride + row] &+ 1
        }
        return .accepted
    }
}
