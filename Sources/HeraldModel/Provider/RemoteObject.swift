/// A vendor's id of an object.
package struct RemoteID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }

    package var description: String { text }
    package static func < (left: RemoteID, right: RemoteID) -> Bool { left.text < right.text }
}

/// What herald keeps at a provider: a container of people, or an email that may be sent.
package enum RemoteKind: String, Sendable, CaseIterable { case list, email }

/// How far the sending of an email has come. `unknown` is never left without a person's decision.
package enum SendPhase: String, Sendable, CaseIterable {
    case draft, verified, scheduled, sending, sent, cancelled, failed, unknown

    /// Whether mails may have left, so that the content may no longer change.
    package var hasLeft: Bool { self == .sending || self == .sent || self == .unknown }
}

/// What an object is to become. Fields are the provider's canonical text of each thing that herald owns of it.
package struct ObjectSpec: Hashable, Sendable {
    package let kind: RemoteKind
    package let name: String
    /// Digest of workspace, environment and first address: finds the object again after a lost reply or a lost state.
    package let mark: String
    package let fields: [String: String]

    package init(kind: RemoteKind, name: String, mark: String, fields: [String: String]) {
        self.kind = kind
        self.name = name
        self.mark = mark
        self.fields = fields
    }
}

/// An object as a provider answered it.
package struct RemoteObject: Hashable, Sendable {
    package let id: RemoteID
    package let kind: RemoteKind
    package let name: String
    /// Nil for objects that somebody else made.
    package let mark: String?
    package let fields: [String: String]
    package let memberCount: Int
    /// For emails.
    package let phase: SendPhase?

    package init(
        id: RemoteID, kind: RemoteKind, name: String, mark: String?, fields: [String: String], memberCount: Int = 0,
        phase: SendPhase? = nil
    ) {
        self.id = id
        self.kind = kind
        self.name = name
        self.mark = mark
        self.fields = fields
        self.memberCount = memberCount
        self.phase = phase
    }
}
