/// The kinds of definition, in the order in which a plan lists them.
package enum DefinitionKind: String, Sendable, CaseIterable, Comparable {
    case filter, list, campaign, email, site, test

    package static func < (left: DefinitionKind, right: DefinitionKind) -> Bool { left.rank < right.rank }
    private var rank: Int { DefinitionKind.allCases.firstIndex(of: self) ?? 0 }
}

/// The identity of a definition: `list.vip-customers`. It never changes; names may.
package struct Address: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let kind: DefinitionKind
    package let id: String

    package init(_ kind: DefinitionKind, _ id: String) {
        self.kind = kind
        self.id = id
    }

    /// Reads `kind.id`; nil where the kind is unknown or the id is not one.
    package init?(parsing text: some StringProtocol) {
        guard let dot = text.firstIndex(of: "."), let kind = DefinitionKind(rawValue: String(text[..<dot])) else { return nil }
        let id = String(text[text.index(after: dot)...])
        guard Address.isID(id) else { return nil }
        self.init(kind, id)
    }

    /// `[a-z0-9][a-z0-9-]*`, at most 64.
    package static func isID(_ text: String, underscores: Bool = false) -> Bool {
        guard 1...64 ~= text.utf8.count, let first = text.utf8.first else { return false }
        func isAlphanumeric(_ byte: UInt8) -> Bool { 97...122 ~= byte || 48...57 ~= byte }
        return isAlphanumeric(first) && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == 45 || (underscores && $0 == 95) }
    }

    package static func < (left: Address, right: Address) -> Bool { (left.kind, left.id) < (right.kind, right.id) }

    package var description: String { "\(kind.rawValue).\(id)" }
}
