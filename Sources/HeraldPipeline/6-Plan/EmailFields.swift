/// The fields of an email at a provider, and which of them a person reads as they stand.
package enum EmailFields {
    package static let readableNames = ["audience", "campaign", "from", "list", "name", "preheader", "reply_to", "schedule", "subject"]

    package static func isReadable(_ name: String) -> Bool { readableNames.contains(name) }

    /// Those that a plan prints whole; the rest (the bodies) it shows as a preview.
    package static func readable(_ fields: [String: String]) -> [(key: String, value: String)] {
        fields.filter { isReadable($0.key) && !$0.value.isEmpty }.sorted { $0.key < $1.key }
    }
}
