import SQLTypes

/// Whether the client of a query waits for rows, or has those that it asked for and rests.
final class ClientPause: Sendable {
    let workload: WorkloadManager
    let activity: SessionActivity
    private let text: String
    private let startTime: Int64
    private let state = Locked(false)

    init(_ workload: WorkloadManager, _ activity: SessionActivity, text: String, startTime: Int64) {
        self.workload = workload
        self.activity = activity
        self.text = text
        self.startTime = startTime
    }

    var isPaused: Bool { state.value }

    func pause(_ query: Int64, _ control: QueryControl) {
        state.value = true
        activity.finish(control)
        workload.suspend(query)
    }

    /// - Throws: why the session was ended.
    func resume(_ control: QueryControl) throws(SQLError) {
        state.value = false
        try activity.begin(text, control, startTime: startTime, beside: [])
    }
}
