package import SQLTypes
import Synchronization

/// Files in memory: gone with the layer. Syncing has nothing to do.
package final class MemoryFileLayer: FileLayer {
    private struct File {
        /// Each full but the last, so that growing copies little.
        var chunks: [[UInt8]] = []
        var size = 0
    }

    private static let chunkBytes = 1 << 20

    private let files = Mutex<[String: File]>([:])

    package init() {}

    package var name: String { "memory" }

    package func createDirectory(_ path: String) {}

    package func list(_ directory: String) -> [String] {
        let prefix = directory.isEmpty ? "" : directory + "/"
        return files.withLock { files in
            files.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
                .filter { !$0.contains("/") }.sorted()
        }
    }

    package func size(_ path: String) -> Int64? { files.withLock { $0[path].map { Int64($0.size) } } }

    package func read(_ path: String, at offset: Int64, into target: UnsafeMutableRawBufferPointer) throws(SQLError) {
        guard let file = files.withLock({ $0[path] }) else {
            throw SQLError(.undefinedFile, "file \"\(name)/\(path)\" does not exist")
        }
        guard offset >= 0, Int(offset) <= file.size - target.count else {
            throw .fileCutShort("\(name)/\(path)", wanted: offset + Int64(target.count), size: Int64(file.size))
        }
        var done = 0
        while done < target.count {
            let position = Int(offset) + done
            let chunk = file.chunks[position / Self.chunkBytes]
            let start = position % Self.chunkBytes
            let count = min(target.count - done, chunk.count - start)
            chunk.withUnsafeBytes { bytes in
                UnsafeMutableRawBufferPointer(rebasing: target[done..<done + count])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<start + count]))
            }
            done += count
        }
    }

    package func write(_ bytes: UnsafeRawBufferPointer, to path: String, at offset: Int64) throws(SQLError) {
        guard offset >= 0 else { throw .internalError("writing at \(offset)") }
        files.withLock { files in
            Self.extend(&files[path, default: File()], to: Int(offset) + bytes.count)
            var done = 0
            while done < bytes.count {
                let position = Int(offset) + done
                let start = position % Self.chunkBytes
                let count = min(bytes.count - done, Self.chunkBytes - start)
                files[path]?.chunks[position / Self.chunkBytes].withUnsafeMutableBytes { target in
                    UnsafeMutableRawBufferPointer(rebasing: target[start..<start + count])
                        .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[done..<done + count]))
                }
                done += count
            }
        }
    }

    private static func extend(_ file: inout File, to size: Int) {
        while file.size < size {
            if file.size % chunkBytes == 0 { file.chunks.append([]) }
            let count = min(size - file.size, chunkBytes - file.size % chunkBytes)
            file.chunks[file.chunks.count - 1].append(contentsOf: repeatElement(0, count: count))
            file.size += count
        }
    }

    package func truncate(_ path: String, to size: Int64) {
        files.withLock { files in
            guard var file = files.removeValue(forKey: path) else { return }
            if Int(size) < file.size {
                let chunks = (Int(size) + Self.chunkBytes - 1) / Self.chunkBytes
                file.chunks.removeLast(file.chunks.count - chunks)
                if let last = file.chunks.last {
                    file.chunks[chunks - 1].removeLast(last.count - (Int(size) - (chunks - 1) * Self.chunkBytes))
                }
                file.size = Int(size)
            } else {
                Self.extend(&file, to: Int(size))
            }
            files[path] = file
        }
    }

    package func sync(_ path: String) {}
    package func syncDirectory(_ path: String) {}

    package func rename(_ old: String, to new: String) throws(SQLError) {
        let found = files.withLock { files in
            guard let file = files.removeValue(forKey: old) else { return false }
            files[new] = file
            return true
        }
        guard found else { throw SQLError(.undefinedFile, "file \"\(name)/\(old)\" does not exist") }
    }

    package func remove(_ path: String) { files.withLock { $0[path] = nil } }

    package func lock(_ path: String) {}
    package func unlock(_ path: String) {}
}
