extension Printer {
    mutating func copy(_ copy: CopyStatement) {
        write("COPY ")
        qualified(copy.table)
        optionalNames(copy.columns)
        write(" FROM ")
        string(copy.source)
        for option in copy.options {
            write(" ")
            self.option(option.kind)
        }
    }

    /// A keyword and its text, if it has one.
    private mutating func option(_ keyword: String, _ text: String?) {
        write(keyword)
        guard let text else { return }
        write(" ")
        string(text)
    }

    private mutating func access(_ access: AccessOption) {
        switch access {
        case .iamRole(nil): write("IAM_ROLE DEFAULT")
        case .iamRole(let role?): option("IAM_ROLE", role)
        case .credentials(let text): option("CREDENTIALS", text)
        case .accessKeyID(let text): option("ACCESS_KEY_ID", text)
        case .secretAccessKey(let text): option("SECRET_ACCESS_KEY", text)
        case .sessionToken(let text): option("SESSION_TOKEN", text)
        case .masterSymmetricKey(let text): option("MASTER_SYMMETRIC_KEY", text)
        }
    }

    private mutating func option(_ kind: CopyStatement.Kind) {
        switch kind {
        case .access(let value): access(value)
        case .region(let text): option("REGION", text)
        case .quote(let text): option("QUOTE", text)
        case .delimiter(let text): option("DELIMITER", text)
        case .fixedWidth(let text): option("FIXEDWIDTH", text)
        case .json(let text): option("JSON", text)
        case .avro(let text): option("AVRO", text)
        case .nullAs(let text): option("NULL AS", text)
        case .dateFormat(let text): option("DATEFORMAT", text)
        case .timeFormat(let text): option("TIMEFORMAT", text)
        case .encoding(let text): option("ENCODING", text)
        case .acceptInvalidCharacters(let text): option("ACCEPTINVCHARS", text)
        case .compression(let value): write(value.rawValue)
        case .readRatio(let number): write("READRATIO \(number)")
        case .ignoreHeader(let number): write("IGNOREHEADER \(number)")
        case .compressionRows(let number): write("COMPROWS \(number)")
        case .maximumErrors(let number): write("MAXERROR \(number)")
        case .compressionUpdate(let value): write("COMPUPDATE \(value.rawValue)")
        case .statisticsUpdate(let isOn): write("STATUPDATE \(isOn ? "ON" : "OFF")")
        default: write(Self.flag(kind))
        }
    }

    private static func flag(_ kind: CopyStatement.Kind) -> String {
        switch kind {
        case .manifest: "MANIFEST"
        case .encrypted: "ENCRYPTED"
        case .ssh: "SSH"
        case .csv: "CSV"
        case .parquet: "PARQUET"
        case .orc: "ORC"
        case .serializeToJSON: "SERIALIZETOJSON"
        case .shapefile: "SHAPEFILE"
        case .acceptAnyDate: "ACCEPTANYDATE"
        case .blanksAsNull: "BLANKSASNULL"
        case .emptyAsNull: "EMPTYASNULL"
        case .escape: "ESCAPE"
        case .explicitIDs: "EXPLICIT_IDS"
        case .fillRecord: "FILLRECORD"
        case .ignoreBlankLines: "IGNOREBLANKLINES"
        case .removeQuotes: "REMOVEQUOTES"
        case .roundDecimals: "ROUNDEC"
        case .trimBlanks: "TRIMBLANKS"
        case .truncateColumns: "TRUNCATECOLUMNS"
        case .ignoreAllErrors: "IGNOREALLERRORS"
        case .noLoad: "NOLOAD"
        default: ""
        }
    }

    mutating func unload(_ unload: UnloadStatement) {
        write("UNLOAD (")
        string(Printer.print(unload.query))
        write(") TO ")
        string(unload.destination)
        for option in unload.options {
            write(" ")
            self.option(option.kind)
        }
    }

    private mutating func option(_ kind: UnloadStatement.Kind) {
        switch kind {
        case .access(let value): access(value)
        case .region(let text): option("REGION", text)
        case .csv: write("CSV")
        case .parquet: write("PARQUET")
        case .json: write("JSON")
        case .delimiter(let text): option("DELIMITER", text)
        case .fixedWidth(let text): option("FIXEDWIDTH", text)
        case .addQuotes: write("ADDQUOTES")
        case .escape: write("ESCAPE")
        case .header: write("HEADER")
        case .nullAs(let text): option("NULL AS", text)
        case .partitionBy(let columns, let includesColumns):
            write("PARTITION BY ")
            names(columns)
            if includesColumns { write(" INCLUDE") }
        case .manifest(let isVerbose): write(isVerbose ? "MANIFEST VERBOSE" : "MANIFEST")
        case .compression(let value): write(value.rawValue)
        case .encrypted(let isAuto): write(isAuto ? "ENCRYPTED AUTO" : "ENCRYPTED")
        case .kmsKeyID(let text): option("KMS_KEY_ID", text)
        case .allowOverwrite: write("ALLOWOVERWRITE")
        case .cleanPath: write("CLEANPATH")
        case .parallel(let isOn): write(isOn ? "PARALLEL ON" : "PARALLEL OFF")
        case .maximumFileSize(let size): write("MAXFILESIZE \(size.number) \(size.unit.rawValue)")
        case .rowGroupSize(let size): write("ROWGROUPSIZE \(size.number) \(size.unit.rawValue)")
        case .extension(let text): option("EXTENSION", text)
        }
    }
}
