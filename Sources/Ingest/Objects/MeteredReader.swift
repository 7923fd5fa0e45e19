import SQLTypes

/// An object reader that counts what is read and how long the store takes for it. Belongs to one task, as the reader does.
final class MeteredReader: ObjectReader {
    private let target: any ObjectReader
    private(set) var bytes: Int64 = 0
    private(set) var nanoseconds: Int64 = 0
    /// Why the store could not read; nil: it could.
    private(set) var failure: SQLError?

    init(_ target: any ObjectReader) { self.target = target }

    var address: ObjectAddress { target.address }
    var sizeBytes: Int { target.sizeBytes }

    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(SQLError) -> Int {
        let start = Platform.monotonicNs
        defer { nanoseconds += Platform.monotonicNs - start }
        do throws(SQLError) {
            let count = try target.read(at: offset, into: buffer)
            bytes += Int64(count)
            return count
        } catch {
            failure = error
            throw error
        }
    }
}
