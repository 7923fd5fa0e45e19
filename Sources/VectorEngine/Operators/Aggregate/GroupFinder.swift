import SQLTypes

/// What finds the group of each row: the table of groups, the short way around it, and room for a batch's numbers.
///
/// It is made of some thirty pieces, which cost more to make and to free than the few groups of a short query cost to
/// find. So each thread keeps a few that are small, emptied, for the next aggregation of the same types. Belongs to one
/// task.
final class GroupFinder {
    /// Finders that a thread keeps, and the bytes that each of them may have grown to.
    private static let keptMax = 8
    private static let keptBytesMax = 128 << 10

    let types: [SQLType]
    let table: GroupTable
    let dense = DenseGroups()
    let numbers = Scratch<UInt32>()

    private init(_ types: [SQLType]) {
        self.types = types
        table = GroupTable(types)
    }

    static func take(_ types: [SQLType], expectedGroups: Int) -> GroupFinder {
        let finder = Shelf.ofThisThread?.take(types) ?? GroupFinder(types)
        finder.table.expectedGroups = expectedGroups
        return finder
    }

    /// Its last user is through with it: nothing of what it has handed out refers to it.
    func giveBack() {
        guard let shelf = Shelf.ofThisThread, shelf.finders.count < GroupFinder.keptMax,
            table.scratchByteCount + dense.byteCount <= GroupFinder.keptBytesMax, table.empty()
        else { return }
        dense.empty()
        shelf.finders.append(self)
    }

    /// Those of one thread, freed with it.
    private final class Shelf {
        var finders: [GroupFinder] = []

        func take(_ types: [SQLType]) -> GroupFinder? {
            finders.lastIndex { $0.types == types }.map { finders.remove(at: $0) }
        }

        /// nil if the system cannot keep something for a thread.
        static var ofThisThread: Shelf? {
            guard let slot else { return nil }
            if let known = slot.value { return Unmanaged<Shelf>.fromOpaque(known).takeUnretainedValue() }
            let made = Unmanaged.passRetained(Shelf())
            guard slot.set(made.toOpaque()) else {
                made.release()
                return nil
            }
            return made.takeUnretainedValue()
        }

        private static let slot = Platform.ThreadSlot { Unmanaged<Shelf>.fromOpaque($0).release() }
    }
}
