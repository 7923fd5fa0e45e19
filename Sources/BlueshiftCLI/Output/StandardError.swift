#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Notices, timings and errors: never mixed into a result.
func printToStandardError(_ text: String) {
    let output = BufferedOutput(descriptor: STDERR_FILENO)
    output.line(text)
    output.flush()
}
