/// What happens to an object. A change has a list of them, so that a gate can look for one whatever stands beside it.
package enum Action: String, Sendable, CaseIterable {
    case create, update, rename, delete, forget, adopt
    case addMembers = "add-members"
    case removeMembers = "remove-members"
    case schedule, unschedule, send, cancel
}

/// Why something changes; rendered "because …".
package struct Reason: Hashable, Sendable {
    package enum Code: String, Sendable, CaseIterable {
        case added = "ADDED"
        case filterEdited = "FILTER_EDITED"
        case dataChanged = "DATA_CHANGED"
        case aged = "AGED"
        case consentWithdrawn = "CONSENT_WITHDRAWN"
        case contentEdited = "CONTENT_EDITED"
        case definitionEdited = "DEFINITION_EDITED"
        case moved = "MOVED"
        case removed = "REMOVED"
        case drift = "DRIFT"
        case policy = "POLICY"
        case unattributed = "UNATTRIBUTED"
    }

    package let code: Code
    /// What exactly, such as the names of the fields that were edited; empty where the code says it all.
    package let detail: String
    /// How many people it moves; nil where it is not about people.
    package let people: Int?

    package init(_ code: Code, _ detail: String = "", people: Int? = nil) {
        self.code = code
        self.detail = detail
        self.people = people
    }
}

/// What cannot be undone, and from which moment on.
package struct Irreversible: Hashable, Sendable {
    package enum Moment: Hashable, Sendable {
        case onApply
        case at(Instant)
    }

    package let what: String
    package let from: Moment

    package init(_ what: String, from: Moment) {
        self.what = what
        self.from = from
    }
}

/// How the people of a list or a send change. Never holds anybody: counts, a digest of the set, masked samples.
package struct AudienceDelta: Sendable {
    package var before: Int
    package var after: Int
    package var added: Int
    package var removed: Int
    /// Members whose values are renewed.
    package var updated: Int
    /// Digest of the sorted keyed digests of everybody afterwards.
    package var setDigest: String
    /// How many records each step of the fixed order left out, in that order and by its word; steps of fewer than five stand together as `other`.
    package var leftOut: [(reason: String, count: Int)]
    /// How many are in only because a value of theirs is empty.
    package var inByEmptiness: Int
    package var sampleAdded: [String]
    package var sampleRemoved: [String]
    /// How far it may move between approval and the moment it is used, in per cent of the approved people.
    package var mayMove: Int
    /// The most people it may grow to; nil where it has no limit of its own.
    package var atMost: Int?
    /// Only those who were approved and are still eligible, rather than those of the moment.
    package var isFrozen: Bool

    package init(
        before: Int, after: Int, added: Int, removed: Int, updated: Int, setDigest: String,
        leftOut: [(reason: String, count: Int)], inByEmptiness: Int, sampleAdded: [String] = [],
        sampleRemoved: [String] = [], mayMove: Int = 10, atMost: Int? = nil, isFrozen: Bool = false
    ) {
        self.before = before
        self.after = after
        self.added = added
        self.removed = removed
        self.updated = updated
        self.setDigest = setDigest
        self.leftOut = leftOut
        self.inByEmptiness = inByEmptiness
        self.sampleAdded = sampleAdded
        self.sampleRemoved = sampleRemoved
        self.mayMove = mayMove
        self.atMost = atMost
        self.isFrozen = isFrozen
    }
}

/// One field before and after, as people read it. `before` is nil for what is new.
package struct FieldChange: Hashable, Sendable {
    package let name: String
    package let before: String?
    package let after: String

    package init(_ name: String, before: String?, after: String) {
        self.name = name
        self.before = before
        self.after = after
    }
}

/// What people will read.
package struct MailContent: Hashable, Sendable {
    package var subjects: [String]
    package var preheader: String
    package var from: Sender
    package var replyTo: String?
    /// SHA-256 of everything that people would read, before it is filled in for one of them.
    package var digest: String
    /// Links as they leave, with `{contact.city}` where a value goes.
    package var links: [String]
    /// Path of the rendered example, relative to the workspace.
    package var preview: String
    package var htmlBytes: Int

    package init(
        subjects: [String], preheader: String, from: Sender, replyTo: String?, digest: String, links: [String],
        preview: String, htmlBytes: Int
    ) {
        self.subjects = subjects
        self.preheader = preheader
        self.from = from
        self.replyTo = replyTo
        self.digest = digest
        self.links = links
        self.preview = preview
        self.htmlBytes = htmlBytes
    }
}

/// When, on one clock.
package struct ScheduleEntry: Hashable, Sendable {
    package let zone: String
    package let local: LocalTime
    package let instant: Instant
    package let people: Int

    package init(zone: String, local: LocalTime, instant: Instant, people: Int) {
        self.zone = zone
        self.local = local
        self.instant = instant
        self.people = people
    }
}
