#if Server
import Synchronization

/// Counters of a server since its start; gauges where said. Any thread counts.
final class ServerMetrics: Sendable {
    private let connectionsTotal = Atomic<Int>(0)
    /// Gauge.
    private let connectionsOpen = Atomic<Int>(0)
    private let connectionsRefused = Atomic<Int>(0)
    private let loginsFailed = Atomic<Int>(0)
    private let statementsTotal = Atomic<Int>(0)
    private let statementsFailed = Atomic<Int>(0)
    private let rowsSent = Atomic<Int>(0)
    private let bytesReceived = Atomic<Int>(0)
    private let bytesSent = Atomic<Int>(0)
    private let cancelRequests = Atomic<Int>(0)

    func connectionOpened() {
        connectionsTotal.add(1, ordering: .relaxed)
        connectionsOpen.add(1, ordering: .relaxed)
    }
    func connectionClosed() { connectionsOpen.subtract(1, ordering: .relaxed) }
    func connectionRefused() { connectionsRefused.add(1, ordering: .relaxed) }
    func loginFailed() { loginsFailed.add(1, ordering: .relaxed) }
    func statementFinished(failed: Bool) {
        statementsTotal.add(1, ordering: .relaxed)
        if failed { statementsFailed.add(1, ordering: .relaxed) }
    }
    func sent(rows: Int) { rowsSent.add(rows, ordering: .relaxed) }
    func received(_ bytes: Int) { bytesReceived.add(bytes, ordering: .relaxed) }
    func sent(_ bytes: Int) { bytesSent.add(bytes, ordering: .relaxed) }
    func cancelRequested() { cancelRequests.add(1, ordering: .relaxed) }

    var openConnections: Int { connectionsOpen.load(ordering: .relaxed) }

    /// The text format of Prometheus.
    /// - Source: Prometheus documentation, "Exposition formats".
    var exposition: String {
        func metric(_ name: String, _ kind: String, _ help: String, _ value: borrowing Atomic<Int>) -> String {
            "# HELP blueshift_\(name) \(help)\n# TYPE blueshift_\(name) \(kind)\n"
                + "blueshift_\(name) \(value.load(ordering: .relaxed))\n"
        }
        return metric("connections", "gauge", "Connections that are open.", connectionsOpen)
            + metric("connections_total", "counter", "Connections that were accepted.", connectionsTotal)
            + metric("connections_refused_total", "counter", "Connections past the limit.", connectionsRefused)
            + metric("logins_failed_total", "counter", "Logins that were refused.", loginsFailed)
            + metric("statements_total", "counter", "Queries and executions that ended.", statementsTotal)
            + metric("statements_failed_total", "counter", "Those that ended with an error.", statementsFailed)
            + metric("rows_sent_total", "counter", "Rows sent to clients.", rowsSent)
            + metric("received_bytes_total", "counter", "Bytes received from clients.", bytesReceived)
            + metric("sent_bytes_total", "counter", "Bytes sent to clients.", bytesSent)
            + metric("cancel_requests_total", "counter", "Requests to cancel a statement.", cancelRequests)
    }
}
#endif
