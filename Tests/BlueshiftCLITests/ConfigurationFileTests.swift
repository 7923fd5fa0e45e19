import ArgumentParser
import Testing

@testable import BlueshiftCLI

struct ConfigurationFileTests {
    @Test func becomesArguments() throws {
        let text = """
            # what serve takes
            port: 5439   # Redshift's
            in-memory: true
            no-tls: false

            password: "a # b"
            user: 'mary'
            host:127.0.0.1
            wlm_json_configuration: '[{"query_concurrency": 3}]'
            """
        #expect(
            try ConfigurationFile.arguments(text) == [
                "--port=5439", "--in-memory", "--password=a # b", "--user=mary", "--host=127.0.0.1",
                #"--wlm-json-configuration=[{"query_concurrency": 3}]"#,
            ])
    }

    @Test(arguments: ["port", ": 1", "Port: 1", "a b: 1", "user: \"mary"])
    func whatIsNoOption(line: String) {
        #expect(throws: ValidationError.self) { try ConfigurationFile.arguments(line) }
    }
}
