import QueryPlan
import SQLTypes

extension SystemView {
    /// What cost queries more than it need have. - Source: Redshift developer guide, "STL_ALERT_EVENT_LOG".
    static let stlAlertEventLog = SystemView(
        "stl_alert_event_log",
        [
            .int("userid"), .int("query"), .int("slice"), .int("segment"), .int("step"), .int("pid"), .big("xid"),
            .char("event", 1_024), .char("solution", 1_024), .time("event_time"),
        ]
    ) { state in
        state.events().alerts.map { alert in
            [
                alert.source.userValue, alert.source.queryValue, .int(alert.slice), .int(alert.segment),
                .int(alert.step), .int(alert.source.session), .int(alert.source.transaction),
                .text(alert.event, max: 1_024), .text(alert.solution, max: 1_024), .timestamp(alert.time),
            ]
        }
    }
}
