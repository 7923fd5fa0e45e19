import Catalog
import SQLTypes
import VectorEngine

/// One block, for messages.
struct BlockAddress {
    let table: TableDefinition
    let column: Int
    let group: RowGroupDescriptor
    let block: BlockDescriptor

    init(_ table: TableDefinition, _ column: Int, _ group: RowGroupDescriptor, _ block: BlockDescriptor) {
        self.table = table
        self.column = column
        self.group = group
        self.block = block
    }

    var name: String { "block of \(table.name).\(table.columns[column].name)" }
}

extension SQLError {
    /// The bytes of one copy are not to be had; another copy may have them.
    var isDamage: Bool { state == .dataCorrupted || state == .undefinedFile || state == .ioError }
}

// Two copies of everything on a cluster of several nodes: what is wrong with one is mended by the other.

extension SliceStore {
    func located(_ error: SQLError, _ address: BlockAddress, mirror: SQLError? = nil) -> SQLError {
        guard error.state == .dataCorrupted else { return error }
        var detail = description(of: address)
        if let mirror, let path = place.mirrorPath(address.table.id, address.group.file) {
            detail += " Nor is the copy in \"\(files.name)/\(path)\": \(mirror.message)."
        }
        return SQLError(
            .dataCorrupted, "\(address.name) is corrupt: \(error.message)", detail: detail, hint: error.hint)
    }

    private func description(of address: BlockAddress) -> String {
        let path = place.path(address.table.id, address.group.file)
        return "Slice \(slice), row group \(address.group.number), rows from \(address.block.firstRow), "
            + "\(address.block.byteCount) bytes at \(address.block.fileOffset) of \"\(files.name)/\(path)\"."
    }

    /// Writes the right bytes over the damaged ones. A crash on the way leaves a block that is as damaged as before.
    func mend(_ address: BlockAddress, with bytes: Buffer, reason: SQLError) {
        let path = place.path(address.table.id, address.group.file)
        var isMended = false
        do throws(SQLError) {
            // Of a file that is gone or cut, a block alone would not do: it is rebuilt when the cluster is opened.
            if let size = try files.size(path), size >= address.block.fileOffset + Int64(address.block.byteCount) {
                try files.write(
                    UnsafeRawBufferPointer(bytes.values(as: UInt8.self)), to: path, at: address.block.fileOffset)
                try files.sync(path)
                isMended = true
            }
        } catch {
            isMended = false
        }
        repairs.add(
            StorageRepair(
                object: address.name, place: description(of: address), reason: reason.message, isMended: isMended))
    }

    /// - Throws: `dataCorrupted` if the file does not begin as it was made, and its mirror does not, either.
    func checkHeader(_ table: TableID, _ number: Int32) throws(SQLError) {
        let path = place.path(table, number)
        let header = DataFile.header(table: table, slice: slice, number: number)
        do throws(SQLError) {
            try check(header, path)
        } catch {
            guard let mirror = place.mirrorPath(table, number), error.isDamage, error.state != .featureNotSupported
            else { throw error }
            do throws(SQLError) { try check(header, mirror) } catch _ { throw error }
            var isMended = false
            do throws(SQLError) {
                if try files.size(path) != nil {
                    try files.write(header.encoded(), to: path, at: 0)
                    try files.sync(path)
                    isMended = true
                }
            } catch _ {
                isMended = false
            }
            repairs.add(
                StorageRepair(
                    object: "header of a data file of table \(table.rawValue)",
                    place: "Slice \(slice), \(FileHeader.byteCount) bytes at 0 of \"\(files.name)/\(path)\".",
                    reason: error.message, isMended: isMended))
        }
    }

    private func check(_ header: FileHeader, _ path: String) throws(SQLError) {
        let bytes = try Buffer(count: FileHeader.byteCount, of: UInt8.self) { (target) throws(SQLError) in
            try files.read(path, at: 0, into: UnsafeMutableRawBufferPointer(target))
        }
        try header.check(UnsafeRawBufferPointer(bytes.values(as: UInt8.self)), path: "\(files.name)/\(path)")
    }

    /// When the cluster is opened: both copies are there, as long as they were committed, and no longer.
    func recoverFile(_ table: TableID, _ number: Int32, end: Int64) throws(SQLError) {
        let path = place.path(table, number)
        let size = try files.size(path)
        guard let mirror = place.mirrorPath(table, number) else {
            guard let size else { throw missing(path) }
            guard size >= end else { throw .fileCutShort("\(files.name)/\(path)", wanted: end, size: size) }
            return try cut(path, size, to: end)
        }
        let mirrorSize = try files.size(mirror)
        switch (size ?? -1 >= end, mirrorSize ?? -1 >= end) {
        case (true, true):
            try cut(path, size ?? end, to: end)
            try cut(mirror, mirrorSize ?? end, to: end)
        case (false, true): try rebuild(path, size, from: mirror, end: end, in: place.directory)
        case (true, false): try rebuild(mirror, mirrorSize, from: path, end: end, in: place.mirrorDirectory ?? "")
        case (false, false):
            guard let size else { throw missing(path) }
            throw .fileCutShort("\(files.name)/\(path)", wanted: end, size: size)
        }
    }

    private func missing(_ path: String) -> SQLError {
        SQLError(.dataCorrupted, "data file \"\(files.name)/\(path)\" is missing")
    }

    /// What is behind `end` was written by a transaction that did not commit.
    private func cut(_ path: String, _ size: Int64, to end: Int64) throws(SQLError) {
        if size > end { try files.truncate(path, to: end) }
    }

    /// Under another name first, so that there is never half a file.
    private func rebuild(
        _ path: String, _ size: Int64?, from other: String, end: Int64, in directory: String
    ) throws(SQLError) {
        let temporary = path + ".new"
        try files.remove(temporary)
        var position: Int64 = 0
        while position < end {
            let count = Int(min(end - position, 4 << 20))
            let bytes = try Buffer(count: count, of: UInt8.self) { (target) throws(SQLError) in
                try files.read(other, at: position, into: UnsafeMutableRawBufferPointer(target))
            }
            try files.write(UnsafeRawBufferPointer(bytes.values(as: UInt8.self)), to: temporary, at: position)
            position += Int64(count)
        }
        try files.sync(temporary)
        try files.rename(temporary, to: path)
        try files.syncDirectory(directory)
        repairs.add(
            StorageRepair(
                object: "data file \"\(files.name)/\(path)\"", place: "\(end) bytes, from \"\(files.name)/\(other)\".",
                reason: size.map { "it ended at byte \($0)" } ?? "it was missing", isMended: true))
    }
}
