#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The controlling terminal: raw mode while a line is typed, its own mode while a statement runs, so that Ctrl-C arrives as
/// SIGINT then.
struct Terminal {
    private let original: termios

    /// nil unless both standard input and output are terminals.
    init?() {
        var settings = termios()
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1, tcgetattr(STDIN_FILENO, &settings) == 0 else {
            return nil
        }
        original = settings
    }

    func enterRawMode() {
        var raw = original
        cfmakeraw(&raw)
        // Output processing stays on: "\n" goes to the first column.
        raw.c_oflag |= tcflag_t(OPOST)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
    }

    func leaveRawMode() {
        var settings = original
        tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
    }

    /// Columns of the window; 80 if it does not say.
    var width: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
