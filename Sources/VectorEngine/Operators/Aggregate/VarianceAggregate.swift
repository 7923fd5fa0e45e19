import SQLTypes

/// STDDEV_SAMP, STDDEV_POP, VAR_SAMP, VAR_POP: count, mean and sum of squared deviations, merged pairwise.
/// - Source: Chan, Golub, LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979.
final class VarianceAggregate: Aggregate {
    private let isSample: Bool
    private let isDeviation: Bool
    private let argument: SQLType
    private let resultType: SQLType
    private let counts = Column<Int64>()
    private let means = Column<Double>()
    private let squares = Column<Double>()
    private let values = Scratch<Double>()
    private let others = Scratch<Double>(capacity: 0)
    private let wides = Scratch<Int128>(capacity: 0)
    private let added = Scratch<Int64>(capacity: 0)
    private let valid = Scratch<UInt8>()

    init(_ function: String, argument: SQLType, result: SQLType) {
        isSample = function.hasSuffix("_samp")
        isDeviation = function.hasPrefix("stddev")
        self.argument = argument
        resultType = result
    }

    var byteCount: Int { counts.byteCount + means.byteCount + squares.byteCount }

    func grow(to groupCount: Int) {
        counts.grow(to: groupCount, filling: 0)
        means.grow(to: groupCount, filling: 0)
        squares.grow(to: groupCount, filling: 0)
    }

    func update(_ arguments: [Vector], _ rows: GroupedRows) {
        let values = self.values.reserve(rows.count)
        let valid = self.valid.reserve(rows.count)
        read(arguments[0], to: values)
        arguments[0].copyValidity(to: valid)
        for row in 0..<rows.count where valid[row] != 0 {
            let group = Int(rows.groups?[row] ?? 0)
            counts.pointer[group] += 1
            let delta = values[row] - means.pointer[group]
            means.pointer[group] += delta / Double(counts.pointer[group])
            squares.pointer[group] += delta * (values[row] - means.pointer[group])
        }
    }

    private func read(_ column: Vector, to target: UnsafeMutablePointer<Double>) {
        guard column.kind.isInteger else { return column.copyDoubles(to: target) }
        let source = wides.reserve(column.count)
        column.copyIntegers(to: source)
        let divisor = IntegerSumAggregate.power(argument.scale)
        for row in 0..<column.count { target[row] = Double(source[row]) / divisor }
    }

    func combine(_ states: [Vector], _ rows: GroupedRows) {
        let added = self.added.reserve(rows.count)
        let means = values.reserve(rows.count)
        let squares = others.reserve(rows.count)
        states[0].copyIntegers(to: added)
        states[1].copyDoubles(to: means)
        states[2].copyDoubles(to: squares)
        for row in 0..<rows.count where added[row] > 0 {
            let group = Int(rows.groups?[row] ?? 0)
            let own = Double(counts.pointer[group])
            let other = Double(added[row])
            let delta = means[row] - self.means.pointer[group]
            self.means.pointer[group] += delta * other / (own + other)
            self.squares.pointer[group] += squares[row] + delta * delta * own * other / (own + other)
            counts.pointer[group] += added[row]
        }
    }

    func partial() -> [Vector] {
        [
            Vector(kind: .int64, count: counts.count, form: .flat(counts.buffer())),
            Vector(kind: .float64, count: means.count, form: .flat(means.buffer())),
            Vector(kind: .float64, count: squares.count, form: .flat(squares.buffer())),
        ]
    }

    /// NULL without values; of one value the sample variance is NULL, too, as in PostgreSQL.
    func result() throws(SQLError) -> Vector {
        guard resultType.storage == .float64 else { throw SQLError.internalError("a variance of type \(resultType)") }
        let least: Int64 = isSample ? 2 : 1
        let counts = self.counts.pointer
        let squares = self.squares.pointer
        let isSample = self.isSample
        let isDeviation = self.isDeviation
        let buffer = Buffer(count: self.counts.count, of: Double.self) { target in
            for group in 0..<target.count where counts[group] >= least {
                let divisor = Double(isSample ? counts[group] - 1 : counts[group])
                let variance = Swift.max(squares[group], 0) / divisor
                target[group] = isDeviation ? variance.squareRoot() : variance
            }
        }
        let validity = Buffer(count: self.counts.count, of: UInt8.self) { target in
            for group in 0..<target.count { target[group] = counts[group] >= least ? 1 : 0 }
        }
        return Vector(kind: .float64, count: self.counts.count, form: .flat(buffer), validity: validity)
    }
}
