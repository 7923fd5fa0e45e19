import ArgumentParser
import Benchmarking

/// `1x1,1x2,2x2`
struct ShapeList: ExpressibleByArgument, Hashable {
    var shapes: [BenchmarkShape]

    init?(argument: String) {
        shapes = []
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let shape = BenchmarkShape(String(part)), !shapes.contains(shape) else { return nil }
            shapes.append(shape)
        }
        if shapes.isEmpty { return nil }
    }
}

/// `1,2,4`: positive numbers, each once.
struct CountList: ExpressibleByArgument, Hashable {
    var counts: [Int]

    init(counts: [Int]) { self.counts = counts }

    init?(argument: String) {
        counts = []
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let count = Int(part), (1...10_000).contains(count), !counts.contains(count) else { return nil }
            counts.append(count)
        }
        if counts.isEmpty { return nil }
    }

    var defaultValueDescription: String { counts.map(String.init).joined(separator: ",") }
}

/// `1,3,18` or `Q1.1,Q2.1`
struct NameList: ExpressibleByArgument, Hashable {
    var names: [String]

    init?(argument: String) {
        names = argument.split(separator: ",").map(String.init)
        if names.isEmpty { return nil }
    }
}

enum BenchData: String, ExpressibleByArgument, CaseIterable { case tpch, ssb }

/// Numbers of slices that show a curve: 1, 2, 3, 4, 6, 8, 12, 16, … up to `most`, which is among them.
func sliceCounts(upTo most: Int) -> [Int] {
    var counts: [Int] = []
    var power = 1
    while power <= most {
        counts.append(power)
        if power >= 2, power / 2 * 3 <= most { counts.append(power / 2 * 3) }
        power *= 2
    }
    if counts.last.map({ $0 < most }) ?? false { counts.append(most) }
    return counts
}
