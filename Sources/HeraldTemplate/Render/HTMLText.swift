/// Text in HTML, and HTML as text.
enum HTMLText {
    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: needsEscape) else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count + 32)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): result.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "<"): result.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): result.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "\""): result.append(contentsOf: "&quot;".utf8)
            case UInt8(ascii: "'"): result.append(contentsOf: "&#39;".utf8)
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func needsEscape(_ byte: UInt8) -> Bool { byte == 38 || byte == 60 || byte == 62 || byte == 34 || byte == 39 }

    // MARK: Entities

    /// U+00A0 to U+00FF, in their order; these need no semicolon in text.
    private static let latin1 =
        """
        nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo
        frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve
        Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute
        ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml
        """.split(whereSeparator: \.isWhitespace).map(String.init)

    /// Names that need no semicolon in text.
    private static let legacy: [String: String] = {
        var names = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "AMP": "&", "LT": "<", "GT": ">", "QUOT": "\"", "COPY": "©", "REG": "®"]
        for (index, name) in latin1.enumerated() { names[name] = Unicode.Scalar(UInt32(0xA0 + index)).map { String($0) } }
        return names
    }()

    private static let others: [String: String] = [
        "apos": "'", "trade": "™", "hellip": "…", "ndash": "–", "mdash": "—", "lsquo": "‘", "rsquo": "’", "sbquo": "‚", "ldquo": "“", "rdquo": "”", "bdquo": "„",
        "lsaquo": "‹", "rsaquo": "›", "bull": "•", "euro": "€", "permil": "‰", "rarr": "→", "larr": "←", "uarr": "↑", "darr": "↓", "harr": "↔", "check": "✓",
        "hearts": "♥", "star": "☆", "starf": "★", "minus": "−", "infin": "∞", "ne": "≠", "le": "≤", "ge": "≥", "oelig": "œ", "OElig": "Œ", "scaron": "š",
        "Scaron": "Š", "ensp": "\u{2002}", "emsp": "\u{2003}", "thinsp": "\u{2009}", "zwnj": "\u{200C}", "zwj": "\u{200D}", "lrm": "\u{200E}", "rlm": "\u{200F}",
        "colon": ":", "sol": "/", "bsol": "\\", "lpar": "(", "rpar": ")", "num": "#", "quest": "?", "equals": "=", "period": ".", "comma": ",", "semi": ";",
        "excl": "!", "percnt": "%", "dollar": "$", "commat": "@", "lowbar": "_", "Tab": "\t", "NewLine": "\n", "lbrace": "{", "rbrace": "}", "lsqb": "[",
        "rsqb": "]", "grave": "`", "ast": "*", "plus": "+", "verbar": "|",
    ]

    /// Entities become what they stand for; unknown ones stay. In attributes a name without its semicolon stands for itself before `=` and letters,
    /// as browsers have it: `?a=1&copy=2` is a query.
    static func decodeEntities(_ text: String, inAttribute: Bool = false) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        var result = ""
        var rest = Substring(text)
        while let ampersand = rest.firstIndex(of: "&") {
            result += rest[..<ampersand]
            rest = rest[rest.index(after: ampersand)...]
            guard let (value, after) = entity(rest, inAttribute) else {
                result += "&"
                continue
            }
            result += value
            rest = rest[after...]
        }
        return result + rest
    }

    /// What an entity behind its `&` stands for, and where the text goes on.
    private static func entity(_ text: Substring, _ inAttribute: Bool) -> (String, Substring.Index)? {
        if text.first == "#" { return numeric(text) }
        let name = text.prefix(32).prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
        let next = text[name.endIndex...].first
        if next == ";", let value = legacy[String(name)] ?? others[String(name)] { return (value, text.index(after: name.endIndex)) }
        // Without a semicolon the longest name that there is counts.
        var length = min(name.count, 6)
        while length >= 2 {
            let start = name.prefix(length)
            let behind = text[start.endIndex...].first
            if let value = legacy[String(start)] {
                let isQuery = inAttribute && behind.map { $0 == "=" || ($0.isASCII && ($0.isLetter || $0.isNumber)) } ?? false
                return isQuery ? nil : (value, behind == ";" ? text.index(after: start.endIndex) : start.endIndex)
            }
            length -= 1
        }
        return nil
    }

    private static func numeric(_ text: Substring) -> (String, Substring.Index)? {
        let isHexadecimal = text.dropFirst().first.map { $0 == "x" || $0 == "X" } ?? false
        let body = text.dropFirst(isHexadecimal ? 2 : 1)
        let digits = body.prefix { isHexadecimal ? $0.isASCII && $0.isHexDigit : $0.isASCII && $0.isNumber }
        guard !digits.isEmpty else { return nil }
        let after = text[digits.endIndex...].first == ";" ? text.index(after: digits.endIndex) : digits.endIndex
        guard let value = UInt32(digits, radix: isHexadecimal ? 16 : 10), value != 0, let scalar = Unicode.Scalar(value) else { return ("\u{FFFD}", after) }
        return (String(scalar), after)
    }
}
