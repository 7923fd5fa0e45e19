/// MD5 of a string of bytes.
/// - Source: RFC 1321.
package enum MD5 {
    /// 16 bytes.
    package static func digest(_ bytes: [UInt8]) -> [UInt8] { bytes.withUnsafeBufferPointer { digest($0) } }

    /// 16 bytes.
    package static func digest(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var state: (UInt32, UInt32, UInt32, UInt32) = (0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476)
        MessageBlocks.forEach(of: bytes, blockBytes: 64, lengthIsBigEndian: false) { block in
            compress(block, &state)
        }
        var digest: [UInt8] = []
        for word in [state.0, state.1, state.2, state.3] {
            for shift in stride(from: UInt32(0), to: 32, by: 8) {
                digest.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        return digest
    }

    private static func compress(_ block: UnsafeRawBufferPointer, _ state: inout (UInt32, UInt32, UInt32, UInt32)) {
        var (a, b, c, d) = state
        for step in 0..<64 {
            let mixed: UInt32
            let word: Int
            switch step >> 4 {
            case 0: (mixed, word) = ((b & c) | (~b & d), step)
            case 1: (mixed, word) = ((d & b) | (~d & c), (5 * step + 1) & 15)
            case 2: (mixed, word) = (b ^ c ^ d, (3 * step + 5) & 15)
            default: (mixed, word) = (c ^ (b | ~d), (7 * step) & 15)
            }
            let message = UInt32(littleEndian: block.loadUnaligned(fromByteOffset: word * 4, as: UInt32.self))
            let sum = a &+ mixed &+ sines[step] &+ message
            let shift = shifts[(step >> 4) * 4 + (step & 3)]
            (a, d, c) = (d, c, b)
            b = b &+ (sum << shift | sum >> (32 - shift))
        }
        state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d)
    }

    private static let shifts: [UInt32] = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]

    /// ⌊2³² · |sin(step + 1)|⌋
    private static let sines: [UInt32] = (1...64).map { UInt32(Platform.sine(Double($0)).magnitude * 4_294_967_296) }
}
