import SQLTypes

/// The stretch of an object's text that is being parsed: read from the front, filled at the back. The text always ends
/// in a line end, added if the object's last line has none.
final class TextWindow {
    /// Readable, but meaningless, bytes behind the text: fields are loaded by whole words.
    static let padding = 64

    private(set) var base: UnsafeMutablePointer<UInt8>
    /// The window's own memory; `base` is elsewhere while the whole text is borrowed.
    private var own: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// Where the unread text begins and ends, from `base`.
    var start = 0
    private(set) var end = 0
    /// All of the object is in the window.
    private(set) var isAtEnd = true
    private var source: (any Inflater)?
    /// Bytes of text taken from the object so far.
    private(set) var textBytes = 0

    init(capacity: Int) {
        self.capacity = capacity
        own = TextWindow.allocate(capacity)
        base = own
    }

    deinit { own.deallocate() }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<UInt8> {
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + padding)
        memory.initialize(repeating: 0, count: capacity + padding)
        return memory
    }

    var unreadCount: Int { end - start }
    var isExhausted: Bool { isAtEnd && start == end }

    /// - Precondition: the object before is read through: its memory may be gone.
    func open(_ source: any Inflater, mayBorrow: Bool) throws(SQLError) {
        self.source = source
        base = own
        start = 0
        end = 0
        textBytes = 0
        isAtEnd = false
        guard mayBorrow, let whole = try source.borrowWholeText(), let text = whole.baseAddress else { return }
        base = text
        end = whole.count
        textBytes = whole.count
        close()
    }

    /// Drops what has been read and reads on, into a larger window if the unread text fills more than half of it.
    func refill() throws(SQLError) {
        guard !isAtEnd, let source else { return }
        makeRoom()
        // One byte is kept back for the last line end.
        let room = UnsafeMutableRawBufferPointer(start: base + end, count: capacity - end - 1)
        let count = try source.read(into: room)
        end += count
        textBytes += count
        guard count < room.count else { return }
        close()
    }

    /// All is in the window.
    private func close() {
        isAtEnd = true
        source = nil
        if end > start, base[end - 1] != UInt8(ascii: "\n") {
            base[end] = UInt8(ascii: "\n")
            end += 1
        }
    }

    private func makeRoom() {
        let unread = unreadCount
        if unread > capacity / 2 {
            let larger = TextWindow.allocate(capacity * 2)
            larger.update(from: base + start, count: unread)
            own.deallocate()
            own = larger
            base = larger
            capacity *= 2
        } else if start > 0 {
            base.update(from: base + start, count: unread)
        }
        start = 0
        end = unread
    }
}
