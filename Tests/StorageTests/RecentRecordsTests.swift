import SQLTypes
import Testing

@testable import Storage

@Suite struct RecentRecordsTests {
    private func record(_ number: Int, bytes: Int = 20) -> [UInt8] {
        Array("\(number) ".utf8) + [UInt8](repeating: UInt8(number % 256), count: bytes)
    }

    @Test func outlivesTheProcess() throws {
        let directory = try TemporaryDirectory()
        for run in 0..<3 {
            let records = RecentRecords("recent", in: try PosixFileLayer(root: directory.path, openFilesMax: 4))
            if run != 1 { #expect(try records.load() == (0..<run * 2).map { record($0) }) }
            try records.append([record(run * 2)])
            try records.append([record(run * 2 + 1)])
            try records.append([])
        }
        #expect(try directory.names() == ["recent"])
    }

    /// Whatever is cut off: whole records before it are there, and new ones come behind them.
    @Test func tornTail() throws {
        let directory = try TemporaryDirectory()
        let files = try PosixFileLayer(root: directory.path, openFilesMax: 4)
        try RecentRecords("recent", in: files).append((0..<3).map { record($0) })
        let whole = try directory.read("recent")
        for cut in 1...40 {
            try directory.write(Array(whole.dropLast(cut)), "recent")
            let records = RecentRecords("recent", in: files)
            let left = try records.load()
            #expect(left == (0..<left.count).map { record($0) } && left.count < 3)
            try records.append([record(9)])
            #expect(try RecentRecords("recent", in: files).load() == left + [record(9)])
        }
        var flipped = whole
        flipped[80] ^= 1
        try directory.write(flipped, "recent")
        #expect(try RecentRecords("recent", in: files).load().isEmpty)
        flipped[3] ^= 1
        try directory.write(flipped, "recent")
        let unreadable = RecentRecords("recent", in: files)
        #expect(try unreadable.load().isEmpty)
        try unreadable.append([record(4)])
        #expect(try RecentRecords("recent", in: files).load() == [record(4)])
    }

    @Test func staysSmall() throws {
        let files = MemoryFileLayer()
        let records = RecentRecords("recent", in: files)
        for number in 0..<40 { try records.append([record(number, bytes: 1 << 20)]) }
        let size = try #require(files.size("recent"))
        #expect(size <= 16 << 20)
        let kept = try RecentRecords("recent", in: files).load()
        #expect(kept.count >= 7 && kept.last == record(39, bytes: 1 << 20))
    }

    /// Of another size than the usual, and without waiting for the disk.
    @Test func smallerAndNotDurable() throws {
        let files = MemoryFileLayer()
        let records = RecentRecords("recent", in: files, bytesMax: 1 << 16, isDurable: false)
        for number in 0..<100 { try records.append([record(number, bytes: 2_000)]) }
        #expect(try #require(files.size("recent")) <= 1 << 16)
        let kept = try RecentRecords("recent", in: files).load()
        #expect(kept.count >= 16 && kept == (100 - kept.count..<100).map { record($0, bytes: 2_000) })
    }
}
