package import HeraldModel

/// The text of a template and where each byte of it stands.
package struct TemplateText: Sendable {
    package let bytes: [UInt8]
    private let file: FileID
    private let lineStarts: [Int]
    /// Where the text itself begins, for values inside YAML.
    private let origin: SourceSpan?

    /// A file of its own.
    package init(_ source: TemplateSource) {
        bytes = source.text.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(source.text[3...]) : source.text
        file = source.file
        origin = nil
        lineStarts = TemplateText.lineStarts(bytes)
    }

    /// A value in YAML, such as a subject. Columns are exact for plain text and off by the quote for quoted text.
    package init(_ value: Located<String>) {
        bytes = Array(value.value.utf8)
        file = value.span.file
        origin = value.span
        lineStarts = [0]
    }

    private static func lineStarts(_ bytes: [UInt8]) -> [Int] {
        var starts = [0]
        for (index, byte) in bytes.enumerated() where byte == 0x0A || (byte == 0x0D && (index + 1 == bytes.count || bytes[index + 1] != 0x0A)) {
            starts.append(index + 1)
        }
        return starts
    }

    package func span(_ range: Range<Int>) -> SourceSpan {
        if let origin {
            let column = scalars(in: 0..<range.lowerBound)
            return SourceSpan(file: file, line: origin.line, column: origin.column + UInt32(column), width: UInt32(max(1, scalars(in: range))))
        }
        var (low, high) = (0, lineStarts.count)
        while low < high {
            let middle = (low + high) / 2
            if lineStarts[middle] <= range.lowerBound { low = middle + 1 } else { high = middle }
        }
        let start = lineStarts[low - 1]
        let end = low < lineStarts.count ? min(range.upperBound, lineStarts[low] - 1) : range.upperBound
        return SourceSpan(
            file: file, line: UInt32(low), column: UInt32(scalars(in: start..<range.lowerBound)) + 1,
            width: UInt32(max(1, scalars(in: range.lowerBound..<max(range.lowerBound, end)))))
    }

    private func scalars(in range: Range<Int>) -> Int { bytes[range].count { $0 & 0xC0 != 0x80 } }

    package func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
