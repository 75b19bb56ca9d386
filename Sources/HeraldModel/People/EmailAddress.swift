/// The one normal form of an address: trimmed, small letters; +tags and dots are kept.
package struct EmailAddress: Hashable, Sendable {
    package let text: String

    /// Nil where it is no address: one @, a local part of 1 to 64 without spaces, a domain of two or more labels, none of the characters that
    /// end an address where addresses are listed.
    package init?(_ source: String) {
        let normal = source.trimmed.lowercased()
        var (ats, labels, label, previous): (Int, Int, Int, UInt8) = (0, 0, 0, 0)
        var local = 0
        // A label's length and ends are known where it ends.
        func isLabel() -> Bool { 1...63 ~= label && previous != UInt8(ascii: "-") }
        for byte in normal.utf8 {
            guard !EmailAddress.isForbidden(byte) else { return nil }
            if byte == UInt8(ascii: "@") {
                ats += 1
                guard ats == 1 else { return nil }
            } else if ats == 0 {
                local += 1
            } else if byte == UInt8(ascii: ".") {
                guard isLabel() else { return nil }
                (labels, label) = (labels + 1, 0)
            } else {
                guard label > 0 || byte != UInt8(ascii: "-") else { return nil }
                label += 1
            }
            previous = byte
        }
        guard ats == 1, 1...64 ~= local, isLabel(), labels >= 1, normal.utf8.count - local - 1 <= 253 else { return nil }
        guard normal.utf8.allSatisfy({ $0 < 0x80 }) || !normal.unicodeScalars.contains(where: EmailAddress.isForbidden) else { return nil }
        text = normal
    }

    /// Whether these bytes are an address that needs no more than small letters for its normal form; nil where only `init` can tell: they are no ASCII, or have
    /// white space at an end. For millions of them, which this looks at without making a text of each.
    package static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool? {
        guard let start = bytes.baseAddress, bytes.count > 0 else { return false }
        guard start[0] > 0x20, start[bytes.count - 1] > 0x20 else { return nil }
        return classes.withUnsafeBufferPointer { isPlain(start, bytes.count, $0) }
    }

    private static func isPlain(_ bytes: UnsafePointer<UInt8>, _ count: Int, _ classes: UnsafeBufferPointer<UInt8>) -> Bool? {
        var (at, labels, label, previous) = (-1, 0, 0, UInt8(0))
        for index in 0..<count {
            let byte = bytes[index]
            if byte >= 0x80 { return nil }
            switch classes[Int(byte)] {
            case 1: return (index..<count).contains { bytes[$0] >= 0x80 } ? nil : false
            case 2:
                guard at < 0 else { return false }
                at = index
            case 3 where at >= 0:
                guard 1...63 ~= label, previous != UInt8(ascii: "-") else { return false }
                (labels, label) = (labels + 1, 0)
            default:
                if at >= 0 {
                    guard label > 0 || byte != UInt8(ascii: "-") else { return false }
                    label += 1
                }
            }
            previous = byte
        }
        return 1...64 ~= at && 1...63 ~= label && previous != UInt8(ascii: "-") && labels >= 1 && count - at - 1 <= 253
    }

    /// Of each byte: 1 forbidden, 2 an @, 3 a point.
    private static let classes: [UInt8] = (0...127).map { byte in
        isForbidden(byte) ? 1 : byte == UInt8(ascii: "@") ? 2 : byte == UInt8(ascii: ".") ? 3 : 0
    }

    private static func isForbidden(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, 0x7F: true
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"),
            UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "["), UInt8(ascii: "]"):
            true
        default: false
        }
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
    }

    package var domain: String { String(text[text.index(after: text.firstIndex(of: "@") ?? text.startIndex)...]) }

    /// Whether its domain is set aside for examples (RFC 2606, RFC 6761), so that nobody can own it.
    package var isReserved: Bool { EmailAddress.isReservedDomain(domain) }

    package static func isReservedDomain(_ domain: String) -> Bool {
        let labels = domain.lowercased().split(separator: ".").map(String.init)
        guard let last = labels.last else { return false }
        if ["example", "test", "invalid", "localhost"].contains(last) { return true }
        return labels.count >= 2 && labels[labels.count - 2] == "example" && ["com", "net", "org"].contains(last)
    }

    /// `a…@s….example`: the first letter of each side and the last label.
    package var masked: String {
        let local = text.prefix { $0 != "@" }
        let labels = domain.split(separator: ".")
        return "\(local.prefix(1))…@\(labels.first?.prefix(1) ?? "")….\(labels.last ?? "")"
    }
}
