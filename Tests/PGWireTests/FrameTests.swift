import PGWire
import SQLTypes
import Testing

struct FrameTests {
    @Test(arguments: 1...40)
    func anySplitGivesTheSameMessages(step: Int) throws {
        let bytes =
            Frontend.startup([("user", "u")]) + Frontend.query("select 'é'") + Frontend.parse("a", "b", [1, 2])
            + Frontend.bind("p", "s", [[1, 2], nil, []], formats: [1], results: [0, 1]) + Frontend.sync
        var decoder = FrameDecoder()
        var messages: [FrontendMessage] = []
        for start in stride(from: 0, to: bytes.count, by: step) {
            decoder.append(Array(bytes[start..<min(start + step, bytes.count)]))
            while let message = try decoder.next() { messages.append(message) }
        }
        #expect(
            messages == [
                .startup(StartupMessage([("user", "u")])), .query("select 'é'"),
                .parse(ParseMessage(statement: "a", text: "b", parameterOIDs: [1, 2])),
                .bind(
                    BindMessage(
                        portal: "p", statement: "s", parameterFormats: [.binary], parameters: [[1, 2], nil, []],
                        resultFormats: [.text, .binary])), .sync,
            ])
        #expect(decoder.pendingByteCount == 0)
    }

    @Test(arguments: [
        Frontend.int32(0) + Frontend.int32(3 << 16), Frontend.int32(-1) + Frontend.int32(3 << 16),
        Frontend.int32(7) + Frontend.int32(3 << 16), Frontend.int32(10_001) + Frontend.int32(3 << 16),
        Frontend.int32(Int(Int32.max)), Frontend.packet(2 << 16), Frontend.packet(3 << 16, [65, 66]),
        Frontend.packet(3 << 16, [65, 0, 66, 0]), Frontend.packet(3 << 16, [0, 0]),
        Frontend.packet(1234 << 16 | 5678, [1, 2, 3]), Array("GET / HTTP/1.1\r\n\r\n".utf8),
    ])
    func brokenStartupPackets(bytes: [UInt8]) {
        var decoder = FrameDecoder()
        decoder.append(bytes)
        #expect(throws: SQLError.self) { try decoder.next() }
        #expect((try? decoder.next()) == .some(nil))
    }

    @Test func lostFramesEndTheConnection() throws {
        for bytes in [[UInt8(ascii: "!")] + Frontend.int32(4), [UInt8(ascii: "Q")] + Frontend.int32(3)] {
            var decoder = FrameDecoder()
            decoder.append(Frontend.startup([("user", "u")]) + bytes)
            _ = try decoder.next()
            #expect(throws: SQLError.self) { try decoder.next() }
        }
    }

    @Test func wrongContentCostsOneMessage() throws {
        var decoder = FrameDecoder()
        decoder.append(
            Frontend.startup([("user", "u")]) + Frontend.frame("Q", [65]) + Frontend.frame("Q", [65, 0, 66])
                + Frontend.frame("Q", [0xFF, 0]) + Frontend.frame("B", [0, 0, 0x7F, 0xFF])
                + Frontend.frame("D", [1, 0])
                + Frontend.query("x"))
        _ = try decoder.next()
        for state in [
            SQLState.protocolViolation, .protocolViolation, .characterNotInRepertoire, .protocolViolation,
            .protocolViolation,
        ] {
            guard case .malformed(_, let error) = try decoder.next() else {
                Issue.record("accepted")
                return
            }
            #expect(error.state == state)
        }
        #expect(try decoder.next() == .query("x"))
    }

    @Test func statementsThatAreTooLongAreSkipped() throws {
        var limits = WireLimits()
        limits.messageBytesMax = 10
        var decoder = FrameDecoder(limits: limits)
        decoder.isLoggedIn = true
        decoder.append(Frontend.startup([("user", "u")]))
        _ = try decoder.next()
        let bytes = Frontend.query("123456789 123456789") + Frontend.query("x")
        var messages: [FrontendMessage] = []
        for byte in bytes {
            decoder.append([byte])
            while let message = try decoder.next() { messages.append(message) }
            #expect(decoder.pendingByteCount < 16)
        }
        guard case .malformed(UInt8(ascii: "Q"), let error) = messages[0] else {
            Issue.record("accepted")
            return
        }
        #expect(
            error.message == "Statement is too large. Statement Size: 20 bytes. Maximum Allowed: 10 bytes")
        #expect(messages.dropFirst() == [.query("x")])
    }

    /// Who has not shown a password gets no memory for 16 MB.
    @Test func longMessagesAreForThoseWhoHaveLoggedIn() throws {
        let header = [UInt8(ascii: "Q")] + Frontend.int32(10_005)
        for isLoggedIn in [false, true] {
            var decoder = FrameDecoder()
            decoder.append(Frontend.startup([("user", "u")]))
            _ = try decoder.next()
            decoder.isLoggedIn = isLoggedIn
            decoder.append(header)
            if isLoggedIn {
                #expect(try decoder.next() == nil)
            } else {
                #expect(throws: SQLError.self) { try decoder.next() }
                #expect(decoder.pendingByteCount == 0)
            }
        }
    }

    /// Whatever comes over the network: an error or a message, never a trap.
    @Test(arguments: UInt64(0)..<200)
    func randomBytes(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var bytes: [UInt8] = []
        if seed % 2 == 0 {
            bytes = (0..<random.below(400)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        }
        let valid = [
            Frontend.query("select 1"), Frontend.parse("a", "select $1", [23]), Frontend.describe("S", "a"),
            Frontend.bind("", "a", [[0, 0, 0, 1]], formats: [1]), Frontend.execute("", limit: 3), Frontend.sync,
            Frontend.close("S", "a"), Frontend.flush, Frontend.frame("F", [1]), Frontend.password("x"),
            Frontend.terminate,
        ]
        for _ in 0..<random.below(20) { bytes += valid[random.below(valid.count)] }
        for _ in 0..<random.below(6) where !bytes.isEmpty {
            bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
        }
        var talk = try Conversation.loggedIn()
        talk.decoder.append(bytes)
        do throws(SQLError) {
            while let message = try talk.decoder.next() {
                var actions = talk.machine.receive(message)
                while let last = actions.last { actions = answer(last, &talk.machine, &random) }
            }
        } catch {
            #expect(error.state == .protocolViolation)
            let end = talk.machine.fail(error)
            #expect(end.last == .close || end.isEmpty && talk.machine.isClosed)
        }
    }

    private func answer(
        _ action: ProtocolMachine.Action, _ machine: inout ProtocolMachine, _ random: inout SplitMix64
    ) -> [ProtocolMachine.Action] {
        let fails = random.below(4) == 0
        switch action {
        case .run: return fails ? machine.failed(.queryCanceled) : machine.finished()
        case .prepare:
            return fails
                ? machine.failed(.queryCanceled)
                : machine.prepared(parameterTypes: [.integer], columns: [WireColumn("a", .integer)])
        case .execute: return fails ? machine.failed(.queryCanceled) : machine.executed(.complete(tag: "SELECT"))
        case .endOfBatch: return machine.synchronized(fails ? .failed : .idle)
        default: return []
        }
    }
}
