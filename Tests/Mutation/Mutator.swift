/// Random numbers that come out the same for the same seed, on every machine.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64, round: Int) { state = seed &+ UInt64(bitPattern: Int64(round)) &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Spoils good files in the ways in which files get spoiled: bytes, tokens, lines.
struct Mutator {
    /// What means something to one of the parsers, or to no one.
    private static let tokens = [
        "&a", "*a", "!x", "!!str ", "<<: ", "{", "}", "[", "]", ":", ": ", ",", "- ", "? ", "\"", "'", "|", ">", "#", " #", "%", "@", "`", "\t", "---\n", "...\n", "~", "null",
        "true",
        "1e3", "0x1F", ".inf", "99999999999999999999", "-1", "${X}", "${", "\u{85}", "\u{2028}", "\u{FEFF}", "\r", "\r\n", "\u{0}", "\u{7}", "\\", "\\0", "\\x41", "é", "\u{202E}",
        "🎉",
        "{{", "}}", "{%", "%}", "{{ contact.city }}", "{% if contact.vip %}", "{% else %}", "{% endif %}", "{% for t in contact.tags %}", "{% endfor %}", "{%- raw -%}",
        "{% comment %}",
        "| default: 'x'", "| date: 'd M'", "and", "or", "==", "contains", "<", ">", "</", "<!--", "-->", "<script>", "<style>", "</style>", "<body>", "<a href=\"", "<a href=",
        "javascript:",
        " onclick=", " style='", "&amp;", "&#106;", "&copy=", "https://", "https://shop.example/", ";;", "\"\"", "\"\n", ",,", "2027-02-29", "12.5", "1,5",
    ].map { Array($0.utf8) }

    let inputs: [[UInt8]]
    private var numbers: SeededNumbers

    init(_ inputs: [[UInt8]], seed: UInt64, round: Int) {
        self.inputs = inputs
        numbers = SeededNumbers(seed: seed, round: round)
    }

    mutating func next(below limit: Int) -> Int { limit <= 0 ? 0 : Int.random(in: 0..<limit, using: &numbers) }

    /// One of the inputs, spoiled in one to four places.
    mutating func spoiled() -> [UInt8] {
        var bytes = inputs[next(below: inputs.count)]
        for _ in 0...next(below: 4) { spoil(&bytes) }
        return bytes
    }

    private mutating func spoil(_ bytes: inout [UInt8]) {
        let at = next(below: bytes.count + 1)
        switch next(below: 11) {
        case 0: bytes.insert(UInt8(truncatingIfNeeded: next(below: 256)), at: at)
        case 1: if at < bytes.count { bytes[at] = UInt8(truncatingIfNeeded: next(below: 256)) }
        case 2: bytes.removeSubrange(at..<min(bytes.count, at + 1 + next(below: 20)))
        case 3: bytes.insert(contentsOf: Mutator.tokens[next(below: Mutator.tokens.count)], at: at)
        case 4:
            let end = min(bytes.count, at + 1 + next(below: 6))
            bytes.replaceSubrange(at..<end, with: Mutator.tokens[next(below: Mutator.tokens.count)])
        case 5: bytes.removeSubrange(at...)
        case 6: bytes.insert(contentsOf: repeatElement(Mutator.tokens[next(below: Mutator.tokens.count)], count: 1 + next(below: 80)).joined(), at: at)
        case 7:
            // A piece of another file.
            let other = inputs[next(below: inputs.count)]
            let from = next(below: other.count)
            bytes.insert(contentsOf: other[from..<min(other.count, from + next(below: 200))], at: at)
        default: spoilLines(&bytes)
        }
    }

    private mutating func spoilLines(_ bytes: inout [UInt8]) {
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        let at = next(below: lines.count)
        switch next(below: 5) {
        case 0: lines.insert(lines[at], at: next(below: lines.count + 1))
        case 1: lines.remove(at: at)
        case 2: lines.swapAt(at, next(below: lines.count))
        case 3: lines[at] = Array(repeating: 0x20, count: 1 + next(below: 6)) + lines[at]
        default: lines[at] = lines[at].dropFirst(1 + next(below: 4))
        }
        bytes = Array(lines.joined(separator: [0x0A]))
    }
}
