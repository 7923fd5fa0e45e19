import SQLTypes

/// A short way to group numbers when the key columns of a batch are codes of few values: the codes of a row make one
/// index into an array of group numbers, and no row is hashed. A place that is empty yet is filled through the hash
/// table, once per combination. The array stays good as long as the codes mean the same: same dictionaries, same bases.
///
///     l_returnflag  codes 0 1 2 (null 3)    stride 1
///     l_linestatus  codes 0 1   (null 2)    stride 4      12 places for 4 groups
final class DenseGroups {
    /// Places beyond which the array would fall out of the second-level cache.
    static let placeMaximum = 1 << 17

    private enum Meaning {
        case dictionary(StringDictionary)
        case coded(base: Int64, width: Int)
        case constant(SQLValue)

        func isSame(as other: Meaning) -> Bool {
            switch (self, other) {
            case (.dictionary(let own), .dictionary(let other)): own === other
            case (.coded(let base, let width), .coded(let otherBase, let otherWidth)):
                base == otherBase && width == otherWidth
            case (.constant(let own), .constant(let other)): own == other
            default: false
            }
        }
    }
    private static let empty = UInt32.max
    private static let claimed = UInt32.max - 1

    private var meanings: [Meaning] = []
    private var strides: [Int] = []
    private let places = Column<UInt32>(capacity: 0)
    private var placeCount = 0
    private var batchCount = 0
    private var layoutCount = 0
    private let index = Scratch<UInt32>()
    private let codes = Scratch<UInt32>()
    private let valid = Scratch<UInt8>(capacity: 0)
    private let newRows = Scratch<UInt32>(capacity: 16)
    private let newGroups = Scratch<UInt32>(capacity: 16)

    /// False, and nothing done, if a column has no codes or there would be too many places.
    func assign(
        _ columns: [Vector], count: Int, table: GroupTable, groups: UnsafeMutablePointer<UInt32>
    ) throws(SQLError) -> Bool {
        guard prepare(columns) else { return false }
        let index = self.index.reserve(count)
        index.update(repeating: 0, count: count)
        for (position, column) in columns.enumerated() { addCodes(of: column, position, to: index) }
        let places = self.places.pointer
        let newRows = self.newRows.reserve(Swift.min(count, placeCount))
        var newCount = 0
        for row in 0..<count {
            let place = Int(index[row])
            let group = places[place]
            if group == DenseGroups.empty {
                places[place] = DenseGroups.claimed
                newRows[newCount] = UInt32(truncatingIfNeeded: row)
                newCount += 1
            }
            groups[row] = group
        }
        guard newCount > 0 else { return true }
        let rows = Span(_unsafeElements: UnsafeBufferPointer(start: UnsafePointer(newRows), count: newCount))
        let newGroups = self.newGroups.reserve(newCount)
        try table.assign(columns.map { $0.gathered(rows) }, count: newCount, groups: newGroups)
        for position in 0..<newCount { places[Int(index[Int(newRows[position])])] = newGroups[position] }
        for row in 0..<count { groups[row] = places[Int(index[row])] }
        return true
    }

    /// Lays the array out for these columns, anew if their codes mean something else than before.
    private func prepare(_ columns: [Vector]) -> Bool {
        var meanings: [Meaning] = []
        var strides: [Int] = []
        var size = 1
        for column in columns {
            let domain: Int
            switch column.form {
            case .dictionary(_, let dictionary):
                meanings.append(.dictionary(dictionary))
                domain = dictionary.count + 1
            case .coded(let codes, let base):
                guard codes.width <= 2 else { return false }
                meanings.append(.coded(base: base, width: codes.width))
                domain = (1 << (8 * codes.width)) + 1
            case .constant(let value):
                meanings.append(.constant(value))
                domain = 1
            case .flat, .views: return false
            }
            strides.append(size)
            size *= domain
            guard size <= DenseGroups.placeMaximum else { return false }
        }
        let isSame =
            meanings.count == self.meanings.count && zip(meanings, self.meanings).allSatisfy { $0.isSame(as: $1) }
        batchCount += 1
        guard !isSame else { return true }
        // Codes that mean something else with each batch: clearing a large array would cost more than hashing.
        guard size <= 8_192 || layoutCount <= 4 + batchCount / 8 else { return false }
        layoutCount += 1
        self.meanings = meanings
        self.strides = strides
        placeCount = size
        places.grow(to: size, filling: DenseGroups.empty)
        places.pointer.update(repeating: DenseGroups.empty, count: size)
        return true
    }

    /// `index[row] += stride · code`, where the code after the last stands for null.
    private func addCodes(of column: Vector, _ position: Int, to index: UnsafeMutablePointer<UInt32>) {
        let stride = UInt32(truncatingIfNeeded: strides[position])
        let nullCode: UInt32
        switch meanings[position] {
        case .constant: return
        case .dictionary(let dictionary): nullCode = UInt32(truncatingIfNeeded: dictionary.count)
        case .coded(_, let width): nullCode = 1 << UInt32(8 * width)
        }
        let count = column.count
        let codes = self.codes.reserve(count)
        column.copyCodes(to: codes)
        if column.mayHaveNulls {
            let valid = self.valid.reserve(count)
            column.copyValidity(to: valid)
            for row in 0..<count where valid[row] == 0 { codes[row] = nullCode }
        }
        for row in 0..<count { index[row] &+= stride &* codes[row] }
    }

    /// As new, but for the memory that is kept.
    func empty() {
        meanings = []
        strides = []
        placeCount = 0
        batchCount = 0
        layoutCount = 0
    }

    var byteCount: Int { places.byteCount }
}
