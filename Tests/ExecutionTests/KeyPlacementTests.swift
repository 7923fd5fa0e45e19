import Catalog
import SQLTypes
import Testing

@testable import Execution

@Suite struct KeyPlacementTests {
    /// The golden hashes of the tests of `DistributionHash` lead to these places; they never move.
    @Test func placesOfSomeKeys() {
        let shape = ClusterShape(nodes: 2, slicesPerNode: 2)
        let routing = RoutingTable(shape)
        let values: [(SQLValue, SQLType)] = [
            (.integer(0), .integer), (.integer(42), .bigint), (.integer(42), .smallint), (.null, .integer),
            (SQLValue("Anna "), .varchar(length: 10)), (SQLValue("Anna"), .char(length: 20)),
        ]
        let places = values.map { KeyPlacement(of: $0, as: $1, shape: shape, routing: routing) }
        for place in places {
            #expect(place.routingEntry == Int(place.hash >> 48))
            #expect(place.sliceEntries.contains(place.routingEntry))
            #expect(place.slice == routing.slice(forHash: place.hash) && place.node == place.slice / 2)
        }
        #expect(places[1].hash == places[2].hash, "integers of all widths alike")
        #expect(places[4].hash == places[5].hash, "trailing blanks do not count")
        #expect(places[3].hash == DistributionHash.null)
    }

    @Test(arguments: [(1, 1), (1, 2), (3, 2), (4, 8), (7, 3)])
    func entriesOfSlicesAreAllOfThem(nodes: Int, slicesPerNode: Int) {
        let routing = RoutingTable(ClusterShape(nodes: nodes, slicesPerNode: slicesPerNode))
        var next = 0
        for slice in 0..<nodes * slicesPerNode {
            let entries = routing.entries(ofSlice: slice)
            #expect(entries.lowerBound == next && !entries.isEmpty)
            #expect(entries.allSatisfy { Int(routing.slices[$0]) == slice })
            next = entries.upperBound
        }
        #expect(next == RoutingTable.entryCount)
    }
}
