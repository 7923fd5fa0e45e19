@preconcurrency import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Turns SIGINT (Ctrl-C) into a call; while one exists, the signal does not end the process.
final class InterruptHandler: Sendable {
    private let source: any DispatchSourceSignal
    private let count = Atomic(0)

    init(_ action: @escaping @Sendable () -> Void) {
        signal(SIGINT, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler { [weak self] in
            self?.count.add(1, ordering: .relaxed)
            action()
        }
        source.resume()
    }

    var wasInterrupted: Bool { count.load(ordering: .relaxed) > 0 }

    func stop() {
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }
}
