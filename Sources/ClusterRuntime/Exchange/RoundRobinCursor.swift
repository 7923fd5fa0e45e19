import Catalog
import Storage
import Synchronization

/// Which slice the next row of an EVEN table goes to, carried on through a load and from load to load, so that the
/// fullest and the emptiest slice never differ by more than one row however many slices send.
///
/// The leader owns it. A sender asks for `count` places and gets the first one: two numbers, once per batch; the order
/// in which senders are served is that of their asking.
final class RoundRobinCursor: Sendable {
    private let next: Atomic<Int>
    let sliceCount: Int

    init(start: Int, sliceCount: Int) {
        next = Atomic(start)
        self.sliceCount = sliceCount
    }

    /// Goes on where the last load ended: at the first slice that has fewest rows.
    convenience init(continuing table: TableVersion?, shape: ClusterShape) {
        let counts = (0..<shape.slices).map { slice in
            table?.partitions[slice].reduce(0) { $0 + $1.rowCount } ?? 0
        }
        let fewest = counts.min() ?? 0
        self.init(start: counts.firstIndex(of: fewest) ?? 0, sliceCount: shape.slices)
    }

    /// Takes `count` consecutive places. Returns how many of them belong to each slice.
    func take(_ count: Int) -> [Int] {
        let first = next.add(count, ordering: .relaxed).oldValue
        let whole = count / sliceCount
        var counts = [Int](repeating: whole, count: sliceCount)
        for extra in 0..<count - whole * sliceCount { counts[(first + extra) % sliceCount] += 1 }
        return counts
    }
}
