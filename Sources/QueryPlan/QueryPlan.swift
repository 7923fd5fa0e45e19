package import Catalog
package import SQLTypes

/// One statement as every node gets it: streams of segments of steps, and the tree that EXPLAIN prints of the same
/// plan.
///
///     stream 0   segment 0   scan → project → hash                                each slice
///     stream 1   segment 1   scan → project → hjoin → project → aggr → dist       each slice
///                segment 2   scan(network) → aggr → project → sort → return       each slice
///                segment 3   merge → limit                                        the leader
///
/// Streams run one after the other; the segments of a stream run at the same time, receivers started before senders.
/// - Source: Redshift developer guide, "Query planning and execution workflow".
package struct QueryPlan: Sendable {
    package var streams: [Stream]
    package var explain: ExplainNode
    /// Lines that EXPLAIN prints after the tree: missing statistics, nested loops.
    package var notices: [String]
    package var output: [OutputColumn]
    /// What the statement reads, each once, ascending.
    package var tables: [TableID]

    package init(
        streams: [Stream], explain: ExplainNode, notices: [String], output: [OutputColumn], tables: [TableID]
    ) {
        self.streams = streams
        self.explain = explain
        self.notices = notices
        self.output = output
        self.tables = tables
    }

    /// The same plan, in which a row that is found twice ends the statement.
    package func rejectingRepeats() -> QueryPlan {
        var copy = self
        for stream in copy.streams.indices {
            for segment in copy.streams[stream].segments.indices {
                for (place, step) in copy.streams[stream].segments[segment].steps.enumerated() {
                    guard case .delete(var deletion) = step else { continue }
                    deletion.rejectsRepeats = true
                    copy.streams[stream].segments[segment].steps[place] = .delete(deletion)
                }
            }
        }
        return copy
    }

    /// In the order of their numbers.
    package var segments: [Segment] { streams.flatMap(\.segments) }
}

package struct OutputColumn: Hashable, Sendable {
    package var name: String
    package var type: SQLType
    package init(name: String, type: SQLType) {
        self.name = name
        self.type = type
    }
}

package struct Stream: Sendable {
    package var segments: [Segment]
    /// The stream is run again and again; `segments` are those of all its parts, one after the other.
    package var loop: Loop?
    package init(segments: [Segment], loop: Loop? = nil) {
        self.segments = segments
        self.loop = loop
    }
}

/// The recursive part of a WITH query: streams that read what the round before has saved, and save what they make of it.
///
///     work   what the first part of the query saved; in each later round what the round before saved as `next`
///     next   new rows; a later stream that reads them reads `work` and the rows of all rounds
///
/// It ends with a round that saves nothing.
package struct Loop: Sendable {
    /// In the order in which they run in each round.
    package var streams: [Stream]
    package var work: HashTableID
    package var next: HashTableID

    package init(streams: [Stream], work: HashTableID, next: HashTableID) {
        self.streams = streams
        self.work = work
        self.next = next
    }
}

package struct Segment: Sendable {
    package enum Location: Hashable, Sendable {
        case everySlice
        /// One slice only, by its cluster-wide number: rows that come from nowhere (constants of an INSERT … SELECT 1),
        /// or the one slice to which DS_DIST_ALL_INNER sends everything.
        case oneSlice(Int)
        /// The leader's own slice.
        case leader
    }
    /// From 0 through the whole plan.
    package var number: Int
    package var location: Location
    /// The first step makes batches (scan, receive, merge, constants); the last may be a sink (hash, dist, bcast,
    /// return, insert, unload). A leader segment that ends in no sink hands its rows to the client.
    package var steps: [Step]

    package init(number: Int, location: Location, steps: [Step]) {
        self.number = number
        self.location = location
        self.steps = steps
    }
}

/// Numbers an exchange of the plan, from 0. One segment sends into it, one receives from it.
package struct ExchangeID: Hashable, Comparable, Sendable {
    package let rawValue: Int
    package init(_ rawValue: Int) { self.rawValue = rawValue }
    package static func < (left: ExchangeID, right: ExchangeID) -> Bool { left.rawValue < right.rawValue }
}

/// Numbers a hash table of the plan, from 0.
package struct HashTableID: Hashable, Comparable, Sendable {
    package let rawValue: Int
    package init(_ rawValue: Int) { self.rawValue = rawValue }
    package static func < (left: HashTableID, right: HashTableID) -> Bool { left.rawValue < right.rawValue }
}
