import Catalog
import Ingest
import SQLTypes
import Testing

/// A file as its tool makes it.
struct Codec: CustomTestStringConvertible, Sendable {
    let name: String
    let compression: CopyOptions.Compression
    let library: SystemLibrary
    let file: String
    var testDescription: String { name }
    var bytes: [UInt8] {
        let digits = Array(file.utf8)
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16) ?? 0
        }
    }
}

/// Files made by the tools of each format: three lines `hello i|abc …|7 i`.
@Suite struct SystemCodecTests {
    private static let all: [Codec] = [
        Codec(
            name: "bzip2", compression: .bzip2, library: .libbz2,
            file: "425a6839314159265359e74c8054000036d9800010400074803a4480042000314c00008a84646d327b8ccbb44ad5ac7d70"
                + "ba26c060065865a1fde54745dc914e142439d3201500"),
        Codec(
            name: "zstd", compression: .zstd, library: .libzstd,
            file: "28b52ffd247f1d0100a868656c6c6f20307c616263207c300a31373231340a05006008700f0cd614e60e1d1d1dc7fe7d"),
        Codec(
            name: "lzop", compression: .lzop, library: .liblzo2,
            file: "894c5a4f000d0a1a0a104020a00940010503000001000081a46b0313cb0000000005742e7478744ccc05dc0000007f0000"
                + "0034750729320968656c6c6f20307c61626320390f007c300aa505313fa50037c5053232a4000d20616263206162632061"
                + "62637c31340a11000000000000"),
    ]
    static let installed = all.filter(\.library.isInstalled)

    private static let lines = table([
        ("a", .varchar(length: 10), true), ("b", .varchar(length: 40), true), ("c", .integer, true),
    ])

    private func loaded(_ bytes: [UInt8], _ codec: Codec) -> LoadResult {
        load([bytes], into: Self.lines, options: .with { $0.compression = codec.compression })
    }

    /// As if the machine had no library at all; gzip needs none.
    @Test(arguments: SystemCodecTests.all)
    func saysWhatToInstall(codec: Codec) throws {
        let options = CopyOptions.with { $0.compression = codec.compression }
        let error = #expect(throws: SQLError.self) { try options.validate(libraries: .none) }
        #expect(error?.state == .undefinedFile)
        #expect(error?.message.contains("\(codec.library)") == true)
        #expect(error?.hint?.contains("apt-get install \(codec.library)") == true)
        try CopyOptions.with { $0.compression = .gzip }.validate(libraries: .none)
        var unload = UnloadOptions()
        unload.compression = codec.compression
        #expect(throws: SQLError.self) { try unload.validate(libraries: .none) }
    }

    /// What this machine does not have is not read here: said by name.
    @Test func allLibrariesAreHere() {
        let missing = SystemCodecTests.all.filter { !$0.library.isInstalled }.map(\.name)
        #expect(missing.isEmpty, "not installed, so not tested: \(missing)")
    }

    @Test(arguments: SystemCodecTests.installed)
    func readsTheToolsFiles(codec: Codec) {
        let result = loaded(codec.bytes, codec)
        #expect(result.thrown == nil)
        #expect(result.rows.map { $0[2] } == [.integer(0), .integer(7), .integer(14)])
        #expect(result.rows.first?[0] == .string(Array("hello 0".utf8)))
        #expect(result.progress.storedBytes == Int64(codec.bytes.count))
        let empty = loaded([], codec)
        #expect(empty.thrown?.state == .dataCorrupted)
        #expect(empty.thrown?.message.contains("s3://lab/part-0 is empty") == true)
    }

    @Test(arguments: SystemCodecTests.installed)
    func filesMayFollowOneAnother(codec: Codec) {
        let result = loaded(codec.bytes + codec.bytes, codec)
        #expect(result.thrown == nil)
        #expect(result.rows.count == 6)
    }

    @Test(arguments: SystemCodecTests.installed)
    func cutsAreErrors(codec: Codec) {
        for count in 1..<codec.bytes.count {
            #expect(loaded(Array(codec.bytes.prefix(count)), codec).thrown?.state == .dataCorrupted, "\(count)")
        }
        #expect(loaded(codec.bytes + [1, 2, 3], codec).thrown?.state == .dataCorrupted)
    }

    /// Flipped bits never trap; they are found by checksums, or do not matter (a file name, a time).
    @Test(arguments: SystemCodecTests.installed)
    func flippedBitsAreFoundOrHarmless(codec: Codec) {
        for index in codec.bytes.indices {
            for bit in 0..<8 {
                var bytes = codec.bytes
                bytes[index] ^= 1 << bit
                let result = loaded(bytes, codec)
                if result.thrown == nil {
                    #expect(result.rows.map { $0[2] } == [.integer(0), .integer(7), .integer(14)], "\(index) \(bit)")
                }
            }
        }
    }

    @Test(arguments: SystemCodecTests.installed)
    func wrongKeyword(codec: Codec) {
        let result = loaded(Array("1|b|3 and more text\n".utf8), codec)
        #expect(result.thrown?.message == "the file s3://lab/part-0 is not in \(codec.name) format")
    }

    @Test(
        arguments: [CopyOptions.Compression.gzip, .bzip2, .zstd].filter { compression in
            compression == .gzip || SystemCodecTests.installed.contains { $0.compression == compression }
        })
    func whatIsWrittenIsReadBack(compression: CopyOptions.Compression) throws {
        let target = MemoryWriter()
        let writer = try CompressedWriter.make(compression, to: target)
        let text = (0..<60_000).map { "a\($0)|b\($0 % 7)|\($0)\n" }.joined()
        for part in stride(from: 0, to: text.utf8.count, by: 77_777) {
            try writer.write(Array(text.utf8.dropFirst(part).prefix(77_777)))
        }
        try writer.finish()
        #expect(target.bytes.count < text.utf8.count / 2)
        let result = load([target.bytes], into: Self.lines, options: .with { $0.compression = compression })
        #expect(result.thrown == nil)
        #expect(result.rows.map { $0[2] } == (0..<60_000).map { .integer($0) })
        #expect(result.progress.textBytes == Int64(text.utf8.count))
    }
}
