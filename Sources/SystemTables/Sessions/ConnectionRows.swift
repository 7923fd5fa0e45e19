import QueryPlan
import SQLTypes

extension SystemView {
    /// Up to the application's name, which both views have in one order.
    static func connection(_ event: ConnectionEvent) -> [SQLValue] {
        [
            .text(event.event, max: 50), .timestamp(event.time),
            .text(event.remoteHost.isEmpty ? "[local]" : event.remoteHost, max: 45),
            .text(event.remotePort, max: 32), .int(event.source.session), .text(event.source.database, max: 50),
            .text(event.userName, max: 50), .text(event.method, max: 32), .clamped(event.duration),
            .text(event.tlsVersion, max: 50), .text(event.cipher, max: 128), .int(0), .text(""), .text(""),
            .text(""), .text(event.applicationName, max: 250),
        ]
    }
}

extension ConnectionEvent {
    /// In the form of a UUID, and unique as one: of the session's number and beginning. Empty: there is no session.
    var sessionName: String {
        guard sessionStart != 0 else { return "" }
        return UniqueName.text(
            UInt64(bitPattern: sessionStart), UInt64(UInt32(bitPattern: source.session)))
    }
}
