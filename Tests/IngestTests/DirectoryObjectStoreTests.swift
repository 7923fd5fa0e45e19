import Foundation
import Ingest
import SQLTypes
import Testing

/// Runs with a fresh directory, removed afterwards.
func withDirectory(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("ingest-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
}

private func put(_ text: String, _ key: String, in store: DirectoryObjectStore, bucket: String = "lab") throws {
    let writer = try store.create(ObjectAddress(bucket: bucket, key: key))
    try writer.write(Array(text.utf8))
    try writer.finish()
}

@Suite struct DirectoryObjectStoreTests {
    @Test func listsByPrefixInByteOrder() throws {
        try withDirectory { root in
            let store = DirectoryObjectStore(root: root)
            for key in ["part-1", "part-0", "part/x", "part/y/z", "part", "Part-9", "other/part-2", "pa"]
            where key != "part" {
                try put(key, key, in: store)
            }
            func keys(_ prefix: String) throws -> [String] {
                try store.list(bucket: "lab", prefix: prefix).map(\.address.key)
            }
            #expect(try keys("part") == ["part-0", "part-1", "part/x", "part/y/z"])
            #expect(try keys("part/") == ["part/x", "part/y/z"])
            #expect(try keys("part/y") == ["part/y/z"])
            #expect(try keys("part-") == ["part-0", "part-1"])
            #expect(try keys("") == ["Part-9", "other/part-2", "pa", "part-0", "part-1", "part/x", "part/y/z"])
            #expect(try keys("nothing") == [])
            #expect(try keys("no/thing") == [])
            #expect(try store.list(bucket: "lab", prefix: "part/x").first?.sizeBytes == 6)
        }
    }

    @Test func writesAtomicallyAndReadsRanges() throws {
        try withDirectory { root in
            let store = DirectoryObjectStore(root: root)
            let address = ObjectAddress(bucket: "lab", key: "a/b/c")
            try put("old", "a/b/c", in: store)
            do {
                let writer = try store.create(address)
                try writer.write(Array("new text".utf8))
                #expect(try store.contents(of: address, limitBytes: 100) == Array("old".utf8))
                #expect(try store.list(bucket: "lab", prefix: "").count == 1)
            }
            #expect(try store.contents(of: address, limitBytes: 100) == Array("old".utf8))
            #expect(try FileManager.default.contentsOfDirectory(atPath: root + "/lab") == ["a"])
            try put("new text", "a/b/c", in: store)
            let reader = try store.open(address)
            var bytes = [UInt8](repeating: 0, count: 10)
            let count = try bytes.withUnsafeMutableBytes { try reader.read(at: 4, into: $0) }
            #expect(bytes.prefix(count).elementsEqual("text".utf8))
            #expect(throws: SQLError.self) { try store.contents(of: address, limitBytes: 3) }
            try store.delete(address)
            #expect(try store.summary(of: address) == nil)
        }
    }

    @Test(arguments: [
        "../lab/x", "a/../../x", "/etc/passwd", "a//b", "", ".", "..", "a/./b", ".bucket-region", "a/.hidden", "a/",
        "x\0y",
    ])
    func refusesKeysThatLeaveTheBucket(key: String) throws {
        try withDirectory { root in
            let store = DirectoryObjectStore(root: root)
            try store.makeBucket("lab", region: "eu-west-1")
            try "secret".write(toFile: root + "/x", atomically: true, encoding: .utf8)
            let address = ObjectAddress(bucket: "lab", key: key)
            #expect(throws: SQLError.self) { try store.create(address) }
            #expect(throws: SQLError.self) { try store.open(address) }
            #expect(try store.summary(of: address) == nil)
            #expect(try store.list(bucket: "lab", prefix: key).isEmpty)
        }
    }

    @Test(arguments: ["..", "a", "LAB", "lab/x", "../lab", "-ab", "a..b", ""])
    func refusesOddBuckets(bucket: String) throws {
        try withDirectory { root in
            let store = DirectoryObjectStore(root: root)
            #expect(throws: SQLError.self) { try store.list(bucket: bucket, prefix: "") }
            #expect(throws: SQLError.self) { try store.create(ObjectAddress(bucket: bucket, key: "x")) }
            #expect(throws: SQLError.self) { try store.makeBucket(bucket) }
        }
    }

    @Test func doesNotFollowLinks() throws {
        try withDirectory { root in
            let store = DirectoryObjectStore(root: root + "/s3")
            try put("inside", "real/x", in: store)
            try FileManager.default.createDirectory(atPath: root + "/outside", withIntermediateDirectories: true)
            try "secret".write(toFile: root + "/outside/x", atomically: true, encoding: .utf8)
            let bucket = root + "/s3/lab"
            try FileManager.default.createSymbolicLink(
                atPath: bucket + "/folder", withDestinationPath: root + "/outside")
            try FileManager.default.createSymbolicLink(
                atPath: bucket + "/file", withDestinationPath: root + "/outside/x")
            #expect(try store.list(bucket: "lab", prefix: "").map(\.address.key) == ["real/x"])
            #expect(try store.list(bucket: "lab", prefix: "folder/").isEmpty)
            for key in ["folder/x", "file"] {
                #expect(throws: SQLError.self) { try store.open(ObjectAddress(bucket: "lab", key: key)) }
            }
            #expect(throws: SQLError.self) { try store.create(ObjectAddress(bucket: "lab", key: "folder/new")) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: root + "/outside") == ["x"])
        }
    }

    /// Who owns the root says where a bucket lies; what is in it must still be its own.
    @Test func aBucketMayBeALink() throws {
        try withDirectory { root in
            let store = DirectoryObjectStore(root: root + "/s3")
            let elsewhere = DirectoryObjectStore(root: root + "/elsewhere", defaultRegion: "eu-west-1")
            try elsewhere.makeBucket("data", region: "eu-west-1")
            try put("text", "folder/x", in: elsewhere, bucket: "data")
            try FileManager.default.createDirectory(atPath: root + "/s3", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: root + "/s3/lab", withDestinationPath: root + "/elsewhere/data")
            #expect(try store.list(bucket: "lab", prefix: "fol").map(\.address.key) == ["folder/x"])
            #expect(try store.region(ofBucket: "lab") == "eu-west-1")
            let address = ObjectAddress(bucket: "lab", key: "folder/x")
            #expect(try store.contents(of: address, limitBytes: 9) == Array("text".utf8))
            try put("new", "folder/y", in: store)
            #expect(try elsewhere.list(bucket: "data", prefix: "").count == 2)
            try FileManager.default.createSymbolicLink(
                atPath: root + "/elsewhere/data/way-out", withDestinationPath: root + "/s3")
            #expect(try store.list(bucket: "lab", prefix: "way").isEmpty)
            try FileManager.default.createSymbolicLink(
                atPath: root + "/s3/dangling", withDestinationPath: root + "/nowhere")
            #expect(throws: SQLError.self) { try store.list(bucket: "dangling", prefix: "") }
        }
    }

    @Test(arguments: [
        "us-west-2", "eu-central-1", "us-gov-east-1", "ap-southeast-4", "cn-northwest-1", "us-iso-east-1",
    ])
    func regionNames(name: String) throws {
        try CopyOptions.with { $0.region = name }.validate()
    }

    @Test(arguments: [
        "moon", "", "us-west", "US-WEST-2", "us-west-2 ", "us-west-0", "us-moon-1", "u-west-2", "us-gov-2",
    ])
    func noRegionNames(name: String) {
        let error = #expect(throws: SQLError.self) { try CopyOptions.with { $0.region = name }.validate() }
        #expect(error?.message == "Invalid region '\(name)'")
        var unload = UnloadOptions()
        unload.region = name
        #expect(throws: SQLError.self) { try unload.validate() }
    }

    @Test func sourcesAndRegions() throws {
        try withDirectory { root in
            let store = DirectoryObjectStore(root: root, defaultRegion: "us-east-1")
            try store.makeBucket("far", region: "us-west-2")
            try put("1\n", "lines/part-0", in: store, bucket: "far")
            try put("1\n", "lines/part-0", in: store, bucket: "near")
            func find(_ source: String, _ change: (inout CopyOptions) -> Void = { _ in }) throws(SQLError) -> [String] {
                try CopySource.objects(from: source, options: .with(change), in: store, clusterRegion: "us-east-1")
                    .map(\.address.description)
            }
            #expect(try find("s3://near/lines/p") == ["s3://near/lines/part-0"])
            #expect(try find("s3://far/lines") { $0.region = "us-west-2" } == ["s3://far/lines/part-0"])
            let wrongRegion = #expect(throws: SQLError.self) { try find("s3://far/lines") }
            #expect(wrongRegion?.message.contains("Status 301,Error PermanentRedirect") == true)
            #expect(wrongRegion?.hint == "Add REGION 'us-west-2' to the COPY command.")
            let noPrefix = #expect(throws: SQLError.self) { try find("s3://near/part") }
            #expect(noPrefix?.message == "The specified S3 prefix 'part' does not exist")
            let noBucket = #expect(throws: SQLError.self) { try find("s3://nowhere/part") }
            #expect(noBucket?.message.contains("NoSuchBucket") == true)
            #expect(throws: SQLError.unsupported("COPY from dynamodb://")) { try find("dynamodb://table") }
            #expect(throws: SQLError.self) { try find("/etc/passwd") }
            #expect(throws: SQLError.self) { try find("s3://") }
        }
    }
}
