import Synchronization

/// The files of a run: names for diagnostics, and the text of those whose lines may be shown.
package final class SourceMap: Sendable {
    private struct File {
        let path: String
        /// Nil for data files: their content is people, and is never shown.
        var text: [UInt8]?
    }

    private let files = Mutex<[File]>([])

    package init() {}

    /// Registers a file of definitions, whose lines diagnostics may quote.
    package func add(path: String, text: [UInt8]) -> FileID { add(File(path: path, text: text)) }

    /// Registers a file of contact data: named in diagnostics, never quoted.
    package func addData(path: String) -> FileID { add(File(path: path, text: nil)) }

    private func add(_ file: File) -> FileID {
        files.withLock {
            $0.append(file)
            return FileID(UInt32($0.count - 1))
        }
    }

    /// Gives a file its text after it was registered, for files that are read side by side.
    package func fill(_ file: FileID, text: [UInt8]) { files.withLock { $0[Int(file.index)].text = text } }

    /// The path relative to the workspace, as diagnostics print it.
    package func path(of file: FileID) -> String { files.withLock { $0[Int(file.index)].path } }

    /// The bytes of one line without its end, or nil where the file is data or has no such line. Lines end with LF, CRLF or CR.
    package func line(_ number: UInt32, of file: FileID) -> [UInt8]? {
        guard let text = files.withLock({ $0[Int(file.index)].text }) else { return nil }
        var current: UInt32 = 1
        var start = 0
        var index = 0
        while index < text.count, current < number {
            let byte = text[index]
            index += 1
            guard byte == 0x0A || byte == 0x0D else { continue }
            if byte == 0x0D, index < text.count, text[index] == 0x0A { index += 1 }
            current += 1
            start = index
        }
        guard current == number else { return nil }
        let end = text[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? text.count
        return Array(text[start..<end])
    }
}
