import HeraldModel

/// Text as it may be shown: addresses masked, control characters and invisible ones escaped.
enum DiagnosticMasking {
    /// A piece of a line as shown, and the scalars of the file that it stands for.
    struct Piece {
        let range: Range<Int>
        let text: String
    }

    static func show(_ text: String) -> String { pieces(Array(text.unicodeScalars), tab: "\\t").map(\.text).joined() }

    /// - Parameter tab: what a tab becomes.
    static func pieces(_ scalars: [Unicode.Scalar], tab: String) -> [Piece] {
        var pieces: [Piece] = []
        let addresses = addresses(scalars)
        var next = addresses.startIndex
        var at = 0
        while at < scalars.count {
            if next < addresses.endIndex, addresses[next].lowerBound == at {
                pieces.append(Piece(range: addresses[next], text: masked(Array(scalars[addresses[next]]))))
                at = addresses[next].upperBound
                next += 1
            } else {
                pieces.append(Piece(range: at..<at + 1, text: scalars[at] == "\t" ? tab : escaped(scalars[at])))
                at += 1
            }
        }
        return pieces
    }

    /// Where something stands that could be an address: an @ with something before it, and a dot after it.
    private static func addresses(_ scalars: [Unicode.Scalar]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var at = 0
        while let sign = scalars[at...].firstIndex(of: "@") {
            var low = sign
            while low > at, isPart(scalars[low - 1]) { low -= 1 }
            var high = sign + 1
            while high < scalars.count, isPart(scalars[high]) { high += 1 }
            while high > sign + 1, ".!?".unicodeScalars.contains(scalars[high - 1]) { high -= 1 }
            let isAddress = low < sign && scalars[sign + 1..<high].contains(".")
            if isAddress { found.append(low..<high) }
            at = isAddress ? high : sign + 1
        }
        return found
    }

    private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.properties.isWhitespace && escaped(scalar).unicodeScalars.count == 1 && !"@\"'`<>()[]{},;:|/\\".unicodeScalars.contains(scalar)
    }

    private static func masked(_ address: [Unicode.Scalar]) -> String {
        let parts = address.split(separator: "@", maxSplits: 1)
        guard parts.count == 2, let local = parts[0].first, let domain = parts[1].first else { return "…" }
        let last = parts[1].split(separator: ".").last.map { String(String.UnicodeScalarView($0)) } ?? ""
        return "\(local)…@\(domain)….\(last)"
    }

    /// What moves the cursor, turns text around or cannot be seen is written as its number.
    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator:
            switch scalar {
            case "\n": "\\n"
            case "\r": "\\r"
            case "\t": "\\t"
            default: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            }
        default: String(scalar)
        }
    }
}
