import Benchmarking
import SQLTypes
import Testing

@Suite struct SampleTests {
    @Test func orderStatistics() {
        let sample = Sample([5, 1, 4, 2, 3, 100])
        #expect(sample.median == 3.5)
        #expect(sample.minimum == 1)
        #expect(sample.maximum == 100)
        #expect(sample.quantile(0.25) == 2.25)
        #expect(sample.quantile(0.75) == 4.75)
        #expect(sample.interquartileRange == 2.5)
        // Distances from 3.5: 2.5, 1.5, 0.5, 0.5, 1.5, 96.5.
        #expect(sample.medianAbsoluteDeviation == 1.5)
        #expect(Sample([7]).median == 7)
        #expect(Sample([7]).quantile(1) == 7)
    }

    /// Conover, "Practical Nonparametric Statistics", table A3: the binomial tails that these ranks come from.
    @Test(arguments: [(5, 0, 4, 0.9375), (6, 0, 5, 0.96875), (10, 1, 8, 0.978515625), (15, 3, 11, 0.96484375)])
    func medianInterval(count: Int, low: Int, high: Int, level: Double) {
        let interval = Sample((0..<count).map(Double.init)).medianInterval()
        #expect(interval.low == Double(low))
        #expect(interval.high == Double(high))
        #expect(abs(interval.level - level) < 1e-12)
    }

    @Test func oneValueHasNoInterval() {
        let interval = Sample([3]).medianInterval()
        #expect(interval == Interval(low: 3, high: 3, level: 0))
    }

    /// The interval keeps its promise: in 19 of 20 samples of 15 values it holds the true median.
    @Test func medianIntervalCovers() {
        var random = SplitMix64(seed: 3)
        var covered = 0
        for _ in 0..<2_000 {
            let interval = Sample((0..<15).map { _ in random.unitDouble() }).medianInterval()
            if interval.low <= 0.5, interval.high >= 0.5 { covered += 1 }
        }
        #expect((1_900...1_960).contains(covered), "\(covered) of 2000, 96.5 % expected")
    }

    @Test func geometricMeans() {
        #expect(geometricMean([1, 4, 16]).map { abs($0 - 4) < 1e-12 } == true)
        #expect(geometricMean([]) == nil)
        #expect(geometricMean([1, 0]) == nil)
    }
}

@Suite struct SpeedUpTests {
    /// Quinn, "Parallel Programming in C with MPI and OpenMP", 2003, section 7.5: two programs with the same speed-up
    /// on 8 processors; what limits the first is serial code, what limits the second is overhead that grows.
    @Test func serialShareOfPublishedSpeedUps() {
        let serial = [1.82, 2.50, 3.08, 3.57, 4.00, 4.38, 4.71]
        let overhead = [1.87, 2.61, 3.23, 3.73, 4.14, 4.46, 4.71]
        let growing = [0.070, 0.075, 0.080, 0.085, 0.090, 0.095, 0.100]
        for (place, n) in (2...8).enumerated() {
            let first = SpeedUp(slices: n, value: serial[place]).serialShare
            #expect(first.map { abs($0 - 0.1) < 0.002 } == true, "\(n): \(first ?? -1)")
            let second = SpeedUp(slices: n, value: overhead[place]).serialShare
            #expect(second.map { abs($0 - growing[place]) < 0.001 } == true, "\(n): \(second ?? -1)")
        }
        #expect(SpeedUp(slices: 1, value: 1).serialShare == nil)
        #expect(SpeedUp(slices: 4, value: 3).efficiency == 0.75)
        #expect(SpeedUp(slices: 2, value: 2.2).serialShare.map { $0 < 0 } == true)
    }

    @Test func cost() {
        let medians = [(slices: 1, time: 40.0), (slices: 2, time: 21.0), (slices: 4, time: 12.0)]
        #expect(COST.of(medians, against: 30) == .slices(2))
        #expect(COST.of(medians, against: 50) == .slices(1))
        #expect(COST.of(medians, against: 10) == .unbounded(measured: 4))
        #expect(COST.of([], against: 10) == nil)
    }

    @Test func balance() {
        #expect(Balance([1, 1, 1, 1]).maxOverMean == 1)
        #expect(Balance([4, 0, 0, 0]).maxOverMean == 4)
        #expect(Balance([4, 0, 0, 0]).ceiling == 1)
        #expect(Balance([3, 1]).ceiling == 4.0 / 3)
        #expect(Balance([0, 0]).maxOverMean == 1)
    }
}

@Suite struct ScalabilityLawTests {
    /// The SPEC SDM91 figures of a SPARCcenter 2000 in Gunther's book, and what R's `usl` 3.0 fits to them.
    @Test func publishedFit() throws {
        let measured = [
            (1, 64.9), (18, 995.9), (36, 1652.4), (72, 1853.2), (108, 1828.9), (144, 1775.0), (216, 1702.2),
        ]
        let points = measured.map { ScalabilityFit.Point(n: Double($0.0), throughput: $0.1) }
        let fit = try #require(ScalabilityFit(points))
        #expect(abs(fit.law.sigma - 0.0277285) < 1e-5)
        #expect(abs(fit.law.kappa - 0.0001044) < 1e-6)
        #expect(abs(fit.law.lambda - 89.9952) < 0.01)
        #expect(fit.law.peak.map { abs($0 - 96.5) < 0.1 } == true)
        #expect(abs((fit.residuals.max() ?? 0) - 111.1) < 0.1)
        #expect(abs((fit.residuals.min() ?? 0) + 81.7) < 0.1)
    }

    @Test(arguments: [
        ScalabilityLaw(lambda: 12, sigma: 0.02, kappa: 0.0005), ScalabilityLaw(lambda: 0.3, sigma: 0.3, kappa: 0.01),
        ScalabilityLaw(lambda: 100, sigma: 0, kappa: 0.002), ScalabilityLaw(lambda: 5, sigma: 0.1, kappa: 0),
        ScalabilityLaw(lambda: 1, sigma: 0, kappa: 0),
    ])
    func recoversWhatItWasMadeFrom(law: ScalabilityLaw) throws {
        for numbers in [[1, 2, 4], [1, 2, 4, 8, 16], [2, 3, 8, 16, 32, 64]] {
            let points = numbers.map {
                ScalabilityFit.Point(n: Double($0), throughput: law.throughput(Double($0)))
            }
            let fit = try #require(ScalabilityFit(points))
            #expect(abs(fit.law.lambda - law.lambda) < 1e-4 * law.lambda, "\(numbers)")
            #expect(abs(fit.law.sigma - law.sigma) < 1e-4, "\(numbers)")
            #expect(abs(fit.law.kappa - law.kappa) < 1e-5, "\(numbers)")
            #expect(fit.residuals.allSatisfy { abs($0) < 1e-4 * law.lambda })
        }
    }

    /// Better than ideal would need σ < 0: the fit stays at a law that means something.
    @Test func superlinear() throws {
        let points = [(1.0, 10.0), (2, 22), (4, 48), (8, 104)].map { ScalabilityFit.Point(n: $0.0, throughput: $0.1) }
        let fit = try #require(ScalabilityFit(points))
        #expect(fit.law.sigma == 0)
        #expect(fit.law.kappa == 0)
        #expect(fit.law.peak == nil)
    }

    @Test func tooFewPoints() {
        let two = [ScalabilityFit.Point(n: 1, throughput: 1), ScalabilityFit.Point(n: 2, throughput: 1.8)]
        #expect(ScalabilityFit(two) == nil)
        #expect(ScalabilityFit(two + two) == nil)
        let withoutOne = [2.0, 3, 4].map { ScalabilityFit.Point(n: $0, throughput: $0) }
        #expect(ScalabilityFit(withoutOne) == nil)
    }

    @Test func peak() {
        #expect(ScalabilityLaw(lambda: 1, sigma: 0.5, kappa: 0.005).peak == 10)
        #expect(ScalabilityLaw(lambda: 1, sigma: 1.2, kappa: 0.1).peak == 1)
        #expect(ScalabilityLaw(lambda: 1, sigma: 0.1, kappa: 0).peak == nil)
    }
}

@Suite struct BootstrapTests {
    private func runs(_ random: inout SplitMix64, around center: Double, openings: Int = 3) -> RepeatedRuns {
        RepeatedRuns(
            (0..<openings).map { _ in (0..<7).map { _ in center * (0.95 + 0.1 * random.unitDouble()) } })
    }

    @Test func ratioOfEqualThingsHoldsOne() {
        var random = SplitMix64(seed: 5)
        var missed = 0
        for _ in 0..<100 {
            let ratio = Bootstrap(resamples: 200).ratio(
                runs(&random, around: 10), runs(&random, around: 10))
            if !(ratio.interval.low...ratio.interval.high).contains(1) { missed += 1 }
        }
        #expect(missed <= 12, "\(missed) of 100 intervals at 95 % miss the truth")
    }

    @Test func differenceIsSeen() {
        var random = SplitMix64(seed: 6)
        let ratio = Bootstrap(resamples: 300).ratio(runs(&random, around: 13), runs(&random, around: 10))
        #expect(ratio.interval.low > 1.2)
        #expect(ratio.interval.high < 1.4)
        #expect(ratio.interval(level: 0.999).low <= ratio.interval.low)
    }

    /// What hits a whole round cancels out of a paired ratio, not out of an unpaired one.
    @Test func pairing() {
        var random = SplitMix64(seed: 7)
        let slow = (0..<3).map { _ in (0..<9).map { _ in 1 + random.unitDouble() } }
        let first = RepeatedRuns(slow.map { $0.map { $0 * 10 } })
        let second = RepeatedRuns(slow.map { $0.map { $0 * 5 } })
        let paired = Bootstrap(resamples: 200).pairedRatio(first, second)
        #expect(paired.value == 2)
        #expect(paired.interval.low > 1.999 && paired.interval.high < 2.001)
        let apart = Bootstrap(resamples: 200).ratio(first, second)
        #expect(apart.interval.high - apart.interval.low > 0.1)
    }

    @Test func seedDecides() {
        var random = SplitMix64(seed: 8)
        let first = runs(&random, around: 3)
        let second = runs(&random, around: 4)
        #expect(Bootstrap(seed: 4).ratio(first, second) == Bootstrap(seed: 4).ratio(first, second))
    }

    @Test func geometricMeanOfRatios() throws {
        var random = SplitMix64(seed: 9)
        let bootstrap = Bootstrap(resamples: 200)
        let ratios = (0..<20).map { _ in bootstrap.ratio(runs(&random, around: 11), runs(&random, around: 10)) }
        let mean = try #require(bootstrap.geometricMean(of: ratios))
        #expect(abs(mean.value - 1.1) < 0.02)
        // The mean of many is known better than each.
        #expect(mean.interval.high - mean.interval.low < 0.04)
        #expect(bootstrap.geometricMean(of: []) == nil)
    }
}

@Suite struct OrderingTests {
    private func entry(_ name: String, _ value: Double, within width: Double, _ openings: [Double] = [])
        -> Ordering.Entry
    {
        Ordering.Entry(
            name: name, value: value, interval: Interval(low: value - width, high: value + width, level: 0.95),
            byOpening: openings)
    }

    @Test func tiersAndPairs() {
        let ordering = Ordering([
            entry("c", 1.2, within: 0.1), entry("a", 1.9, within: 0.1), entry("b", 1.85, within: 0.1),
        ])
        #expect(ordering.entries.map(\.name) == ["a", "b", "c"])
        #expect(ordering.tiers.map { $0.map(\.name) } == [["a", "b"], ["c"]])
        #expect(ordering.separated == [.init(above: "a", below: "c"), .init(above: "b", below: "c")])
    }

    /// An opening of the clusters that says otherwise is doubt enough.
    @Test func openingsMustAgree() {
        let ordering = Ordering([
            entry("a", 2, within: 0.1, [2, 2, 1.4]), entry("b", 1.5, within: 0.1, [1.5, 1.5, 1.5]),
        ])
        #expect(ordering.separated.isEmpty)
        #expect(ordering.tiers.count == 1)
    }

    @Test func contradictions() {
        let first = Ordering([entry("a", 2, within: 0.1), entry("b", 1.5, within: 0.1), entry("c", 1.45, within: 0.1)])
        let swapped = Ordering([
            entry("a", 1.4, within: 0.1), entry("b", 1.5, within: 0.3), entry("c", 1.6, within: 0.1),
        ])
        #expect(first.contradictions(by: first).isEmpty)
        // b and c are not told apart by the first, so that nothing contradicts it there.
        #expect(first.contradictions(by: swapped) == [.init(above: "a", below: "b"), .init(above: "a", below: "c")])
    }
}
