import Catalog
import SQLTypes
import Synchronization

/// Whether the cluster is still open, for those who may outlive it: once it is closed, its files are another's.
final class OpenState: Sendable {
    private let isOpen = Mutex(true)

    func ifOpen(_ body: () -> Void) { isOpen.withLock { if $0 { body() } } }
    func close() { isOpen.withLock { $0 = false } }
}

/// One append-only file of a table's blocks on a slice: header, then blocks, each written once; and its mirror, if there
/// is one, with the same bytes.
///
/// The versions that refer to the file hold the object; once the file is obsolete (its table is dropped, or its rows
/// were replaced) the last one to go removes it.
final class DataFile: Sendable {
    private struct State {
        /// Where the next bytes go; 0 while the file does not exist.
        var end: Int64
        /// The directories do not yet durably name the file.
        var isNew: Bool
        var isObsolete = false
    }

    let table: TableID
    let place: SlicePlace
    let number: Int32
    private let files: any FileLayer
    private let openState: OpenState
    private let state: Mutex<State>

    /// - Parameter end: of what is committed; what the file may have beyond it belongs to nobody. 0: the file is to be
    ///   made.
    init(
        table: TableID, place: SlicePlace, number: Int32, end: Int64, files: any FileLayer, openState: OpenState
    ) {
        self.openState = openState
        self.table = table
        self.place = place
        self.number = number
        self.files = files
        state = Mutex(State(end: end, isNew: end == 0))
    }

    deinit {
        guard state.withLock({ $0.isObsolete }) else { return }
        // There is nobody to tell if this fails: the file is removed when the cluster is opened the next time.
        openState.ifOpen { for path in paths { try? files.remove(path) } }
    }

    static func header(table: TableID, slice: Int, number: Int32) -> FileHeader {
        FileHeader(.data, table.rawValue, Int32(truncatingIfNeeded: slice), number)
    }

    /// The file and its mirror.
    var paths: [String] {
        let path = place.path(table, number)
        return place.mirrorPath(table, number).map { [path, $0] } ?? [path]
    }

    /// Bytes, header included.
    var end: Int64 { state.withLock { $0.end } }

    func markObsolete() { state.withLock { $0.isObsolete = true } }

    /// Writes the bytes behind all others, not yet durably, and returns where.
    func append(_ bytes: [UInt8]) throws(SQLError) -> Int64 {
        let offset = try state.withLock { (state) throws(SQLError) in
            if state.end == 0 {
                let header = DataFile.header(table: table, slice: place.slice, number: number).encoded()
                for path in paths { try files.write(header, to: path, at: 0) }
                state.end = Int64(FileHeader.byteCount)
            }
            let offset = state.end
            state.end += Int64(bytes.count)
            return offset
        }
        for path in paths { try files.write(bytes, to: path, at: offset) }
        return offset
    }

    /// Makes all that was appended durable, and the file's name.
    func sync() throws(SQLError) {
        for path in paths { try files.sync(path) }
        guard state.withLock({ $0.isNew }) else { return }
        try files.syncDirectory(place.directory)
        if let mirror = place.mirrorDirectory { try files.syncDirectory(mirror) }
        state.withLock { $0.isNew = false }
    }
}
