import SQLTypes
import Synchronization
package import VectorEngine

/// Where a cluster's queries spill to: the folder `spill` of its directory, or the system's folder for temporary files.
///
/// A spill file loses its name as soon as it is open, so that it is gone when it is closed, or when the process is,
/// however that ends. Only a process killed between the two leaves a (then empty) file, which the next start of the
/// cluster removes.
package final class SpillArea: Sendable {
    private enum Place {
        /// Of the cluster alone: made when first needed.
        case own(String)
        case shared(String)
    }

    private let place: Place
    private let nextFile = Atomic<Int>(0)
    /// Files that are open, and bytes that they hold: figures for tests and the console.
    private let openFiles = Atomic<Int>(0)
    private let usedBytes = Atomic<Int>(0)

    /// - Parameter directory: of the cluster; nil: temporary files.
    init(directory: String?) {
        place = directory.map { .own($0 + "/spill") } ?? .shared(Platform.temporaryDirectory)
    }

    package var openFileCount: Int { openFiles.load(ordering: .relaxed) }
    package var bytesInUse: Int { usedBytes.load(ordering: .relaxed) }

    /// A store for one query on one node; takes no file before something is written.
    package func makeStore() -> any SpillStore { SpillFile(self) }

    /// Removes what a killed process left.
    func sweep() throws(SQLError) {
        guard case .own(let directory) = place else { return }
        do throws(Platform.Failure) {
            for name in try Platform.list(directory) { try Platform.unlink("\(directory)/\(name)") }
        } catch {
            if !error.isNoEntry { throw SpillArea.failure(error, "sweep", directory) }
        }
    }

    /// A new file that has no name any more.
    fileprivate func openFile() throws(SQLError) -> Int32 {
        let number = nextFile.add(1, ordering: .relaxed).newValue
        let directory: String
        let path: String
        switch place {
        case .own(let own):
            directory = own
            path = "\(own)/\(number)"
        case .shared(let shared):
            directory = shared
            path = "\(shared)/blueshift-\(Platform.processID)-\(ObjectIdentifier(self).hashValue)-\(number).spill"
        }
        do throws(Platform.Failure) {
            if case .own = place { try SpillArea.make(directory) }
            let descriptor = try Platform.open(path, .createNewReadWrite)
            do throws(Platform.Failure) {
                try Platform.unlink(path)
            } catch {
                Platform.close(descriptor)
                throw error
            }
            openFiles.add(1, ordering: .relaxed)
            return descriptor
        } catch {
            throw SpillArea.failure(error, "open", path)
        }
    }

    private static func make(_ directory: String) throws(Platform.Failure) {
        do throws(Platform.Failure) {
            try Platform.makeDirectory(directory)
        } catch {
            if !error.isExisting { throw error }
        }
    }

    fileprivate func closed(_ descriptor: Int32) {
        Platform.close(descriptor)
        openFiles.subtract(1, ordering: .relaxed)
    }

    fileprivate func count(_ bytes: Int) { usedBytes.add(bytes, ordering: .relaxed) }

    fileprivate static func failure(_ failure: Platform.Failure, _ action: String, _ path: String) -> SQLError {
        guard failure.isFull else {
            return SQLError(.ioError, "could not \(action) spill file \"\(path)\": \(failure.text)")
        }
        return SQLError(
            .diskFull, "Disk Full",
            detail: "A query needed more memory than it may have, and could not \(action) "
                + "its spill file \"\(path)\": \(failure.text).",
            hint: "Make room on the disk, or give the cluster more memory.")
    }
}

/// One file without a name. What is freed is used again.
private final class SpillFile: SpillStore {
    private struct State {
        var descriptor: Int32?
        var space = SpillSpace()
        var usedBytes = 0
    }

    private let area: SpillArea
    private let state = Mutex(State())

    init(_ area: SpillArea) { self.area = area }

    deinit {
        state.withLock { state in
            if let descriptor = state.descriptor { area.closed(descriptor) }
            area.count(-state.usedBytes)
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(SQLError) -> SpillTicket {
        let (descriptor, offset) = try place(for: bytes.count)
        let ticket = SpillTicket(offset: offset, byteCount: bytes.count, checksum: Checksum.crc32c(bytes))
        do throws(Platform.Failure) {
            try Platform.write(descriptor, at: offset, bytes)
        } catch {
            free(ticket)
            throw SpillArea.failure(error, "write", "at \(offset)")
        }
        return ticket
    }

    private func place(for byteCount: Int) throws(SQLError) -> (descriptor: Int32, offset: Int64) {
        try state.withLock { (state) throws(SQLError) in
            let descriptor: Int32
            if let open = state.descriptor {
                descriptor = open
            } else {
                descriptor = try area.openFile()
                state.descriptor = descriptor
            }
            state.usedBytes += byteCount
            area.count(byteCount)
            return (descriptor, state.space.take(byteCount))
        }
    }

    func read(_ ticket: SpillTicket, into target: UnsafeMutableRawBufferPointer) throws(SQLError) {
        guard let descriptor = state.withLock({ $0.descriptor }) else {
            throw SQLError.internalError("reading a spill file that was never written")
        }
        let count: Int
        do throws(Platform.Failure) {
            count = try Platform.read(descriptor, at: ticket.offset, into: target)
        } catch {
            throw SpillArea.failure(error, "read", "at \(ticket.offset)")
        }
        guard count == ticket.byteCount, Checksum.crc32c(UnsafeRawBufferPointer(target)) == ticket.checksum else {
            throw SQLError(
                .dataCorrupted, "a spill file did not give back what was written",
                detail: "\(ticket.byteCount) bytes at \(ticket.offset).")
        }
    }

    func free(_ ticket: SpillTicket) {
        state.withLock { state in
            state.usedBytes -= ticket.byteCount
            state.space.giveBack(ticket.byteCount, at: ticket.offset)
        }
        area.count(-ticket.byteCount)
    }
}
