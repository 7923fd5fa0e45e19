import Catalog
import SQLTypes
import Storage
import Testing
import VectorEngine

@Suite("Mirrors") struct MirrorTests {
    private let directory: TemporaryDirectory
    private let table: TableDefinition

    init() throws {
        directory = try TemporaryDirectory()
        let storage = try ClusterStorage.open(at: .directory(directory.path), shape: testShape)
        table = try createTestTable("t", rows: 20_000, in: storage)
        let more = try write(0..<5_000, of: table, to: storage, slice: 2)
        _ = try storage.commit(CommitRecord(transaction: 1, changes: [.append(table.id, slice: 2, more)]))
        storage.close()
    }

    private var path: String { dataPath(table.id, slice: 1) }
    private var mirror: String { mirrorPath(table.id, slice: 1) }

    private func open() throws -> ClusterStorage {
        try ClusterStorage.open(at: .directory(directory.path), shape: nil)
    }

    private func flip(_ file: String, at position: Int) throws {
        var bytes = try directory.read(file)
        bytes[position] ^= 1 << UInt8(position % 8)
        try directory.write(bytes, file)
    }

    @Test("each block lies on two nodes, with the same bytes")
    func copies() throws {
        #expect(try directory.read(path) == directory.read(mirror))
        #expect(try directory.names("nodes/0").sorted() == [mirrorPath(table.id, slice: 2), path].map(name).sorted())
        #expect(try directory.names("nodes/1").sorted() == [dataPath(table.id, slice: 2), mirror].map(name).sorted())
    }

    private func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "" }

    @Test("a flipped bit anywhere in a file is found, named and mended", arguments: 0..<24)
    func flippedBit(part: Int) throws {
        let whole = try directory.read(path)
        // The first ones in the file's header, then in the headers and bodies of blocks, the last byte included.
        let position = part < 4 ? part * 20 : 64 + (part - 4) * (whole.count - 65) / 19
        try flip(path, at: position)
        let storage = try open()
        #expect(try ids(table.id, in: storage.current, of: storage, slice: 1) == Array(0..<20_000))
        let repairs = storage.repairs.repairs
        #expect(repairs.count == 1 && repairs[0].isMended, "\(position): \(repairs)")
        #expect(repairs[0].place.contains(path) && repairs[0].place.contains("Slice 1"))
        if position >= 64 {
            let group = try #require(storage.current.tables[table.id]?.partitions[1].first)
            let column = try #require(
                group.chunks.firstIndex {
                    $0.blocks.contains { $0.fileOffset <= position && position < Int($0.fileOffset) + $0.byteCount }
                })
            #expect(repairs[0].object == "block of public.t.\(table.columns[column].name)")
        } else {
            #expect(repairs[0].object.contains("header"))
        }
        #expect(storage.repairs.takeUntold() == repairs && storage.repairs.takeUntold().isEmpty)
        #expect(try directory.read(path) == whole)
        storage.close()
        let again = try open()
        #expect(try ids(table.id, in: again.current, of: again, slice: 1) == Array(0..<20_000))
        #expect(again.repairs.repairs.isEmpty)
    }

    @Test("what is damaged in both copies is an error that names both")
    func bothDamaged() throws {
        try flip(path, at: 100)
        try flip(mirror, at: 101)
        let storage = try open()
        let error = failure { _ = try ids(table.id, in: storage.current, of: storage, slice: 1) }
        #expect(error?.state == .dataCorrupted)
        #expect(error?.detail?.contains(path) == true && error?.detail?.contains(mirror) == true)
        #expect(try ids(table.id, in: storage.current, of: storage, slice: 2) == Array(0..<5_000))
    }

    @Test("a lost or cut file comes back when the cluster is opened", arguments: [true, false], [true, false])
    func lostFile(isMirror: Bool, isCut: Bool) throws {
        let file = isMirror ? mirror : path
        let whole = try directory.read(file)
        let files = try PosixFileLayer(root: directory.path, openFilesMax: 4)
        if isCut { try files.truncate(file, to: Int64(whole.count - 1)) } else { try files.remove(file) }
        let storage = try open()
        #expect(try directory.read(file) == whole)
        #expect(storage.repairs.repairs.count == 1 && storage.repairs.repairs[0].object.contains(file))
        #expect(try ids(table.id, in: storage.current, of: storage, slice: 1) == Array(0..<20_000))
    }

    @Test("a lost node comes back from the mirrors of its slices")
    func lostNode() throws {
        let files = try PosixFileLayer(root: directory.path, openFilesMax: 4)
        for node in 0..<2 {
            for name in try directory.names("nodes/\(node)") { try files.remove("nodes/\(node)/\(name)") }
            #expect(removeDirectory("\(directory.path)/nodes/\(node)"))
            let storage = try open()
            #expect(storage.repairs.repairs.count == 2)
            #expect(try ids(table.id, in: storage.current, of: storage, slice: 1) == Array(0..<20_000))
            #expect(try ids(table.id, in: storage.current, of: storage, slice: 2) == Array(0..<5_000))
            storage.close()
        }
        for slice in 1...2 {
            #expect(
                try directory.read(dataPath(table.id, slice: slice))
                    == directory.read(mirrorPath(table.id, slice: slice)))
        }
    }

    @Test("a file that goes while the cluster is open is read from its mirror")
    func lostWhileOpen() throws {
        let storage = try open()
        try PosixFileLayer(root: directory.path, openFilesMax: 4).remove(path)
        #expect(try ids(table.id, in: storage.current, of: storage, slice: 1) == Array(0..<20_000))
        #expect(storage.repairs.repairs.allSatisfy { !$0.isMended } && !storage.repairs.repairs.isEmpty)
        storage.close()
        #expect(try open().repairs.repairs.count == 1)
        #expect(try directory.read(path) == directory.read(mirror))
    }

    @Test("one node has no other copy: an error that names the block")
    func oneNode() throws {
        let alone = try TemporaryDirectory()
        let shape = ClusterShape(nodes: 1, slicesPerNode: 2)
        let storage = try ClusterStorage.open(at: .directory(alone.path), shape: shape)
        let table = try createTestTable("t", rows: 100, in: storage)
        storage.close()
        var bytes = try alone.read(dataPath(table.id, slice: 1))
        bytes[bytes.count - 1] ^= 1
        try alone.write(bytes, dataPath(table.id, slice: 1))
        let again = try ClusterStorage.open(at: .directory(alone.path), shape: nil)
        let error = failure { _ = try ids(table.id, in: again.current, of: again, slice: 1) }
        #expect(error?.message.contains("block of public.t.amount is corrupt") == true)
        #expect(error?.detail?.contains("Slice 1, row group 1, rows from 0") == true)
    }

    @Test("mirrors are spread over the other nodes")
    func spread() throws {
        let wide = try TemporaryDirectory()
        let storage = try ClusterStorage.open(
            at: .directory(wide.path), shape: ClusterShape(nodes: 4, slicesPerNode: 3))
        let table = testTable("t", id: storage.reserveTableID())
        var changes: [CommitRecord.Change] = [.createTable(table)]
        for slice in 0..<3 {
            changes.append(.append(table.id, slice: slice, try write(0..<10, of: table, to: storage, slice: slice)))
        }
        _ = try storage.commit(CommitRecord(transaction: 1, changes: changes))
        #expect(try (0..<4).map { try wide.names("nodes/\($0)").count } == [3, 1, 1, 1])
    }
}
