/// One query of the demo, and what to see in it.
struct Lesson {
    var title: String
    var text: String
    /// Runs before the query, shown but not measured.
    var preparation: [String] = []
    var query: String

    static let all = [
        Lesson(
            title: "A colocated join",
            text: """
                SALES and LISTING are both distributed on LISTID: a sale and its listing are on one slice, whatever the \
                number of nodes. The join is DS_DIST_NONE; the bytes column shows that only the grouped sums travel.
                """,
            query: """
                SELECT l.dateid % 7 AS weekday, count(*) AS sales, sum(s.pricepaid) AS paid
                FROM sales s JOIN listing l ON s.listid = l.listid
                GROUP BY 1 ORDER BY 1
                """),
        Lesson(
            title: "A broadcast",
            text: """
                CATEGORY has eleven rows. Copying it to every node costs less than sending 8,798 events to where their \
                category is: DS_BCAST_INNER. Each category row is sent once to each node.
                """,
            query: """
                SELECT c.catgroup, count(*) AS events
                FROM event e JOIN category c ON e.catid = c.catid
                GROUP BY c.catgroup ORDER BY events DESC
                """),
        Lesson(
            title: "A redistribution",
            text: """
                SALES is distributed on LISTID, EVENT on EVENTID. Every sale has to travel to the slice of its event: \
                DS_DIST_OUTER. Compare the bytes with those of the first lesson.
                """,
            query: """
                SELECT e.eventname, sum(s.pricepaid) AS paid
                FROM sales s JOIN event e ON s.eventid = e.eventid
                GROUP BY e.eventname ORDER BY paid DESC LIMIT 5
                """),
        Lesson(
            title: "Blocks skipped by zone maps",
            text: """
                SALES is sorted by DATEID. Each block knows its least and its greatest value, so that a scan for two weeks \
                reads only the blocks that can hold them.
                """,
            query: """
                SELECT count(*) AS sales, sum(qtysold) AS tickets
                FROM sales WHERE dateid BETWEEN 1910 AND 1923
                """),
        Lesson(
            title: "A skewed key",
            text: """
                The same sales distributed on EVENTID: one event sold far more than the others, and all of its rows are on \
                one slice. The slowest slice sets the pace. (The guide's advice: a key with many values, evenly used.)
                """,
            preparation: ["CREATE TABLE sales_by_event DISTKEY (eventid) AS SELECT * FROM sales"],
            query: """
                SELECT count(*) AS sales, max(pricepaid) AS dearest, avg(commission) AS commission
                FROM sales_by_event
                """),
    ]
}
