/// Marks that turn the direction of text, and control characters, in people's values. In a header they are dropped; in a body a value that turns
/// direction is isolated, so that it cannot turn what stands around it.
enum Bidirectional {
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        (0x202A...0x202E).contains(scalar.value) || isIsolate(scalar) || scalar.value == 0x200E || scalar.value == 0x200F || scalar.value == 0x061C
    }

    private static func isIsolate(_ scalar: Unicode.Scalar) -> Bool { (0x2066...0x2069).contains(scalar.value) }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) }

    private static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool { [0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029].contains(scalar.value) }

    /// Printable ASCII, which is what most values are.
    private static func isPlain(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } }

    /// One line without marks and control characters; line ends and tabs become spaces.
    static func stripped(_ text: String) -> String {
        guard !isPlain(text) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !isMark(scalar) {
            if isLineEnd(scalar) || scalar.value == 0x09 { result.append(" ") } else if !isControl(scalar) { result.append(scalar) }
        }
        return String(result)
    }

    /// Without control characters other than tabs and line ends, and between isolates where it has marks; isolates that it closes or opens itself are
    /// dropped, since they would end ours.
    static func isolated(_ text: String) -> String {
        guard !isPlain(text) else { return text }
        var (result, hasMarks) = (String.UnicodeScalarView(), false)
        for scalar in text.unicodeScalars {
            hasMarks = hasMarks || isMark(scalar)
            guard !isIsolate(scalar), !isControl(scalar) || scalar.value == 0x09 || isLineEnd(scalar) else { continue }
            result.append(scalar)
        }
        return hasMarks ? "\u{2068}" + String(result) + "\u{2069}" : String(result)
    }

    /// The same in one line.
    static func isolatedLine(_ text: String) -> String {
        guard !isPlain(text) else { return text }
        let line = String(String.UnicodeScalarView(text.unicodeScalars.map { isLineEnd($0) || $0.value == 0x09 ? " " : $0 }))
        return isolated(line)
    }
}
