package import Catalog

/// A login, its refusal, the beginning and the end of a session.
package struct ConnectionEvent: LoggedEvent {
    package var source: EventSource
    /// `authenticated`, `authentication failure`, `initiating session`, `disconnecting session`.
    package var event: String
    package var time: Int64
    package var userName: String
    /// Address in numbers; empty: the client is in this process.
    package var remoteHost: String
    package var remotePort: String
    package var method: String
    /// Microseconds, at the end.
    package var duration: Int64
    /// Of TLS; empty: none.
    package var tlsVersion: String
    package var cipher: String
    package var applicationName: String
    /// When the session began; 0: there is none. With its number it tells it from all others.
    package var sessionStart: Int64

    package init(
        source: EventSource, event: String, time: Int64, userName: String, remoteHost: String, remotePort: String,
        method: String, duration: Int64, tlsVersion: String, cipher: String, applicationName: String,
        sessionStart: Int64
    ) {
        self.sessionStart = sessionStart
        self.source = source
        self.event = event
        self.time = time
        self.userName = userName
        self.remoteHost = remoteHost
        self.remotePort = remotePort
        self.method = method
        self.duration = duration
        self.tlsVersion = tlsVersion
        self.cipher = cipher
        self.applicationName = applicationName
    }
}

/// A session that has ended.
package struct SessionEvent: LoggedEvent {
    package enum End: UInt8, Hashable, Sendable {
        case error, timedOut, client, server
    }

    package var source: EventSource
    package var userName: String
    package var startTime: Int64
    package var endTime: Int64
    /// Seconds that it might be idle; 0: for ever.
    package var timeoutSeconds: Int64
    package var end: End

    package init(
        source: EventSource, userName: String, startTime: Int64, endTime: Int64, timeoutSeconds: Int64, end: End
    ) {
        self.source = source
        self.userName = userName
        self.startTime = startTime
        self.endTime = endTime
        self.timeoutSeconds = timeoutSeconds
        self.end = end
    }
}

/// CREATE, ALTER, DROP USER.
package struct UserEvent: LoggedEvent {
    package enum Action: UInt8, Hashable, Sendable, CaseIterable {
        case create, alter, drop, rename
    }

    /// Who did it.
    package var source: EventSource
    /// Whom it was done to.
    package var affected: UserID
    package var name: String
    /// Of a rename; else empty.
    package var oldName: String
    package var action: Action
    package var canCreateDatabases: Bool
    package var isSuperuser: Bool
    /// `.max`: infinity; nil: no limit.
    package var validUntil: Int64?
    package var time: Int64

    package init(
        source: EventSource, affected: UserID, name: String, oldName: String, action: Action, canCreateDatabases: Bool,
        isSuperuser: Bool, validUntil: Int64?, time: Int64
    ) {
        self.source = source
        self.affected = affected
        self.name = name
        self.oldName = oldName
        self.action = action
        self.canCreateDatabases = canCreateDatabases
        self.isSuperuser = isSuperuser
        self.validUntil = validUntil
        self.time = time
    }
}
