/// The Universal Scalability Law, X(n) = λ·n / (1 + σ·(n − 1) + κ·n·(n − 1)): throughput of n slices, where λ is that
/// of one, σ the share that is serialised (contention) and κ what keeping each pair of slices in step costs
/// (coherency). With κ = 0 it is Amdahl's law; with κ > 0 there is a peak, behind which more slices are slower.
/// - Source: Gunther, "Guerrilla Capacity Planning", Springer 2007, chapters 4 to 6.
package struct ScalabilityLaw: Hashable, Sendable {
    package var lambda: Double
    package var sigma: Double
    package var kappa: Double

    package init(lambda: Double, sigma: Double, kappa: Double) {
        self.lambda = lambda
        self.sigma = sigma
        self.kappa = kappa
    }

    package func throughput(_ n: Double) -> Double { lambda * n / (1 + sigma * (n - 1) + kappa * n * (n - 1)) }

    /// Where throughput is greatest, not rounded; nil if it grows for ever (κ = 0). 1 if a second slice only hurts.
    package var peak: Double? {
        guard kappa > 0 else { return nil }
        return sigma < 1 ? max(1, ((1 - sigma) / kappa).squareRoot()) : 1
    }
}

/// The law that lies nearest to measured throughputs, by least squares, with σ ≥ 0 and κ ≥ 0.
package struct ScalabilityFit: Hashable, Sendable {
    package struct Point: Hashable, Sendable {
        package var n: Double
        package var throughput: Double
        package init(n: Double, throughput: Double) {
            self.n = n
            self.throughput = throughput
        }
    }

    package var law: ScalabilityLaw
    /// Measured minus fitted, in the order of the points, in the unit of throughput.
    package var residuals: [Double]
    /// √(sum of squared residuals / degrees of freedom) over the greatest throughput: how far off the curve is. Nil if
    /// nothing is left over to judge it by.
    package var relativeError: Double?
    /// Whether λ was fitted, too; otherwise it is what one slice was measured at.
    package var fitsLambda: Bool

    /// Fits σ and κ to three different numbers of slices, of which one must be 1, and λ as well to four or more. With
    /// fewer there is nothing to fit: nil.
    package init?(_ points: [Point]) {
        precondition(points.allSatisfy { $0.n >= 1 && $0.throughput > 0 }, "throughputs \(points)")
        let different = Set(points.map(\.n)).count
        let alone = points.filter { $0.n == 1 }.map(\.throughput)
        guard different >= 4 || (different == 3 && !alone.isEmpty) else { return nil }
        fitsLambda = different >= 4
        let first = alone.isEmpty ? points.map { $0.throughput / $0.n }.max() ?? 1 : Sample(alone).median
        // σ or κ below zero has no meaning: such a fit is made again with that one, the other, or both held at zero.
        var best: (law: ScalabilityLaw, error: Double)?
        for held in [Held.none, .sigma, .kappa, .both] {
            let law = Solver(points: points, fitsLambda: fitsLambda, held: held).solve(from: first)
            guard law.sigma >= 0, law.kappa >= 0, law.lambda > 0 else { continue }
            let error = ScalabilityFit.squares(law, points)
            if best.map({ error < $0.error }) ?? true { best = (law, error) }
            if held == .none { break }
        }
        guard let best else { return nil }
        law = best.law
        residuals = points.map { $0.throughput - best.law.throughput($0.n) }
        let freedom = points.count - (fitsLambda ? 3 : 2)
        let scale = points.map(\.throughput).max() ?? 1
        relativeError = freedom > 0 ? (best.error / Double(freedom)).squareRoot() / scale : nil
    }

    private static func squares(_ law: ScalabilityLaw, _ points: [Point]) -> Double {
        points.reduce(0) { sum, point in
            let miss = point.throughput - law.throughput(point.n)
            return sum + miss * miss
        }
    }

    fileprivate enum Held { case none, sigma, kappa, both }
}

/// Levenberg and Marquardt's method for the three parameters, or those of them that are not held.
private struct Solver {
    let points: [ScalabilityFit.Point]
    let fitsLambda: Bool
    let held: ScalabilityFit.Held

    func solve(from alone: Double) -> ScalabilityLaw {
        var law = ScalabilityLaw(
            lambda: alone, sigma: holdsSigma ? 0 : 0.05, kappa: holdsKappa ? 0 : 0.001)
        var error = squares(law)
        var damping = 1e-3
        for _ in 0..<500 {
            guard let step = step(at: law, damping: damping) else { return law }
            let next = ScalabilityLaw(
                lambda: law.lambda + step[0], sigma: law.sigma + step[1], kappa: law.kappa + step[2])
            let nextError = squares(next)
            // Where the denominator comes near to zero or below there is no law.
            if nextError.isFinite, nextError <= error, points.allSatisfy({ next.throughput($0.n) > 0 }) {
                let gain = error - nextError
                law = next
                error = nextError
                damping = max(damping / 10, 1e-12)
                if gain <= 1e-15 * error { return law }
            } else {
                damping *= 10
                if damping > 1e12 { return law }
            }
        }
        return law
    }

    private var holdsSigma: Bool { held == .sigma || held == .both }
    private var holdsKappa: Bool { held == .kappa || held == .both }

    private func squares(_ law: ScalabilityLaw) -> Double {
        points.reduce(0) { sum, point in
            let miss = point.throughput - law.throughput(point.n)
            return sum + miss * miss
        }
    }

    /// What to add to λ, σ and κ; nil if the equations have no solution.
    private func step(at law: ScalabilityLaw, damping: Double) -> [Double]? {
        var normal = [[Double]](repeating: [Double](repeating: 0, count: 3), count: 3)
        var right = [Double](repeating: 0, count: 3)
        let isFree = [fitsLambda, !holdsSigma, !holdsKappa]
        for point in points {
            let n = point.n
            let denominator = 1 + law.sigma * (n - 1) + law.kappa * n * (n - 1)
            let value = law.lambda * n / denominator
            let slopes = [n / denominator, -value * (n - 1) / denominator, -value * n * (n - 1) / denominator]
            for i in 0..<3 where isFree[i] {
                right[i] += slopes[i] * (point.throughput - value)
                for j in 0..<3 where isFree[j] { normal[i][j] += slopes[i] * slopes[j] }
            }
        }
        for i in 0..<3 { normal[i][i] = isFree[i] ? normal[i][i] * (1 + damping) : 1 }
        return solveLinear(normal, right)
    }
}

/// Gauss's elimination with the greatest pivot first; nil if a pivot is zero.
private func solveLinear(_ matrix: [[Double]], _ right: [Double]) -> [Double]? {
    var matrix = matrix
    var right = right
    let size = right.count
    for column in 0..<size {
        let pivot = (column..<size).max { abs(matrix[$0][column]) < abs(matrix[$1][column]) } ?? column
        guard abs(matrix[pivot][column]) > 0 else { return nil }
        matrix.swapAt(pivot, column)
        right.swapAt(pivot, column)
        for row in (column + 1)..<max(size, column + 1) {
            let factor = matrix[row][column] / matrix[column][column]
            for place in column..<size { matrix[row][place] -= factor * matrix[column][place] }
            right[row] -= factor * right[column]
        }
    }
    for row in stride(from: size - 1, through: 0, by: -1) {
        for place in (row + 1)..<max(size, row + 1) { right[row] -= matrix[row][place] * right[place] }
        right[row] /= matrix[row][row]
    }
    return right
}
