import SQLTypes

/// Numbers for the strings of a key column that comes in codes of small dictionaries: each entry is looked up once for
/// each dictionary, a row costs a look into an array, and the groups are told apart by integers.
///
///     row group 1   0 'AIR' 1 'MAIL'              codes 1 0 1    numbers 1 0 1
///     row group 2   0 'AIR' 1 'FOB' 2 'MAIL'      codes 1 2 0    numbers 2 1 0
///
/// Strings that come in other forms are looked up row by row. Equal in SQL (but for trailing blanks) means one number.
final class TextNumbers {
    /// Entries up to which a dictionary is looked up whole.
    private static let entryMaximum = 4_096

    private let type: SQLType
    private let strings: GroupTable
    private var dictionary: StringDictionary?
    /// By code of `dictionary`.
    private let numberOfCode = Column<UInt32>(capacity: 0)
    private let scratch = Scratch<UInt32>(capacity: 0)

    init(_ type: SQLType) {
        self.type = type
        strings = GroupTable([type], numbersText: false)
    }

    /// Whether a column that begins like this is worth numbers.
    static func suit(_ column: Vector) -> Bool {
        guard case .dictionary(_, let dictionary) = column.form else { return false }
        return dictionary.count > 0 && dictionary.count <= entryMaximum
    }

    var byteCount: Int { strings.byteCount + numberOfCode.byteCount }

    /// The number of each row's string; null where that is.
    func numbers(of column: Vector) throws(SQLError) -> Vector {
        let count = column.count
        guard count > 0, !column.isNullConstant else { return .nulls(kind: .int64, count: count) }
        let numbers = scratch.reserve(count)
        if case .dictionary(_, let own) = column.form, TextNumbers.suit(column) {
            if own !== dictionary { try take(own) }
            column.copyCodes(to: numbers)
            let known = numberOfCode.pointer
            // The filler of a null row need not be a code.
            let last = UInt32(truncatingIfNeeded: own.count - 1)
            for row in 0..<count { numbers[row] = known[Int(Swift.min(numbers[row], last))] }
        } else {
            try strings.assign([column], count: count, groups: numbers)
        }
        let codes = Buffer.filled(count: count, of: UInt32.self) { $0.update(from: numbers, count: count) }
        return Vector(
            kind: .int64, count: count, form: .coded(.u32(codes), base: 0), validity: column.validityFromZero())
    }

    private func take(_ new: StringDictionary) throws(SQLError) {
        let entries = Vector(kind: .bytes, count: new.count, form: .views(new.views, owners: new.owners))
        numberOfCode.grow(to: new.count, filling: 0)
        try strings.assign([entries], count: new.count, groups: numberOfCode.pointer)
        dictionary = new
    }

    /// The strings, as first seen, of which these are the numbers. No string may follow.
    func strings(of numbers: Vector) -> Vector {
        let all = strings.finish()[0]
        guard case .views(let views, let owners) = all.form else { return .nulls(kind: .bytes, count: numbers.count) }
        let wanted = Scratch<Int64>(capacity: numbers.count)
        numbers.copyIntegers(to: wanted.pointer)
        let codes = Buffer.filled(count: numbers.count, of: UInt32.self) { target in
            for row in 0..<numbers.count { target[row] = UInt32(truncatingIfNeeded: wanted.pointer[row]) }
        }
        withExtendedLifetime(wanted) {}
        // Two spellings of one string have one number, so that the entries differ.
        let dictionary = StringDictionary(views: views, owners: owners)
        return Vector(
            kind: .bytes, count: numbers.count,
            form: .dictionary(Codes.narrowest(codes, upTo: dictionary.count), dictionary),
            validity: numbers.validityFromZero())
    }
}
