import Glibc
import HeraldModel
import Synchronization

/// The only place that writes to the terminal. stdout is data, stderr is talk.
enum Terminal {
    static func data(_ text: String) { write(text, to: STDOUT_FILENO) }

    static func talk(_ text: String) { write(text.hasSuffix("\n") ? text : text + "\n", to: STDERR_FILENO) }

    private static let isTracing = Atomic<Bool>(false)

    static func startTracing() { isTracing.store(true, ordering: .relaxed) }

    /// A step, where `--trace` asked for it. Names objects and counts; never people.
    static func trace(_ text: @autoclosure () -> String) { if isTracing.load(ordering: .relaxed) { talk("trace: \(text())") } }

    /// Writes over the line that stands there.
    static func talkOver(_ text: String) { write("\r\u{1B}[2K\(text)", to: STDERR_FILENO) }

    static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

    /// Columns of the terminal that stdout leads to; 100 where it leads elsewhere.
    static var width: Int {
        var size = winsize()
        return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 100
    }

    /// The first line of standard input, or as much of it as the limit allows, in bytes.
    static func firstLine(limit: Int) -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count < limit, read(STDIN_FILENO, &byte, 1) == 1, byte != 0x0A { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// All of standard input, or nil where it is longer than the limit, in bytes, or no UTF-8.
    static func input(limit: Int) -> String? {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= limit {
            let count = read(STDIN_FILENO, &part, part.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += part.prefix(count)
        }
        return bytes.count <= limit ? String(validating: bytes, as: UTF8.self) : nil
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var written = 0
            while written < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }  // A reader that went away (`| head`) is no error of ours.
                written += count
            }
        }
    }
}

/// Ends the process with a code of the frozen table.
func leave(_ code: HeraldModel.ExitCode) -> Never { exit(code.rawValue) }
