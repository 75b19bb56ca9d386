import HeraldDigest
package import HeraldModel

import Glibc

/// The three-way difference of an object's name and fields: what the files want, what herald wrote and saw, what is there.
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
    /// Where both sides came to say the same since herald wrote: recorded as settled, not written.
    package var settled: [String] = []

    package init(_ address: Address, want spec: ObjectSpec, state: ObjectState, actual: RemoteObject, take: PlanOptions.Side?) {
        compare("name", spec.name, actual.name, address, state, take)
        for (name, wanted) in spec.fields where name != "name" { compare(name, wanted, actual.fields[name] ?? "", address, state, take) }
        changes.sort { $0.name < $1.name }
        edited.sort()
        drift.sort { $0.field < $1.field }
        conflicts.sort()
        settled.sort()
    }

    /// What is written: the files' side, but for what was taken from the provider.
    package func merged(_ spec: ObjectSpec, mark: String, _ actual: RemoteObject) -> ObjectSpec {
        ObjectSpec(
            kind: spec.kind, name: accepted.contains("name") ? actual.name : spec.name, mark: mark,
            fields: spec.fields.merging(actual.fields.filter { accepted.contains($0.key) }) { _, theirs in theirs })
    }

    private mutating func compare(
        _ name: String, _ wanted: String, _ there: String, _ address: Address, _ state: ObjectState, _ take: PlanOptions.Side?
    ) {
        let held = state.fields[name]
        let want = FieldComparison.digest(wanted)
        let isEdited = held?.sent != want
        if FieldComparison.isSame(wanted, there) {
            // Both sides agree, however they came to.
            if isEdited || held?.seen != want { settled.append(name) }
            return
        }
        let hasDrifted = held.map { $0.seen != FieldComparison.digest(there) } ?? false
        switch (isEdited, hasDrifted) {
        case (false, false): break  // The vendor's own way of writing it.
        case (true, false): write(name, there, wanted)
        case (false, true):
            drift.append(Drift(address, field: name, git: wanted, remote: there, corrected: take != .provider))
            if take == .provider { accepted.insert(name) } else { changes.append(FieldChange(name, before: there, after: wanted)) }
        case (true, true):
            drift.append(Drift(address, field: name, git: wanted, remote: there, corrected: take == .git))
            switch take {
            case .git: write(name, there, wanted)
            case .provider: accepted.insert(name)
            case nil: conflicts.append(name)
            }
        }
    }

    private mutating func write(_ name: String, _ there: String, _ wanted: String) {
        edited.append(name)
        changes.append(FieldChange(name, before: there, after: wanted))
    }

    /// Byte by byte: canonically equivalent spellings are two texts.
    private static func isSame(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        var (left, right) = (left, right)
        return left.withUTF8 { left in
            right.withUTF8 { right in
                guard let first = left.baseAddress, let second = right.baseAddress else { return true }
                return memcmp(first, second, left.count) == 0
            }
        }
    }

    /// A short digest of one field's text, as the state keeps it.
    package static func digest(_ text: String) -> UInt64 { SHA256.first64(text) }

    /// What the state keeps after writing `spec` and reading `object` back. Fields of other owners are not kept.
    package static func digests(sent spec: ObjectSpec, seen object: RemoteObject) -> [String: FieldDigests] {
        var digests = ["name": FieldDigests(sent: digest(spec.name), seen: digest(object.name))]
        for (name, value) in spec.fields where name != "name" { digests[name] = FieldDigests(sent: digest(value), seen: digest(object.fields[name] ?? "")) }
        return digests
    }

    /// A digest of all of an object as read, for a change's precondition.
    package static func fingerprint(_ object: RemoteObject) -> String {
        let text = object.fields.sorted { $0.key < $1.key }.map { "\($0.key)\u{0}\($0.value)\u{0}" }.joined()
        return String(SHA256.hexadecimal("\(object.name)\u{0}\(object.phase?.rawValue ?? "")\u{0}" + text).prefix(32))
    }
}
