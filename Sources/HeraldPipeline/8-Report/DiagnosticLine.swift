import HeraldModel

/// One line of a file with a mark under what is meant, for a terminal.
struct DiagnosticLine {
    let text: String
    let mark: String

    /// - Parameters:
    ///   - width: the most columns; a longer line is cut around the mark.
    init(_ line: [UInt8], at span: SourceSpan, width: Int) {
        var scalars = Array(String(decoding: line, as: UTF8.self).unicodeScalars)
        if span.line == 1, scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        let pieces = DiagnosticMasking.pieces(scalars, tab: "    ")
        let first = Int(span.column) - 1
        let last = first + Int(span.width)
        var (start, end): (Int?, Int) = (nil, 0)
        var columns: [(text: String, at: Int)] = []
        var column = 0
        for piece in pieces {
            columns.append((piece.text, column))
            if piece.range.overlaps(first..<last) { start = start ?? column }
            column += piece.text.unicodeScalars.reduce(0) { $0 + DiagnosticLine.width(of: $1) }
            if piece.range.overlaps(first..<last) { end = column }
        }
        // What is missing is missed at the end of the line.
        let from = start ?? column
        let to = max(end, from + 1)
        (text, mark) = DiagnosticLine.cut(columns, length: column, from: from, to: to, width: max(20, width))
    }

    private static func cut(
        _ columns: [(text: String, at: Int)], length: Int, from: Int, to: Int, width: Int
    ) -> (text: String, mark: String) {
        guard length > width else {
            return (columns.map(\.text).joined(), String(repeating: " ", count: from) + String(repeating: "^", count: to - from))
        }
        let left = max(0, min(from - width / 3, length - width + 2))
        let right = left + width - 2
        let shown = columns.filter { $0.at >= left && $0.at < right }
        let begin = shown.first?.at ?? left
        let (before, after) = (begin > 0 ? "…" : "", right < length ? "…" : "")
        let marked = max(1, min(to, right) - from)
        return (
            before + shown.map(\.text).joined() + after,
            String(repeating: " ", count: from - begin + before.count) + String(repeating: "^", count: marked)
        )
    }

    /// Columns of a terminal that a scalar takes.
    private static func width(of scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF, 0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
            0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
