import HeraldModel

/// Text with `‹!›` where a diagnostic must land.
struct MarkedText {
    static let mark = "‹!›"
    let text: String
    /// Nil where the text has no mark.
    let line: UInt32?
    let column: UInt32?

    init(_ marked: String) {
        guard let mark = marked.firstRange(of: MarkedText.mark) else {
            (text, line, column) = (marked, nil, nil)
            return
        }
        let before = marked[..<mark.lowerBound]
        text = String(before) + marked[mark.upperBound...]
        let scalars = Array(before.unicodeScalars)
        line = UInt32(scalars.count { $0 == "\n" }) + 1
        column = UInt32(scalars.count - (scalars.lastIndex(of: "\n") ?? -1))
    }
}

/// Whether a place is inside a text, or directly behind the end of one of its lines.
func isInside(_ span: SourceSpan, _ bytes: [UInt8]) -> Bool {
    let files = SourceMap()
    guard let line = files.line(span.line, of: files.add(path: "file", text: bytes)) else { return false }
    let body = span.line == 1 && line.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(line.dropFirst(3)) : line
    let scalars = String(decoding: body, as: UTF8.self).unicodeScalars.count
    return span.line >= 1 && span.column >= 1 && Int(span.column) <= scalars + 1 && Int(span.column + span.width) <= scalars + 2
}
