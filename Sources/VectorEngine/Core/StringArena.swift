/// String bytes copied one after the other into chunks that never move: views into them stay good while the chunks
/// live. Belongs to one task until sealed.
package struct StringArena: ~Copyable {
    private static let firstChunk = 4_096
    private static let largestChunk = 1 << 20

    private var full: [Buffer] = []
    private var chunk: UnsafeMutablePointer<UInt8>?
    private var used = 0
    private var capacity = 0
    package private(set) var byteCount = 0

    package init() {}

    deinit {
        if let chunk { RawMemory.deallocate(UnsafeMutableRawPointer(chunk), byteCount: capacity + Buffer.padding) }
    }

    /// Complexity: O(bytes).
    package mutating func copy(_ bytes: UnsafeBufferPointer<UInt8>) -> StringView {
        guard let source = bytes.baseAddress, !bytes.isEmpty else { return StringView(nil, count: 0) }
        if capacity - used < bytes.count { startChunk(atLeast: bytes.count) }
        guard let chunk else { return StringView(nil, count: 0) }
        let target = chunk + used
        target.update(from: source, count: bytes.count)
        used += bytes.count
        byteCount += bytes.count
        return StringView(target, count: bytes.count)
    }

    /// Copies the bytes of all the strings, and lets the views point there.
    mutating func copyBytes(of views: UnsafeMutablePointer<StringView>, count: Int) {
        var index = 0
        while index < count {
            // As many as the chunk has room for, in one loop without a look at the arena's state.
            var target = chunk.map { $0 + used }
            var room = capacity - used
            let before = room
            while index < count {
                let bytes = views[index].bytes
                guard let source = bytes.baseAddress, bytes.count > 0 else {
                    views[index] = StringView(nil, count: 0)
                    index += 1
                    continue
                }
                guard let place = target, bytes.count <= room else { break }
                place.update(from: source, count: bytes.count)
                views[index] = StringView(place, count: bytes.count)
                target = place + bytes.count
                room -= bytes.count
                index += 1
            }
            used += before - room
            byteCount += before - room
            if index < count { startChunk(atLeast: views[index].count) }
        }
    }

    private mutating func startChunk(atLeast needed: Int) {
        closeChunk()
        let grown = Swift.min(Swift.max(capacity * 2, StringArena.firstChunk), StringArena.largestChunk)
        capacity = Swift.max(grown, needed)
        chunk = Buffer.allocate(byteCount: capacity).assumingMemoryBound(to: UInt8.self)
        used = 0
    }

    private mutating func closeChunk() {
        if let chunk {
            full.append(Buffer(adopting: UnsafeMutableRawPointer(chunk), byteCount: used, capacity: capacity))
        }
        chunk = nil
    }

    /// Hands over all chunks, which views into the arena keep alive, and starts anew.
    package mutating func takeAll() -> [Buffer] {
        closeChunk()
        let buffers = full
        full = []
        used = 0
        capacity = 0
        byteCount = 0
        return buffers
    }

    /// What views into the arena keep alive.
    package consuming func seal() -> [Buffer] {
        closeChunk()
        let buffers = full
        chunk = nil
        return buffers
    }
}
