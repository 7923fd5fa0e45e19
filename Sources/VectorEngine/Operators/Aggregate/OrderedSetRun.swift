import SQLTypes

/// LISTAGG, MEDIAN or a percentile of one group whose values are too many for memory: they come in order and go to disk,
/// and the one or two that count are read again. A list is put together on the way.
final class OrderedSetRun {
    private let function: String
    private let type: SQLType
    private let parameter: SQLValue?
    private let result: SQLType
    private let workspace: SpillWorkspace
    private let writer: SpillRunWriter?
    private var count = 0
    private var list = ListText()

    init(
        _ function: String, type: SQLType, parameter: SQLValue?, result: SQLType, _ workspace: SpillWorkspace
    ) throws(SQLError) {
        self.function = function
        self.type = type
        self.parameter = parameter
        self.result = result
        self.workspace = workspace
        if function == "listagg" {
            writer = nil
            if case .string(let bytes)? = parameter { list.delimiter = bytes }
        } else {
            writer = try workspace.writer()
        }
    }

    /// The next values in order; nulls do not count.
    func append(_ values: Vector) throws(SQLError) {
        let present = values.presentValues
        guard present.count > 0 else { return }
        count += present.count
        guard let writer else {
            let views = Scratch<StringView>(capacity: present.count)
            let owners = present.copyViews(to: views.pointer)
            defer { withExtendedLifetime((owners, views)) {} }
            for row in 0..<present.count { try list.append(views.pointer[row]) }
            return
        }
        let kind = type.storage
        let own = present.kind == kind ? present : present.widened(to: kind)
        try writer.append(Batch(columns: [own], count: own.count))
    }

    /// One row.
    func finish() throws(SQLError) -> Vector {
        guard let writer else {
            var builder = VectorBuilder(kind: result.storage)
            if count == 0 {
                builder.appendNull()
            } else {
                list.bytes.withUnsafeBufferPointer { builder.append(bytes: $0) }
            }
            return builder.finish()
        }
        let rows = SpilledRows(try writer.finish(), workspace)
        let first = try OrderedSetFunction.place(function, parameter, of: count)
        let last = Swift.min(first + 1, count - 1)
        let values = try rows.values(0, kind: type.storage, of: count == 0 ? [] : Array(first...last))
        var results = try OrderedSetFunction(function, values, type: type, parameter: parameter, result: result)
        try results.append(KnownPlaces(count: count, first: first))
        return results.finish()
    }
}

/// `count` rows, of which those from `first` on are the rows 0, 1, … of a vector.
private struct KnownPlaces: RandomAccessCollection {
    let count: Int
    let first: Int
    var startIndex: Int { 0 }
    var endIndex: Int { count }
    subscript(position: Int) -> Int { position - first }
}

/// What LISTAGG puts together.
struct ListText {
    var delimiter: [UInt8] = []
    private(set) var bytes: [UInt8] = []
    private var isFirst = true

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        isFirst = true
    }

    mutating func append(_ value: StringView) throws(SQLError) {
        if !isFirst { bytes += delimiter }
        isFirst = false
        bytes += value.bytes
        guard bytes.count <= SQLType.maximumVarcharLength else {
            throw SQLError(
                .programLimitExceeded, "Result size exceeds LISTAGG limit",
                detail: "A list is longer than \(SQLType.maximumVarcharLength) bytes.")
        }
    }
}
