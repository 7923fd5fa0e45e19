import SQLTypes

/// What pg_type lists: the types of the engine, their arrays, and the pseudo-types that signatures name.
struct TypeListing {
    struct Entry {
        var oid: ObjectID
        var name: String
        /// `typlen`.
        var length: Int
        var layout: TypeLayout
        /// `typtype`: `b` or `p`.
        var kind: String
        /// 0: no array or vector.
        var element: ObjectID
        /// Of the arrays of this type; 0: there are none.
        var array: ObjectID
        /// `typcategory` of later releases.
        var category: String
        /// What the names of its input and output functions begin with.
        var functions: String
        var isArray = false
    }

    /// PostgreSQL's VOID, TRIGGER and so on.
    static let record: ObjectID = 2249
    static let cstring: ObjectID = 2275
    static let anyElement: ObjectID = 2283
    static let internalType: ObjectID = 2281
    static let trigger: ObjectID = 2279
    static let void: ObjectID = 2278
    static let int4: ObjectID = 23

    /// By number.
    static let all: [Entry] = {
        let types = SQLType.all.filter { !$0.isArray }
        var entries = types.map(entry)
        let text = SQLType.postgreSQLText
        entries.append(
            Entry(
                oid: text.oid, name: text.name, length: -1, layout: SQLType.longText.layout, kind: "b", element: 0,
                array: text.arrayOID, category: "S", functions: "text"))
        entries += entries.compactMap(array)
        for (oid, name, length) in pseudoTypes {
            let layout = TypeLayout(isByValue: length == 4, alignment: length == -2 ? "c" : "i", storage: "p")
            entries.append(
                Entry(
                    oid: oid, name: name, length: length, layout: layout, kind: "p", element: 0, array: 0,
                    category: "P", functions: "\(name)_"))
        }
        return entries.sorted { $0.oid < $1.oid }
    }()

    private static let pseudoTypes: [(ObjectID, String, Int)] = [
        (record, "record", 4), (cstring, "cstring", -2), (2276, "any", 4), (2277, "anyarray", -1), (void, "void", 4),
        (trigger, "trigger", 4), (2280, "language_handler", 4), (internalType, "internal", 4), (2282, "opaque", 4),
        (anyElement, "anyelement", 4),
    ]

    /// What functions of the system take or give that are no values: `trigger`, `cstring`, `any`, …
    static func oid(ofPseudoType name: String) -> ObjectID? { pseudoTypes.first { $0.1 == name }?.0 }

    private static func entry(_ type: SQLType) -> Entry {
        let known = type.postgreSQL
        let element: ObjectID =
            switch type {
            case .catalog(.int2vector): SQLType.smallint.oid
            case .catalog(.oidvector): SQLType.oid.oid
            default: 0
            }
        return Entry(
            oid: known.oid, name: known.name, length: Int(known.length), layout: type.layout, kind: "b",
            element: element, array: known.arrayOID, category: category(type), functions: prefix(type))
    }

    private static func array(of element: Entry) -> Entry? {
        guard element.array != 0 else { return nil }
        let layout = TypeLayout(isByValue: false, alignment: element.layout.alignment == "d" ? "d" : "i", storage: "x")
        return Entry(
            oid: element.array, name: "_\(element.name)", length: -1, layout: layout, kind: "b", element: element.oid,
            array: 0, category: "A", functions: "array_", isArray: true)
    }

    private static func category(_ type: SQLType) -> String {
        switch type {
        case .boolean: "B"
        case .smallint, .integer, .bigint, .decimal, .real, .double, .catalog(.oid), .catalog(.regclass),
            .catalog(.regtype), .catalog(.regproc):
            "N"
        case .char, .varchar, .catalog(.name): "S"
        case .date, .time, .timetz, .timestamp, .timestamptz: "D"
        case .intervalYearToMonth, .intervalDayToSecond: "T"
        case .catalog(.int2vector), .catalog(.oidvector), .catalog(.array): "A"
        case .unknown: "X"
        case .varbyte, .catalog: "U"
        }
    }

    /// Those of later origin have an underscore: `date_in`, but `int4in`.
    private static func prefix(_ type: SQLType) -> String {
        let name = type.postgreSQL.name
        return switch type {
        case .decimal, .date, .time, .timetz, .timestamp, .timestamptz, .intervalYearToMonth, .intervalDayToSecond:
            "\(name)_"
        default: name
        }
    }
}
