/// The keys that a map of the language has. Decoding and the reference in `docs/` are made from it.
package struct MapShape: Sendable {
    package let name: String
    /// One sentence for the reference.
    package let doc: String
    package let keys: [KeyShape]
    /// The names of `keys`, for lookups.
    let names: [String]
    /// Positions in `keys` of those that must be there.
    let required: [Int]

    package init(_ name: String, _ doc: String, _ keys: [KeyShape]) {
        self.name = name
        self.doc = doc
        self.keys = keys
        names = keys.map(\.name)
        required = keys.indices.filter { keys[$0].isRequired }
    }
}

/// One key: what may stand there, and what it means.
package struct KeyShape: Sendable {
    /// How the reference and secrets' checks know a secret.
    static let secret = "secret"

    package let name: String
    /// What may stand there, in the words of the reference: `text ≤ 100`, `id of a list`, `per cent`.
    package let type: String
    package let isRequired: Bool
    /// What holds where the key is absent; nil where that is nothing.
    package let fallback: String?
    package let doc: String

    package init(_ name: String, _ type: String, required: Bool = false, fallback: String? = nil, _ doc: String) {
        self.name = name
        self.type = type
        isRequired = required
        self.fallback = fallback
        self.doc = doc
    }
}
