/// A needle that was case-folded, as a regular expression that matches every text whose folding is it: RE2 and PostgreSQL read it alike.
enum FoldedPattern {
    /// Nil where the needle has characters that a pattern cannot hold.
    static func pattern(_ needle: String) -> String? {
        var pattern = ""
        for scalar in needle.unicodeScalars {
            guard scalar.value >= 0x20, scalar.value != 0x7F else { return nil }
            let forms = CaseFolding.forms(of: scalar)
            if forms.count > 1 {
                pattern += "[" + forms.map { String($0) }.joined() + "]"
            } else if scalar.isASCII, !(48...57 ~= scalar.value || 65...90 ~= scalar.value || 97...122 ~= scalar.value || scalar == " ") {
                pattern += "\\\(scalar)"
            } else {
                pattern.unicodeScalars.append(scalar)
            }
        }
        return pattern
    }
}
