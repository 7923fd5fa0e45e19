import Catalog
import SQLTypes
import Testing
import VectorEngine

@testable import ClusterRuntime

/// What ANALYZE concludes from rows whose truth is known.
@Suite struct SketchTests {
    /// A column of `groups` row groups of 2,000 rows, of which every `groupStride`th is read.
    private func sketch(groups: Int, groupStride: Int, _ value: (Int) -> SQLValue) -> ColumnSketch {
        var slices = [ColumnSketch(type: .integer), ColumnSketch(type: .integer)]
        for group in 0..<groups {
            let values = (0..<2_000).map { value(group * 2_000 + $0) }
            let known = values.compactMap { if case .integer(let number) = $0 { number } else { nil } }
            let zone = ZoneMap(
                minimum: known.min().map { .integer($0) }, maximum: known.max().map { .integer($0) },
                nullCount: values.count - known.count, rowCount: values.count)
            slices[group % 2].count(zone, rowCount: values.count, live: values.count)
            if group % groupStride == 0 {
                slices[group % 2].add(
                    .of(values, type: .integer), stride: 10, isFirstHalf: group / groupStride % 2 == 0)
            }
        }
        slices[0].merge(slices[1])
        return slices[0]
    }

    @Test(arguments: [1, 4])
    func aKeyHasAsManyValuesAsRows(groupStride: Int) {
        let found = sketch(groups: 32, groupStride: groupStride) { .integer(Int64($0)) }.statistics
        #expect(abs(found.distinctCount - 64_000) < 64_000 * 0.08, "\(found.distinctCount)")
        #expect(found.minimum == .integer(0) && found.maximum == .integer(63_999))
        #expect(found.mostCommon.isEmpty)
        #expect(found.histogram.count == 101)
        #expect(found.nullFraction == 0 && found.averageWidth == 4)
    }

    @Test(arguments: [1, 4])
    func aSmallDomainStaysSmall(groupStride: Int) {
        let found = sketch(groups: 32, groupStride: groupStride) { $0 % 4 == 0 ? .null : .integer(Int64($0 % 7)) }
            .statistics
        #expect(found.distinctCount == 7)
        #expect(abs(found.nullFraction - 0.25) < 0.001)
    }

    @Test(arguments: [1, 4])
    func repeatedKeysKeepTheirRatio(groupStride: Int) {
        let found = sketch(groups: 32, groupStride: groupStride) { .integer(Int64($0 / 4) * 10) }.statistics
        #expect(abs(found.distinctCount - 16_000) < 16_000 * 0.08, "\(found.distinctCount)")
    }

    @Test func whatStandsOutIsCommon() {
        let found = sketch(groups: 8, groupStride: 1) { $0 % 20 < 10 ? .integer(5) : .integer(Int64($0)) }.statistics
        #expect(found.mostCommon.first?.value == .integer(5))
        #expect(abs((found.mostCommon.first?.fraction ?? 0) - 0.5) < 0.05)
    }

    /// In a table in the column's order the row groups that are read hold a few stretches of it; the bounds of all tell more.
    @Test func aSortedColumnIsSpreadAsItsRowGroupsAre() {
        let found = sketch(groups: 32, groupStride: 8) { row in
            // A quarter of the rows below 1,000, the rest up to 100,000; four row groups in the middle are all 50,000.
            let group = row / 2_000
            if group < 8 { return .integer(Int64(row) / 16) }
            if (14..<18).contains(group) { return .integer(50_000) }
            return .integer(1_000 + Int64(row - 16_000) * 99_000 / 48_000)
        }.statistics
        #expect(found.mostCommon.map(\.value) == [.integer(50_000)])
        #expect(abs((found.mostCommon.first?.fraction ?? 0) - 4.0 / 32) < 1e-9)
        #expect(found.histogram.count == 101)
        let values = found.histogram.compactMap { if case .integer(let number) = $0 { number } else { nil } }
        #expect(values == values.sorted() && values.first == 0 && values.last == found.maximum.flatMap(number))
        // 8 of the 28 row groups that are left are below 1,000.
        let below = values.filter { $0 < 1_000 }.count
        #expect(abs(below - 101 * 8 / 28) <= 2, "\(below)")
    }

    private func number(_ value: SQLValue) -> Int64? { if case .integer(let number) = value { number } else { nil } }

    @Test func aCountedColumnKnowsHowOftenItsKeysRepeat() {
        var sketch = ColumnSketch(type: .integer)
        for group in 0..<16 {
            // Each key four times, far apart: no row group has one twice.
            let values = (0..<2_000).map { SQLValue.integer(Int64((group % 4) * 2_000 + $0)) }
            sketch.count(
                ZoneMap(
                    minimum: .integer(Int64(group % 4) * 2_000), maximum: .integer(Int64(group % 4) * 2_000 + 1_999),
                    nullCount: 0, rowCount: 2_000),
                rowCount: 2_000, live: 2_000)
            if group % 8 == 0 {
                sketch.add(.of(values, type: .integer), stride: 10, isFirstHalf: group == 0)
            } else {
                sketch.countDistinct(.of(values, type: .integer))
            }
        }
        let count = sketch.statistics.distinctCount
        #expect(abs(count - 8_000) < 8_000 * 0.08, "\(count)")
    }
}
