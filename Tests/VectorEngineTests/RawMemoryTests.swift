import SQLTypes
import Testing

@testable import VectorEngine

@Suite struct RawMemoryTests {
    /// What is kept is handed out whole or cut: pieces that are in use at one time must never share a byte, and each must
    /// still hold what was written to it after others came and went.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func piecesInUseNeverShareMemory(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let sizes = [1_000, 5_000, 130 << 10, 2 << 20, 3 << 20, 4 << 20, 5 << 20, 8 << 20, 24 << 20, 48 << 20]
        var pieces: [(memory: UnsafeMutableRawPointer, byteCount: Int, mark: UInt64)] = []

        func check(_ piece: (memory: UnsafeMutableRawPointer, byteCount: Int, mark: UInt64)) {
            #expect(piece.memory.loadUnaligned(as: UInt64.self) == piece.mark)
            #expect(piece.memory.loadUnaligned(fromByteOffset: piece.byteCount - 8, as: UInt64.self) == ~piece.mark)
        }

        for _ in 0..<400 {
            if pieces.count > 6 || (!pieces.isEmpty && random.next() % 3 == 0) {
                let piece = pieces.remove(at: Int(random.next() % UInt64(pieces.count)))
                check(piece)
                RawMemory.deallocate(piece.memory, byteCount: piece.byteCount)
                continue
            }
            let byteCount = sizes[Int(random.next() % UInt64(sizes.count))]
            let isZeroed = random.next() % 4 == 0
            let memory =
                isZeroed ? RawMemory.allocateZeroed(byteCount: byteCount) : RawMemory.allocate(byteCount: byteCount)
            if isZeroed {
                let words = UnsafeRawBufferPointer(start: memory, count: byteCount)
                #expect(stride(from: 0, to: byteCount, by: 500).allSatisfy { words[$0] == 0 })
            }
            let mark = random.next()
            memory.storeBytes(of: mark, as: UInt64.self)
            (memory + byteCount - 8).storeBytes(of: ~mark, as: UInt64.self)
            for other in pieces {
                #expect(memory + byteCount <= other.memory || other.memory + other.byteCount <= memory)
            }
            pieces.append((memory, byteCount, mark))
        }
        for piece in pieces {
            check(piece)
            RawMemory.deallocate(piece.memory, byteCount: piece.byteCount)
        }
    }
}
