package import Blueshift
import SQLTypes

/// A result boiled down to what must be the same on every shape of cluster: how many rows, which values. The order of
/// rows does not count, because SQL promises none among equals. FLOAT sums depend on the order of adding: such columns
/// are compared by their sum, to nine digits.
package struct ResultChecksum: Hashable, Sendable, Codable {
    package var rows: Int
    /// Of all exact values: the wrapping sum of each row's FNV-1a, as 16 hexadecimal digits.
    package var exact: String
    /// Of each FLOAT column in order: the sum, and the sum of magnitudes, which says how exact that is.
    package var sums: [FloatSum]

    package struct FloatSum: Hashable, Sendable, Codable {
        package var sum: Double
        package var magnitude: Double
    }

    package init(_ result: [Row]) {
        rows = result.count
        let columns = result.first?.columns ?? []
        let isFloat = columns.map { $0.type == .double || $0.type == .real }
        var sums = [FloatSum](repeating: FloatSum(sum: 0, magnitude: 0), count: columns.count)
        var total: UInt64 = 0
        var text: [UInt8] = []
        for row in result {
            text.removeAll(keepingCapacity: true)
            for (index, column) in columns.enumerated() {
                let value = row[index]
                if let number = ResultChecksum.float(value) {
                    // NaN and infinities would make every sum equal, or none.
                    if number.isFinite {
                        sums[index].sum += number
                        sums[index].magnitude += abs(number)
                        continue
                    }
                }
                // Lengths keep ('a', 'bc') and ('ab', 'c') apart.
                let bytes = value.isNull ? [] : value.text(as: column.type)
                text.append(contentsOf: "\(value.isNull ? -1 : bytes.count):".utf8)
                text.append(contentsOf: bytes)
            }
            total &+= ResultChecksum.hash(text)
        }
        let digits = String(total, radix: 16)
        exact = String(repeating: "0", count: 16 - digits.count) + digits
        self.sums = zip(isFloat, sums).filter { $0.0 }.map { $0.1 }
    }

    private static func float(_ value: SQLValue) -> Double? {
        switch value {
        case .double(let number): number
        case .real(let number): Double(number)
        default: nil
        }
    }

    /// - Source: Fowler, Noll, Vo; the finishing steps are SplitMix64's, for sums that spread.
    private static func hash(_ bytes: [UInt8]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var mixer = SplitMix64(seed: hash)
        return mixer.next()
    }

    package func agrees(with other: ResultChecksum) -> Bool {
        rows == other.rows && exact == other.exact && sums.count == other.sums.count
            && zip(sums, other.sums).allSatisfy { mine, theirs in
                abs(mine.sum - theirs.sum) <= 1e-9 * max(mine.magnitude, theirs.magnitude)
            }
    }
}

extension ResultChecksum: CustomStringConvertible {
    package var description: String { "\(rows) rows, \(exact)" }
}
