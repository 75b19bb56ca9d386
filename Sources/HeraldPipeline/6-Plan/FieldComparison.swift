import HeraldDigest
package import HeraldModel

/// The three-way difference of an object's fields: what the files want, what herald wrote and saw, what is there.
package struct FieldComparison: Sendable {
    /// To be written, with what is there now.
    package var changes: [FieldChange] = []
    /// Edited in the files since herald wrote them.
    package var edited: [String] = []
    package var drift: [Drift] = []
    /// Edited in the files and at the provider, differently.
    package var conflicts: [String] = []
    /// Where the provider's side was taken: recorded as settled, not written.
    package var accepted: Set<String> = []

    package init(_ address: Address, want spec: ObjectSpec, state: ObjectState, actual: RemoteObject, take: PlanOptions.Side?) {
        for (name, wanted) in spec.fields.sorted(by: { $0.key < $1.key }) {
            let (there, held) = (actual.fields[name] ?? "", state.fields[name])
            let isEdited = held?.sent != FieldComparison.digest(wanted)
            let hasDrifted = held.map { $0.seen != FieldComparison.digest(there) } ?? false
            guard wanted != there else { continue }  // Both sides agree, however they came to.
            switch (isEdited, hasDrifted) {
            case (false, false): continue  // The vendor's own way of writing it.
            case (true, false):
                edited.append(name)
                changes.append(FieldChange(name, before: there, after: wanted))
            case (false, true):
                let correct = take != .provider
                drift.append(Drift(address, field: name, git: wanted, remote: there, corrected: correct))
                if correct { changes.append(FieldChange(name, before: there, after: wanted)) } else { accepted.insert(name) }
            case (true, true):
                drift.append(Drift(address, field: name, git: wanted, remote: there, corrected: take == .git))
                switch take {
                case .git:
                    edited.append(name)
                    changes.append(FieldChange(name, before: there, after: wanted))
                case .provider: accepted.insert(name)
                case nil: conflicts.append(name)
                }
            }
        }
    }

    /// A short digest of one field's text, as the state keeps it.
    package static func digest(_ text: String) -> String { String(SHA256.hexadecimal(Array(text.utf8)).prefix(16)) }

    /// What the state keeps after writing `spec` and reading `object` back. Fields of other owners are not kept.
    package static func digests(sent spec: ObjectSpec, seen object: RemoteObject) -> [String: FieldDigests] {
        Dictionary(
            uniqueKeysWithValues: spec.fields.map {
                ($0.key, FieldDigests(sent: digest($0.value), seen: digest(object.fields[$0.key] ?? "")))
            })
    }

    /// A digest of all fields of an object as read, for a change's precondition.
    package static func fingerprint(_ object: RemoteObject) -> String {
        let text = object.fields.sorted { $0.key < $1.key }.map { "\($0.key)\u{0}\($0.value)\u{0}" }.joined()
        return digest(object.name + "\u{0}" + text)
    }
}
