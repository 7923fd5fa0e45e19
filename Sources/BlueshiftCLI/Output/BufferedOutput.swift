#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Standard output (or any descriptor) behind a 64 KiB buffer: a result of any size leaves as it comes.
///
/// A reader that went away (`| head`) is not an error: the rest is dropped, and `isBroken` tells whoever makes more rows. Any
/// other failure, such as a full disk, is in `failure`.
final class BufferedOutput {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private static let capacity = 65_536
    private(set) var isBroken = false
    /// What the system said when writing failed.
    private(set) var failure: String?

    init(descriptor: Int32) {
        self.descriptor = descriptor
        buffer.reserveCapacity(BufferedOutput.capacity + 4_096)
    }

    var isTerminal: Bool { isatty(descriptor) == 1 }

    func write(_ byte: UInt8) {
        buffer.append(byte)
        if buffer.count >= BufferedOutput.capacity { flush() }
    }

    func write(_ bytes: [UInt8]) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= BufferedOutput.capacity { flush() }
    }

    func write(_ bytes: some Sequence<UInt8>) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= BufferedOutput.capacity { flush() }
    }

    func write(_ text: String) { write(text.utf8) }

    /// Appends what `body` appends: it must leave alone what is there already.
    func fill(_ body: (inout [UInt8]) -> Void) {
        body(&buffer)
        if buffer.count >= BufferedOutput.capacity { flush() }
    }

    func line(_ text: String = "") {
        write(text.utf8)
        write(CollectionOfOne(0x0A))
    }

    func flush() {
        var start = 0
        while start < buffer.count && !isBroken {
            let written = buffer[start...].withUnsafeBytes {
                #if canImport(Glibc)
                    Glibc.write(descriptor, $0.baseAddress, $0.count)
                #else
                    Darwin.write(descriptor, $0.baseAddress, $0.count)
                #endif
            }
            if written > 0 {
                start += written
            } else if errno != EINTR && errno != EAGAIN {
                isBroken = true
                if errno != EPIPE { failure = String(cString: strerror(errno)) }
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
