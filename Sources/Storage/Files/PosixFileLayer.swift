package import SQLTypes
import Synchronization

/// Files under a directory of the machine.
package final class PosixFileLayer: FileLayer {
    private let root: String
    private let descriptors: DescriptorCache
    private let locks = Mutex<[String: Int32]>([:])

    /// Makes the directory, with its parents, if it does not exist.
    package init(root: String, openFilesMax: Int) throws(SQLError) {
        self.root = root
        descriptors = DescriptorCache(limit: openFilesMax)
        try makeRoot()
    }

    deinit { locks.withLock { $0.values.forEach(Platform.close) } }

    package var name: String { root }
    package var freeBytes: Int64? { Platform.freeBytes(root) }

    private func full(_ path: String) -> String { path.isEmpty ? root : "\(root)/\(path)" }

    private func makeRoot() throws(SQLError) {
        var path = root.hasPrefix("/") ? "/" : ""
        let parts = root.split(separator: "/")
        for (place, part) in parts.enumerated() {
            let parent = path.isEmpty ? "." : path
            path += path.isEmpty || path.hasSuffix("/") ? String(part) : "/\(part)"
            do throws(Platform.Failure) {
                try Platform.makeDirectory(path, isPrivate: place == parts.count - 1)
            } catch {
                if error.isExisting {
                    if place == parts.count - 1 { try keepOthersOut() }
                    continue
                }
                throw failure(error, "make directory", path)
            }
            try syncDirectory(atFullPath: parent)
        }
    }

    /// Of a directory that was there. It may be `/tmp`, a volume that somebody else owns, or a cluster's that its owner has
    /// opened for those who bring files: all that we make is private in itself, so such a one is left as it is. Closed is
    /// one of ours that is empty, and one with a cluster of an earlier version, whose files others can read.
    private func keepOthersOut() throws(SQLError) {
        do throws(Platform.Failure) {
            guard let own = try Platform.access(root), own.isOurs, own.isOpen, !own.isSticky else { return }
            let names = try Platform.list(root)
            let isOldCluster = try Platform.access(full(Checkpoint.path))?.isOpen ?? false
            if names.isEmpty || isOldCluster { try Platform.makePrivate(root) }
        } catch {
            throw failure(error, "keep others out of directory", root)
        }
    }

    package func createDirectory(_ path: String) throws(SQLError) {
        do throws(Platform.Failure) {
            try Platform.makeDirectory(full(path))
        } catch {
            if !error.isExisting { throw failure(error, "make directory", full(path)) }
        }
    }

    package func list(_ directory: String) throws(SQLError) -> [String] {
        do throws(Platform.Failure) {
            return try Platform.list(full(directory)).sorted()
        } catch {
            if error.isNoEntry { return [] }
            throw failure(error, "list", full(directory))
        }
    }

    package func size(_ path: String) throws(SQLError) -> Int64? {
        do throws(Platform.Failure) {
            return try Platform.size(full(path))
        } catch {
            if error.isNoEntry { return nil }
            throw failure(error, "look at", full(path))
        }
    }

    package func read(_ path: String, at offset: Int64, into target: UnsafeMutableRawBufferPointer) throws(SQLError) {
        let path = full(path)
        let count: Int
        do throws(Platform.Failure) {
            count = try descriptors.withDescriptor(path, creating: false) { (descriptor) throws(Platform.Failure) in
                try Platform.read(descriptor, at: offset, into: target)
            }
        } catch {
            throw failure(error, "read", path)
        }
        guard count == target.count else {
            throw .fileCutShort(path, wanted: offset + Int64(target.count), size: offset + Int64(count))
        }
    }

    package func write(_ bytes: UnsafeRawBufferPointer, to path: String, at offset: Int64) throws(SQLError) {
        let path = full(path)
        do throws(Platform.Failure) {
            try descriptors.withDescriptor(path, creating: true) { (descriptor) throws(Platform.Failure) in
                try Platform.write(descriptor, at: offset, bytes)
            }
        } catch {
            throw failure(error, "write", path)
        }
    }

    package func truncate(_ path: String, to size: Int64) throws(SQLError) {
        let path = full(path)
        do throws(Platform.Failure) {
            try descriptors.withDescriptor(path, creating: false) { (descriptor) throws(Platform.Failure) in
                try Platform.truncate(descriptor, to: size)
            }
        } catch {
            throw failure(error, "truncate", path)
        }
    }

    package func sync(_ path: String) throws(SQLError) {
        let path = full(path)
        do throws(Platform.Failure) {
            try descriptors.withDescriptor(path, creating: false) { (descriptor) throws(Platform.Failure) in
                try Platform.sync(descriptor)
            }
        } catch {
            throw failure(error, "sync", path)
        }
    }

    package func syncDirectory(_ path: String) throws(SQLError) { try syncDirectory(atFullPath: full(path)) }

    private func syncDirectory(atFullPath path: String) throws(SQLError) {
        do throws(Platform.Failure) {
            let descriptor = try Platform.open(path, .readOnly)
            defer { Platform.close(descriptor) }
            try Platform.sync(descriptor)
        } catch {
            throw failure(error, "sync directory", path)
        }
    }

    package func rename(_ old: String, to new: String) throws(SQLError) {
        do throws(Platform.Failure) {
            try Platform.rename(full(old), to: full(new))
        } catch {
            throw failure(error, "rename", full(old))
        }
        descriptors.forget(full(old))
        descriptors.forget(full(new))
    }

    package func remove(_ path: String) throws(SQLError) {
        descriptors.forget(full(path))
        do throws(Platform.Failure) {
            try Platform.unlink(full(path))
        } catch {
            if !error.isNoEntry { throw failure(error, "remove", full(path)) }
        }
    }

    package func lock(_ path: String) throws(SQLError) {
        let full = full(path)
        do throws(Platform.Failure) {
            let descriptor = try Platform.open(full, .createReadWrite)
            do throws(Platform.Failure) {
                try Platform.lockExclusively(descriptor)
                try Platform.truncate(descriptor, to: 0)
                try Platform.write(descriptor, at: 0, Array("\(Platform.processID)\n".utf8))
            } catch {
                Platform.close(descriptor)
                throw error
            }
            locks.withLock { $0[path] = descriptor }
        } catch {
            guard error.isLocked else { throw failure(error, "lock", full) }
            let owner = (try? contents(path)).flatMap { String(validating: $0, as: UTF8.self) } ?? ""
            descriptors.forget(full)
            // Whoever has just taken the lock may not have written its number yet.
            let process = owner.filter(\.isNumber)
            throw SQLError(
                .objectNotInPrerequisiteState, "data directory \"\(root)\" is in use by another cluster",
                detail: "Its lock file is held by \(process.isEmpty ? "another process" : "process \(process)").",
                hint: "Stop that process, or use another directory.")
        }
    }

    package func unlock(_ path: String) {
        if let descriptor = locks.withLock({ $0.removeValue(forKey: path) }) { Platform.close(descriptor) }
    }

    private func failure(_ failure: Platform.Failure, _ action: String, _ path: String) -> SQLError {
        SQLError(
            failure.isFull ? .diskFull : failure.isNoEntry ? .undefinedFile : .ioError,
            "could not \(action) \"\(path)\": \(failure.text)")
    }
}
