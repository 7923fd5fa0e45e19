package import SQLTypes

/// Files as storage sees them: a tree of names, written anywhere, synced when asked. All paths are relative to the
/// layer's root, with `/` between names.
///
/// What was written is read back at once; it survives a crash only after `sync` of the file and, if the file is new or
/// was renamed, `syncDirectory` of its directory.
package protocol FileLayer: Sendable {
    /// What error messages call the root.
    var name: String { get }
    /// Not an error if it is there already. Parents must exist.
    func createDirectory(_ path: String) throws(SQLError)
    /// Names in a directory, ascending; none if it does not exist.
    func list(_ directory: String) throws(SQLError) -> [String]
    /// In bytes; nil if there is no such file.
    func size(_ path: String) throws(SQLError) -> Int64?
    /// Fills `target`; a file that ends before is an error (`dataCorrupted`).
    func read(_ path: String, at offset: Int64, into target: UnsafeMutableRawBufferPointer) throws(SQLError)
    /// Makes the file if it does not exist.
    func write(_ bytes: UnsafeRawBufferPointer, to path: String, at offset: Int64) throws(SQLError)
    func truncate(_ path: String, to size: Int64) throws(SQLError)
    func sync(_ path: String) throws(SQLError)
    /// The root is the empty path.
    func syncDirectory(_ path: String) throws(SQLError)
    /// Replaces `new` if it exists.
    func rename(_ old: String, to new: String) throws(SQLError)
    /// Not an error if there is no such file.
    func remove(_ path: String) throws(SQLError)
    /// Keeps all others, in this process and in others, from locking the same file until `unlock`.
    func lock(_ path: String) throws(SQLError)
    func unlock(_ path: String)
    /// Bytes that can still be written; nil: that is not known.
    var freeBytes: Int64? { get }
}

extension FileLayer {
    package var freeBytes: Int64? { nil }

    /// The whole file.
    func contents(_ path: String) throws(SQLError) -> [UInt8] {
        guard let size = try size(path) else {
            throw SQLError(.undefinedFile, "file \"\(name)/\(path)\" does not exist")
        }
        var bytes = [UInt8](repeating: 0, count: Int(size))
        let result = bytes.withUnsafeMutableBytes { target in
            Result { () throws(SQLError) in try read(path, at: 0, into: target) }
        }
        try result.get()
        return bytes
    }

    func write(_ bytes: [UInt8], to path: String, at offset: Int64) throws(SQLError) {
        let result = bytes.withUnsafeBytes { source in
            Result { () throws(SQLError) in try write(source, to: path, at: offset) }
        }
        try result.get()
    }
}

extension SQLError {
    static func fileCutShort(_ path: String, wanted: Int64, size: Int64) -> SQLError {
        SQLError(
            .dataCorrupted, "file \"\(path)\" ends at byte \(size), \(wanted) were expected",
            hint: "The file was truncated outside of this system; restore it from a copy.")
    }
}
