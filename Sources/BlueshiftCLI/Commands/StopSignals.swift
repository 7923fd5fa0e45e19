@preconcurrency import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// SIGTERM and SIGINT as something to wait for. The second one ends the process at once.
final class StopSignals: Sendable {
    private let sources: [any DispatchSourceSignal]
    private let stream: AsyncStream<Void>

    init() {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        self.stream = stream
        sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                // From now on the signal does what it does to any process.
                signal(SIGTERM, SIG_DFL)
                signal(SIGINT, SIG_DFL)
                continuation.yield()
            }
            source.resume()
            return source
        }
    }

    func first() async {
        for await _ in stream { return }
    }
}
