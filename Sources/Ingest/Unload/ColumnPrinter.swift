import SQLTypes
import VectorEngine

/// Prints one column of a batch, value after value: one dispatch a column, then one loop.
///
///     text    "12" "" "7"           the fields, one behind the other
///     ends    2 2 3                 where each ends
///     valid   1 0 1                 0: the value is null, and its field is empty
struct ColumnPrinter {
    private(set) var text: [UInt8] = []
    private(set) var ends: [Int] = []
    private(set) var valid: [UInt8] = []
    private let type: SQLType
    private let quoting: FieldQuoting
    private var scratch: [UInt8] = []

    init(_ type: SQLType, _ quoting: FieldQuoting) {
        self.type = type
        self.quoting = quoting
    }

    mutating func print(_ vector: Vector) {
        text.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        ends.reserveCapacity(vector.count)
        valid = [UInt8](unsafeUninitializedCapacity: vector.count) { memory, count in
            if let start = memory.baseAddress { vector.copyValidity(to: start) }
            count = vector.count
        }
        switch type {
        case .char, .varchar, .unknown:
            printStrings(vector)
            return
        case .smallint, .integer, .bigint:
            printIntegers(vector, as: Int64.self) { TextWriter.append($0, to: &$1) }
        case .date: printIntegers(vector, as: Int32.self) { TextWriter.append(date: $0, to: &$1) }
        case .timestamp: printIntegers(vector, as: Int64.self) { TextWriter.append(timestamp: $0, to: &$1) }
        case .boolean:
            printIntegers(vector, as: Int64.self) { $1.append(UInt8(ascii: $0 != 0 ? "t" : "f")) }
        case .decimal(_, let scale):
            printIntegers(vector, as: Int128.self) { TextWriter.append($0, scale: scale, to: &$1) }
        default: printValues(vector)
        }
        if !quoting.passesNumbers { quoteFields() }
    }

    /// `write` is inlined into the loop: this is private to the file, and every caller passes a literal.
    @inline(__always)
    private mutating func printIntegers<T: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
        _ vector: Vector, as type: T.Type, _ write: (T, inout [UInt8]) -> Void
    ) {
        withUnsafeTemporaryAllocation(of: T.self, capacity: max(1, vector.count)) { values in
            guard let start = values.baseAddress else { return }
            vector.copyIntegers(to: start)
            for row in 0..<vector.count {
                if valid[row] != 0 { write(start[row], &text) }
                ends.append(text.count)
            }
        }
    }

    /// Floats, zoned times, intervals, VARBYTE.
    private mutating func printValues(_ vector: Vector) {
        for row in 0..<vector.count {
            let value = vector.value(at: row, as: type)
            switch value {
            case .double(let number) where number.isFinite: append(shortest: number.description)
            case .real(let number) where number.isFinite: append(shortest: number.description)
            default: value.append(as: type, to: &text)
            }
            ends.append(text.count)
        }
    }

    /// As many digits as make the same number again when read. - Parameter description: Swift's.
    private mutating func append(shortest description: String) {
        text.append(contentsOf: description.utf8)
        if description.hasSuffix(".0") { text.removeLast(2) }
    }

    private mutating func printStrings(_ vector: Vector) {
        var width = 0
        if case .char(let length) = type { width = length }
        withUnsafeTemporaryAllocation(of: StringView.self, capacity: max(1, vector.count)) { views in
            guard let start = views.baseAddress else { return }
            let owners = vector.copyViews(to: start)
            withExtendedLifetime((owners, vector)) {
                for row in 0..<vector.count {
                    if valid[row] != 0 { append(start[row].bytes, width: width) }
                    ends.append(text.count)
                }
            }
        }
    }

    /// CHAR is filled up with blanks, as it is everywhere it is shown.
    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, width: Int) {
        guard bytes.count < width else { return quoting.append(bytes, to: &text) }
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: bytes)
        scratch.append(contentsOf: repeatElement(UInt8(ascii: " "), count: width - bytes.count))
        scratch.withUnsafeBufferPointer { quoting.append($0, to: &text) }
    }

    /// Once more over what has been printed: for odd delimiters and for ADDQUOTES.
    private mutating func quoteFields() {
        let plain = text
        text.removeAll(keepingCapacity: true)
        var start = 0
        plain.withUnsafeBufferPointer { plain in
            for row in ends.indices {
                let end = ends[row]
                if valid[row] != 0 { quoting.append(UnsafeBufferPointer(rebasing: plain[start..<end]), to: &text) }
                ends[row] = text.count
                start = end
            }
        }
    }
}
