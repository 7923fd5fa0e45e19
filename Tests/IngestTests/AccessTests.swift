import Ingest
import SQLTypes
import Testing

@Suite struct AccessTests {
    @Test(arguments: [
        "arn:aws:iam::123456789012:role/dwhRole", "arn:aws:iam::123456789012:role/team/x+=,.@_-9",
        "arn:aws-cn:iam::123456789012:role/r",
    ])
    func wellFormed(arn: String) throws {
        #expect(try RoleARN(arn).text == arn)
    }

    @Test(arguments: [
        "arn:iam::/dwhrole", "", "dwhrole", "arn:aws:iam::12345:role/dwhrole", "arn:aws:iam::123456789012:user/dwhrole",
        "arn:aws:iam:us-west-2:123456789012:role/dwhrole", "arn:aws:iam::123456789012:role/",
        "arn:aws:iam::123456789012:role/dwh role", "arn:aws:s3::123456789012:role/dwhrole",
        "arn:aws:iam::12345678901x:role/a",
    ])
    func malformed(arn: String) {
        let error = #expect(throws: SQLError.self) { try RoleARN(arn) }
        #expect(error?.message == "Invalid IAM role ARN '\(arn)'")
        #expect(error?.hint?.contains("arn:aws:iam::123456789012:role/") == true)
    }

    @Test func malformedShowsTheRightForm() {
        let error = #expect(throws: SQLError.self) { try RoleARN("arn:iam::/dwhrole") }
        #expect(error?.hint == "For instance 'arn:aws:iam::123456789012:role/dwhrole'.")
    }

    @Test func credentials() throws {
        let arn = "arn:aws:iam::123456789012:role/blueshift"
        #expect(try CopyAuthorization(credentials: "aws_iam_role=\(arn)") == .roles([RoleARN(arn)]))
        #expect(try CopyAuthorization(iamRole: "\(arn),\(arn)2") == .roles([RoleARN(arn), RoleARN(arn + "2")]))
        for text in ["", "aws_iam_role", "AWS_IAM_ROLE=\(arn)", "aws_iam_role=\(arn) ", "aws_iam_role=\(arn);x=y"] {
            #expect(throws: SQLError.self) { try CopyAuthorization(credentials: text) }
        }
        #expect(throws: SQLError.unsupported("authorization by access keys")) {
            try CopyAuthorization(credentials: "aws_access_key_id=a;aws_secret_access_key=b")
        }
    }

    @Test func attachedRoles() throws {
        let roles = try AttachedRoles.standard()
        let action = ObjectAction.read(bucket: "lab")
        let standard = try RoleARN(AttachedRoles.standardRole)
        #expect(try roles.authorize(.defaultRole, for: action, user: "u") == standard)
        #expect(try roles.authorize(.roles([standard]), for: action, user: "u") == standard)
        let other = try RoleARN("arn:aws:iam::123456789012:role/other")
        let error = #expect(throws: SQLError.self) {
            try roles.authorize(.roles([other]), for: action, user: "awsuser")
        }
        #expect(
            error?.message
                == "User arn:aws:redshift:us-west-2:123456789012:dbuser:blueshift/awsuser "
                + "is not authorized to assume IAM Role arn:aws:iam::123456789012:role/other")
        let none = AttachedRoles(roles: [])
        #expect(throws: SQLError.self) { try none.authorize(.defaultRole, for: action, user: "u") }
    }
}

@Suite struct CopyOptionsTests {
    private static let conflicts: [(String, CopyOptions)] = [
        ("QUOTE", .with { $0.quote = 0x27 }),
        (
            "ESCAPE",
            .with {
                $0.format = .csv
                $0.escape = true
            }
        ),
        (
            "REMOVEQUOTES",
            .with {
                $0.format = .csv
                $0.removeQuotes = true
            }
        ),
        (
            "DELIMITER",
            .with {
                $0.format = .fixedWidth("a:1")
                $0.delimiter = 0x7C
            }
        ),
        (
            "NULL AS",
            .with {
                $0.format = .json(nil)
                $0.nullMarker = [0x78]
            }
        ),
        (
            "FILLRECORD",
            .with {
                $0.format = .json(nil)
                $0.fillRecord = true
            }
        ),
        (
            "MAXERROR",
            .with {
                $0.format = .parquet
                $0.maximumErrors = 1
            }
        ),
        (
            "IGNOREALLERRORS",
            .with {
                $0.maximumErrors = 1
                $0.ignoresAllErrors = true
            }
        ),
    ]

    @Test(arguments: conflicts)
    func conflict(option: String, options: CopyOptions) {
        let error = #expect(throws: SQLError.self) { try options.validate() }
        #expect(error?.state == .syntaxError)
        #expect(error?.message.hasPrefix("\(option) cannot be used with ") == true)
    }

    private static let unsupported: [(String, CopyOptions)] = [
        ("COPY format JSON", .with { $0.format = .json("auto") }),
        ("COPY format PARQUET", .with { $0.format = .parquet }),
        ("COPY option ENCRYPTED", .with { $0.isEncrypted = true }),
        ("COPY option ENCODING utf16", .with { $0.encoding = "utf16" }),
    ]

    @Test(arguments: unsupported)
    func notThereYet(feature: String, options: CopyOptions) {
        #expect(throws: SQLError.unsupported(feature)) { try options.validate() }
    }

    @Test func outOfRange() {
        for options in [
            CopyOptions.with { $0.maximumErrors = 100_001 }, .with { $0.compressionRows = 999 },
            .with { $0.dateFormat = "YYYY" }, .with { $0.dateFormat = "bananas" }, .with { $0.timeFormat = "AUTO?" },
            .with {
                $0.format = .csv
                $0.delimiter = 0x22
            },
        ] {
            let error = #expect(throws: SQLError.self) { try options.validate() }
            #expect(error?.state == .invalidParameterValue)
        }
    }

    @Test func arguments() throws {
        #expect(try CopyOptions.delimiter("|") == 0x7C)
        #expect(try CopyOptions.delimiter(#"\t"#) == 9)
        #expect(try CopyOptions.delimiter("\t") == 9)
        #expect(try CopyOptions.delimiter(#"\017"#) == 15)
        for text in ["", "||", "é", "\n", #"\200"#, #"\999"#] {
            #expect(throws: SQLError.self) { try CopyOptions.delimiter(text) }
        }
        #expect(try CopyOptions.nullMarker(#"\000"#) == [0])
        #expect(throws: SQLError.self) { try CopyOptions.nullMarker(#"\n"#) }
        #expect(try CopyOptions.replacementCharacter(nil) == 0x3F)
        #expect(throws: SQLError.self) { try CopyOptions.replacementCharacter("??") }
        #expect(throws: SQLError.self) { try CopyOptions.quote("ab") }
    }
}
