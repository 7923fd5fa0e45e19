import PGWire
import SQLTypes

/// libFuzzer's entry: any bytes from a connection's first one on, or from a session's, end in messages or in an error. The
/// first byte says which, and in pieces of what size they come.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzServerFrames(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let first = input.first else { return 0 }
    let method: AuthenticationMethod = first & 1 == 0 ? .md5 : .scramSHA256
    var connection = Connection(method, isLoggedIn: first & 2 != 0)
    let piece = max(1, Int(first >> 2))
    for start in stride(from: 1, to: input.count, by: piece) {
        connection.receive(Array(input[start..<min(start + piece, input.count)]))
    }
    return 0
}

/// A server's side of a connection without a server: every other statement fails, users have no password.
private struct Connection {
    private var decoder = FrameDecoder(limits: WireLimits())
    private var machine: ProtocolMachine
    private var answers = 0

    init(_ method: AuthenticationMethod, isLoggedIn: Bool) {
        machine = ProtocolMachine(
            WireConfiguration(
                method: isLoggedIn ? .trust : method, offersTLS: false, entropy: Array(1...32), decoySecret: [1, 2, 3]))
        decoder.isLoggedIn = isLoggedIn
        guard isLoggedIn else { return }
        receive([0, 0, 0, 16, 0, 3, 0, 0] + Array("user".utf8) + [0] + Array("u".utf8) + [0, 0])
    }

    mutating func receive(_ bytes: [UInt8]) {
        guard !machine.isClosed else { return }
        decoder.append(bytes)
        do throws(SQLError) {
            while !machine.isClosed, let message = try decoder.next() {
                var actions = machine.receive(message)
                while let last = actions.last { actions = answer(last) }
            }
        } catch {
            _ = machine.fail(error)
        }
    }

    private mutating func answer(_ action: ProtocolMachine.Action) -> [ProtocolMachine.Action] {
        answers += 1
        let fails = answers % 2 == 0
        let columns = [WireColumn("a", .integer)]
        switch action {
        case .identify: return machine.identified(nil)
        case .openSession: return machine.sessionOpened(process: 1, secret: 2, parameters: [])
        case .run: return fails ? machine.failed(.queryCanceled) : machine.finished()
        case .prepare:
            let types: [SQLType] = [.integer, .decimal(precision: 10, scale: 2), .timestamp, .boolean, .double]
            return fails ? machine.failed(.queryCanceled) : machine.prepared(parameterTypes: types, columns: columns)
        case .describeCursor: return machine.described(fails ? nil : columns)
        case .execute: return fails ? machine.failed(.queryCanceled) : machine.executed(.suspended)
        case .endOfBatch: return machine.synchronized(fails ? .failed : .idle)
        default: return []
        }
    }
}
