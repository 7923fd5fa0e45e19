package import SQLTypes

/// General compression of bytes, as storage lends it to the codecs (this module knows no compression library).
package protocol ByteCompressor: Sendable {
    func compress(_ bytes: UnsafeRawBufferPointer) throws(SQLError) -> [UInt8]
    /// Fills all of `target`; anything but exactly so many bytes is an error (`dataCorrupted`).
    func decompress(_ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) throws(SQLError)
}
