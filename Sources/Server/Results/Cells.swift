#if Server
/// One value of a column, encoded: where its bytes are, and how many; −1: NULL. What it points to stays where it is
/// until the batch's rows are written.
struct Cell: BitwiseCopyable {
    var address: UInt
    var length: Int

    static let null = Cell(address: 0, length: -1)

    init(address: UInt, length: Int) {
        self.address = address
        self.length = length
    }

    init(_ start: UnsafeRawPointer, length: Int) { self.init(address: UInt(bitPattern: start), length: length) }
}

/// Memory for one column of one batch, grown when a batch needs more and used again for the next.
///
/// Behind the bytes in use are `slack` more that may be read, so that short cells can be copied by whole words.
final class CellMemory {
    static let slack = 32

    private(set) var cells: UnsafeMutablePointer<Cell>
    private(set) var bytes: UnsafeMutablePointer<UInt8>
    private var rowCapacity: Int
    private var byteCapacity: Int

    init() {
        rowCapacity = 16
        byteCapacity = 512
        cells = .allocate(capacity: rowCapacity)
        bytes = .allocate(capacity: byteCapacity + CellMemory.slack)
    }

    deinit {
        cells.deallocate()
        bytes.deallocate()
    }

    /// Room for that many; what was there is gone.
    func reserve(rows: Int, bytes byteCount: Int) {
        if rows > rowCapacity {
            cells.deallocate()
            cells = .allocate(capacity: rows)
            rowCapacity = rows
        }
        if byteCount > byteCapacity {
            bytes.deallocate()
            bytes = .allocate(capacity: byteCount + CellMemory.slack)
            byteCapacity = byteCount
        }
    }
}
#endif
