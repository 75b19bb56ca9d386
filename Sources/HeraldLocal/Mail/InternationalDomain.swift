/// Domains in other scripts, as the names that DNS and mail servers know (IDNA: `münchen.example` is `xn--mnchen-3ya.example`).
///
/// Names are taken in small letters and composed, as people type them. A label spelled with separate accents, which another form of the same name would
/// encode differently, is refused rather than guessed.
enum InternationalDomain {
    /// Nil where a label has no ASCII form, or one that is too long.
    static func ascii(_ domain: String) -> String? {
        guard !domain.utf8.allSatisfy({ $0 < 0x80 }) else { return domain }
        var labels: [String] = []
        for label in domain.lowercased().split(separator: ".", omittingEmptySubsequences: false) {
            let scalars = Array(label.unicodeScalars)
            guard !scalars.allSatisfy(\.isASCII) else {
                labels.append(String(label))
                continue
            }
            guard scalars.allSatisfy(isAllowed) else { return nil }
            let encoded = "xn--" + punycode(scalars)
            guard encoded.utf8.count <= 63 else { return nil }
            labels.append(encoded)
        }
        let result = labels.joined(separator: ".")
        return result.utf8.count <= 253 ? result : nil
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar == "-" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil }
        guard !(0x0300...0x036F).contains(scalar.value) else { return false }
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark, .decimalNumber: return true
        default: return false
        }
    }

    /// RFC 3492, 6.3, with the parameters of its section 5.
    private static func punycode(_ scalars: [Unicode.Scalar]) -> String {
        let digits = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
        let (base, least, most) = (36, 1, 26)
        var output = scalars.filter(\.isASCII).map { UInt8($0.value) }
        let basic = output.count
        if basic > 0 { output.append(UInt8(ascii: "-")) }
        var (next, delta, bias, handled) = (128, 0, 72, basic)
        while handled < scalars.count {
            let smallest = scalars.map { Int($0.value) }.filter { $0 >= next }.min() ?? next
            delta += (smallest - next) * (handled + 1)
            next = smallest
            for scalar in scalars {
                if Int(scalar.value) < next { delta += 1 }
                guard Int(scalar.value) == next else { continue }
                var rest = delta
                var place = base
                while true {
                    let threshold = min(max(place - bias, least), most)
                    guard rest >= threshold else { break }
                    output.append(digits[threshold + (rest - threshold) % (base - threshold)])
                    rest = (rest - threshold) / (base - threshold)
                    place += base
                }
                output.append(digits[rest])
                bias = adapted(delta, handled + 1, isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            next += 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func adapted(_ delta: Int, _ count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / count
        var steps = 0
        while delta > (36 - 1) * 26 / 2 {
            delta /= 36 - 1
            steps += 36
        }
        return steps + 36 * delta / (delta + 38)
    }
}
