package import HeraldModel

/// The text of a template and where each byte of it stands. Line ends are LF, whatever the file has.
package struct TemplateText: Sendable {
    package let bytes: [UInt8]
    private let file: FileID
    private let lineStarts: [Int]
    /// Scalars before each block of bytes, so that a column in a long line is found without counting the line.
    private let scalarsBefore: [Int]
    private let origin: Origin

    private enum Origin {
        /// A file of its own.
        case file
        /// A value in YAML of one line, written as it is: the text begins at this column.
        case line(UInt32, column: UInt32)
        /// Text whose places cannot be told from its own: escapes in YAML, or a frame that herald puts around templates.
        case whole(SourceSpan)
    }

    private static let block = 256

    package init(_ source: TemplateSource) {
        let text = source.text.starts(with: [0xEF, 0xBB, 0xBF]) ? source.text.dropFirst(3) : source.text[...]
        self.init(TemplateText.withLineFeeds(text), source.file, .file)
    }

    /// A value in YAML, such as a subject. Places are exact for plain text and for quoted text without escapes, else they are the whole value's.
    package init(_ value: Located<String>) {
        let length = value.value.unicodeScalars.count
        let quotes = Int(value.span.width) - length
        let isExact = length > 0 && (quotes == 0 || quotes == 2) && !value.value.utf8.contains(0x0A)
        self.init(
            Array(value.value.utf8), value.span.file, isExact ? .line(value.span.line, column: value.span.column + UInt32(quotes / 2)) : .whole(value.span))
    }

    /// Text that stands nowhere; whatever is found in it is told at `span`.
    init(_ text: String, at span: SourceSpan) { self.init(Array(text.utf8), span.file, .whole(span)) }

    private init(_ bytes: [UInt8], _ file: FileID, _ origin: Origin) {
        self.bytes = bytes
        self.file = file
        self.origin = origin
        var (lineStarts, scalarsBefore, scalars) = ([0], [Int](), 0)
        for (index, byte) in bytes.enumerated() {
            if index % TemplateText.block == 0 { scalarsBefore.append(scalars) }
            if byte & 0xC0 != 0x80 { scalars += 1 }
            if byte == 0x0A { lineStarts.append(index + 1) }
        }
        self.lineStarts = lineStarts
        self.scalarsBefore = scalarsBefore
    }

    private static func withLineFeeds(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        guard bytes.contains(0x0D) else { return Array(bytes) }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for index in bytes.indices where bytes[index] != 0x0D || index + 1 == bytes.endIndex || bytes[index + 1] != 0x0A {
            result.append(bytes[index] == 0x0D ? 0x0A : bytes[index])
        }
        return result
    }

    package func span(_ range: Range<Int>) -> SourceSpan {
        let width = UInt32(max(1, scalars(before: range.upperBound) - scalars(before: range.lowerBound)))
        switch origin {
        case .whole(let span): return span
        case .line(let line, let column): return SourceSpan(file: file, line: line, column: column + UInt32(scalars(before: range.lowerBound)), width: width)
        case .file:
            var (low, high) = (0, lineStarts.count)
            while low < high {
                let middle = (low + high) / 2
                if lineStarts[middle] <= range.lowerBound { low = middle + 1 } else { high = middle }
            }
            let start = scalars(before: lineStarts[low - 1])
            let end = low < lineStarts.count ? scalars(before: lineStarts[low] - 1) : scalars(before: bytes.count)
            let column = scalars(before: range.lowerBound) - start
            return SourceSpan(file: file, line: UInt32(low), column: UInt32(column) + 1, width: min(width, UInt32(max(1, end - start - column))))
        }
    }

    /// How many scalars begin before a byte.
    private func scalars(before offset: Int) -> Int {
        let block = min(offset / TemplateText.block, max(0, scalarsBefore.count - 1))
        guard !scalarsBefore.isEmpty else { return 0 }
        return scalarsBefore[block] + bytes[block * TemplateText.block..<min(offset, bytes.count)].count { $0 & 0xC0 != 0x80 }
    }

    package func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}

/// A stretch of a template, whose place is worked out when somebody asks.
package struct TemplatePart: Sendable {
    let text: TemplateText
    let range: Range<Int>

    var span: SourceSpan { text.span(range) }
    var string: String { text.string(range) }
}
