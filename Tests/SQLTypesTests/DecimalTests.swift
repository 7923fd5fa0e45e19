import SQLTypes
import Testing

struct DecimalTests {
    private func type(_ precision: Int, _ scale: Int) -> SQLType { .decimal(precision: precision, scale: scale) }

    @Test(
        arguments: [
            (ArithmeticOperator.add, SQLType.smallint, SQLType.smallint, SQLType.smallint),
            (.multiply, .smallint, .integer, .integer), (.divide, .integer, .bigint, .bigint),
            (.add, .real, .real, .real), (.add, .real, .integer, .double), (.multiply, .double, .smallint, .double),
            (.multiply, .decimal(precision: 8, scale: 2), .real, .double),
            (
                .divide, .decimal(precision: 8, scale: 2), .decimal(precision: 8, scale: 2),
                .decimal(precision: 17, scale: 9)
            ),
            (
                .add, .decimal(precision: 8, scale: 2), .decimal(precision: 5, scale: 4),
                .decimal(precision: 11, scale: 4)
            ),
            (.subtract, .integer, .decimal(precision: 12, scale: 2), .decimal(precision: 13, scale: 2)),
            (
                .multiply, .decimal(precision: 12, scale: 2), .decimal(precision: 12, scale: 2),
                .decimal(precision: 25, scale: 4)
            ),
            (
                .multiply, .decimal(precision: 38, scale: 19), .decimal(precision: 19, scale: 2),
                .decimal(precision: 38, scale: 21)
            ),
            (
                .multiply, .decimal(precision: 38, scale: 20), .decimal(precision: 38, scale: 20),
                .decimal(precision: 38, scale: 37)
            ),
            (
                .divide, .decimal(precision: 19, scale: 2), .decimal(precision: 38, scale: 19),
                .decimal(precision: 38, scale: 4)
            ),
            (.divide, .integer, .decimal(precision: 38, scale: 20), .decimal(precision: 38, scale: 8)),
            (.add, .decimal(precision: 38, scale: 20), .bigint, .decimal(precision: 38, scale: 20)),
            (.modulo, .decimal(precision: 3, scale: 1), .integer, .decimal(precision: 3, scale: 1)),
        ] as [(ArithmeticOperator, SQLType, SQLType, SQLType)])
    func resultTypes(operation: ArithmeticOperator, left: SQLType, right: SQLType, expected: SQLType) {
        #expect(SQLType.arithmetic(operation, left, right) == expected)
    }

    @Test func stringsHaveNoArithmetic() {
        #expect(SQLType.arithmetic(.add, .text, .integer) == nil)
        #expect(SQLType.arithmetic(.add, .unknown, .integer) == nil)
    }

    /// Every result type is one that can be declared, and all of them are reachable without a trap.
    @Test func resultTypesAreValid() {
        for p1 in 1...38 {
            for s1 in 0...min(p1, 37) {
                for (p2, s2) in [(1, 0), (1, 1), (19, 0), (19, 18), (38, 0), (38, 20), (38, 37), (p1, s1)] {
                    for operation in ArithmeticOperator.allCases {
                        let shape = DecimalRules.result(of: operation, (p1, s1), (p2, s2))
                        #expect(
                            (1...38).contains(shape.precision) && (0...37).contains(shape.scale)
                                && shape.scale <= shape.precision, "\(operation) (\(p1),\(s1)) (\(p2),\(s2)) = \(shape)"
                        )
                    }
                    let union = DecimalRules.union((p1, s1), (p2, s2))
                    #expect((1...38).contains(union.precision) && (0...37).contains(union.scale))
                    #expect(union.scale <= union.precision)
                }
            }
        }
    }

    @Test(arguments: [
        (ArithmeticOperator.add, "1.25", "2.5", "3.75"), (.subtract, "1", "2.5", "-1.5"),
        (.multiply, "-1.5", "1.5", "-2.25"),
        (.divide, "1.00", "3.00", "0.3333"), (.divide, "-2.00", "3.00", "-0.6667"), (.modulo, "10.5", "4", "2.5"),
        (.modulo, "-10.5", "4", "-2.5"), (.modulo, "10.5", "-4", "2.5"), (.divide, "1", "0", "22012 Divide by zero"),
        (.modulo, "1", "0.0", "22012 Divide by zero"),
        (
            .multiply, "99999999999999999999999999999999999999", "10",
            "22003 128 bit numeric data overflow (multiplication)"
        ),
        (.add, "99999999999999999999999999999999999999", "1", "22003 Numeric data overflow (result precision)"),
    ])
    func computes(operation: ArithmeticOperator, left: String, right: String, expected: String) throws {
        let (a, b) = (decimal(left), decimal(right))
        let result = try #require(SQLType.arithmetic(operation, a.type, b.type)?.asDecimal)
        do throws(SQLError) {
            let value = try Decimal.apply(operation, a, b, result: result)
            #expect(show(.decimal(value), as: type(38, value.scale)) == expected)
        } catch {
            #expect("\(error.state.code) \(error.message)" == expected)
        }
    }

    /// The guide's example of an overflow and its way round.
    @Test func documentedOverflow() throws {
        let shape = (precision: 38, scale: 20)
        let one = try Decimal(unscaled: 1, scale: 0).fitted(precision: 38, scale: 20)
        let ten = try Decimal(unscaled: 10, scale: 0).fitted(precision: 38, scale: 20)
        #expect(throws: SQLError.decimalOverflow("multiplication")) {
            try Decimal.apply(.multiply, one, ten, result: DecimalRules.result(of: .multiply, shape, shape))
        }
        let inverseShape = DecimalRules.result(of: .divide, (10, 0), shape)
        let inverse = try Decimal.apply(.divide, Decimal(unscaled: 1, scale: 0), ten, result: inverseShape)
        let result = try Decimal.apply(
            .divide, one, inverse, result: DecimalRules.result(of: .divide, shape, inverseShape))
        #expect(Decimal.compare(result, Decimal(unscaled: 10, scale: 0)) == .equal)
    }

    @Test func setOperationTypes() {
        #expect(SQLType.common(type(10, 2), type(8, 4)) == type(12, 4))
        #expect(SQLType.common(type(7, 2), type(15, 3)) == type(15, 3))
        #expect(SQLType.common(type(19, 0), type(19, 10)) == type(19, 10))
        #expect(SQLType.common(type(38, 0), type(19, 10)) == type(38, 10))
        #expect(SQLType.common(.integer, type(8, 2)) == type(12, 2))
    }

    @Test func rescales() {
        #expect(Decimal.rescale(125, from: 2, to: 1, rounding: .halfAwayFromZero) == 13)
        #expect(Decimal.rescale(-125, from: 2, to: 1, rounding: .halfAwayFromZero) == -13)
        #expect(Decimal.rescale(-125, from: 2, to: 1, rounding: .towardZero) == -12)
        #expect(Decimal.rescale(124, from: 2, to: 1, rounding: .halfAwayFromZero) == 12)
        #expect(Decimal.rescale(.max, from: 0, to: 1, rounding: .towardZero) == nil)
        #expect(Decimal.rescale(.max, from: 39, to: 0, rounding: .halfAwayFromZero) == 0)
        #expect(Decimal.rescale(.max, from: 38, to: 0, rounding: .halfAwayFromZero) == 2)
        #expect(Decimal.rescale(.min, from: 38, to: 0, rounding: .towardZero) == -1)
        #expect(Decimal.rescale(0, from: 0, to: 500, rounding: .towardZero) == 0)
    }

    /// Against arithmetic on lists of decimal digits.
    @Test(arguments: UInt64(0)..<4)
    func agreesWithSchoolbookArithmetic(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<300 {
            let (a, b) = (random.decimal(digits: 38), random.decimal(digits: 38))
            let (p1, p2) = (
                (precision: max(a.digitCount, a.scale, 1), scale: a.scale),
                (precision: max(b.digitCount, b.scale, 1), scale: b.scale)
            )
            for operation in [ArithmeticOperator.add, .subtract, .multiply, .divide] {
                if operation == .divide, b.unscaled == 0 { continue }
                let shape = DecimalRules.result(of: operation, p1, p2)
                let expected = Schoolbook.apply(operation, a, b, scale: shape.scale)
                if let result = try? Decimal.apply(operation, a, b, result: shape) {
                    #expect(String(result.unscaled) == expected.text, "\(a) \(operation) \(b) at \(shape)")
                } else if operation == .divide {
                    // Only the result counts here; sums and products must fit in 128 bits before they are rounded, too.
                    #expect(!expected.fits(shape.precision), "\(a) / \(b) at \(shape)")
                } else {
                    let full = Schoolbook.apply(
                        operation, a, b, scale: operation == .multiply ? a.scale + b.scale : max(a.scale, b.scale))
                    let aligned = abs(a.scale - b.scale) + max(p1.precision, p2.precision) > 38
                    #expect(
                        !expected.fits(shape.precision) || !full.fits(38) || (operation != .multiply && aligned),
                        "\(a) \(operation) \(b) at \(shape)")
                }
            }
        }
    }

    @Test func comparesAcrossScales() {
        #expect(Decimal.compare(decimal("1.50"), decimal("1.5")) == .equal)
        #expect(Decimal.compare(decimal("-1.51"), decimal("-1.5")) == .less)
        #expect(
            Decimal.compare(decimal("99999999999999999999999999999999999999"), decimal("0.1234567890123456789"))
                == .greater)
        #expect(Decimal.compare(decimal("-0.01"), decimal("0")) == .less)
    }
}

extension SplitMix64 {
    fileprivate mutating func decimal(digits: Int) -> Decimal {
        let bits = Int128(truncatingIfNeeded: next()) << 64 | Int128(next())
        return Decimal(unscaled: bits % PowersOfTen.int128[1 + below(digits)], scale: below(digits))
    }
}

/// Numbers as lists of decimal digits, least significant first: slow and plain.
private struct Schoolbook {
    var isNegative: Bool
    var digits: [Int]

    init(_ value: Int128) {
        isNegative = value < 0
        digits = String(value.magnitude).reversed().compactMap(\.wholeNumberValue)
    }

    /// Whether a decimal of so many digits holds the number.
    func fits(_ precision: Int) -> Bool {
        guard let value = Int128(text) else { return false }
        return Decimal.fits(value, precision: precision)
    }

    var text: String {
        var digits = digits
        while digits.count > 1, digits.last == 0 { digits.removeLast() }
        let text = digits.reversed().map(String.init).joined()
        return isNegative && text != "0" ? "-\(text)" : text
    }

    static func apply(_ operation: ArithmeticOperator, _ a: Decimal, _ b: Decimal, scale: Int) -> Schoolbook {
        var (left, right) = (Schoolbook(a.unscaled), Schoolbook(b.unscaled))
        switch operation {
        case .multiply:
            left.digits = multiply(left.digits, right.digits)
            left.isNegative = left.isNegative != right.isNegative
            return left.rounded(dropping: a.scale + b.scale - scale)
        case .divide:
            // One digit more than wanted decides the rounding, because half away from zero needs no other.
            let shift = scale + 1 + b.scale - a.scale
            left.digits =
                shift >= 0
                ? Array(repeating: 0, count: shift) + left.digits : left.digits
            let divisor = shift >= 0 ? right.digits : Array(repeating: 0, count: -shift) + right.digits
            left.digits = divide(left.digits, divisor)
            left.isNegative = left.isNegative != right.isNegative
            return left.rounded(dropping: 1)
        default:
            if operation == .subtract { right.isNegative.toggle() }
            let common = max(a.scale, b.scale)
            left.digits = Array(repeating: 0, count: common - a.scale) + left.digits
            right.digits = Array(repeating: 0, count: common - b.scale) + right.digits
            return sum(left, right).rounded(dropping: common - scale)
        }
    }

    func rounded(dropping count: Int) -> Schoolbook {
        guard count > 0 else {
            var copy = self
            copy.digits = Array(repeating: 0, count: -count) + digits
            return copy
        }
        var copy = self
        let roundsUp = count <= digits.count && digits[count - 1] >= 5
        copy.digits = Array(digits.dropFirst(count))
        if copy.digits.isEmpty { copy.digits = [0] }
        if roundsUp { copy.digits = Schoolbook.add(copy.digits, [1]) }
        return copy
    }

    static func sum(_ a: Schoolbook, _ b: Schoolbook) -> Schoolbook {
        var result = a
        if a.isNegative == b.isNegative {
            result.digits = add(a.digits, b.digits)
        } else if isLess(a.digits, b.digits) {
            result.digits = subtract(b.digits, a.digits)
            result.isNegative = b.isNegative
        } else {
            result.digits = subtract(a.digits, b.digits)
        }
        return result
    }

    static func digit(_ digits: [Int], _ index: Int) -> Int { index < digits.count ? digits[index] : 0 }

    static func isLess(_ a: [Int], _ b: [Int]) -> Bool {
        for index in (0..<max(a.count, b.count)).reversed() where digit(a, index) != digit(b, index) {
            return digit(a, index) < digit(b, index)
        }
        return false
    }

    static func add(_ a: [Int], _ b: [Int]) -> [Int] {
        var (result, carry): ([Int], Int) = ([], 0)
        for index in 0...max(a.count, b.count) {
            let sum = digit(a, index) + digit(b, index) + carry
            result.append(sum % 10)
            carry = sum / 10
        }
        return result
    }

    static func subtract(_ a: [Int], _ b: [Int]) -> [Int] {
        var (result, borrow): ([Int], Int) = ([], 0)
        for index in 0..<max(a.count, b.count) {
            let difference = digit(a, index) - digit(b, index) - borrow
            borrow = difference < 0 ? 1 : 0
            result.append(difference + borrow * 10)
        }
        return result
    }

    static func multiply(_ a: [Int], _ b: [Int]) -> [Int] {
        var result = Array(repeating: 0, count: a.count + b.count + 1)
        for (i, x) in a.enumerated() {
            for (j, y) in b.enumerated() { result[i + j] += x * y }
            for index in 0..<(result.count - 1) {
                result[index + 1] += result[index] / 10
                result[index] %= 10
            }
        }
        return result
    }

    static func divide(_ a: [Int], _ b: [Int]) -> [Int] {
        var quotient: [Int] = []
        var rest: [Int] = []
        for next in a.reversed() {
            rest.insert(next, at: 0)
            var count = 0
            while !isLess(rest, b) {
                rest = subtract(rest, b)
                count += 1
            }
            while let last = rest.last, last == 0 { rest.removeLast() }
            quotient.append(count)
        }
        return quotient.reversed()
    }
}
