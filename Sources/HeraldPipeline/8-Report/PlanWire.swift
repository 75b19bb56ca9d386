import FoundationEssentials
import HeraldDigest
import HeraldModel

/// The plan as JSON, `herald.plan/1`: a public contract that only grows. `docs/plan.schema.json` describes it.
package struct PlanWire: Codable, Equatable, Sendable {
    package var format = "herald.plan/1"
    package var digest = ""
    package var tool: String
    package var workspace: String
    package var environment: String?
    package var made_at: String?
    /// Absent in a look ahead, which never could be applied.
    package var expires: String?
    /// Only in a look ahead: the time that it is the plan of. Such a plan is never applied.
    package var at: String?
    /// Only in a look ahead: the emails whose time comes until then.
    package var coming: [ComingEntry]?
    package var single_use = true
    package var inputs: Inputs
    /// What was allowed in so many words when the plan was made; applying it plans again with the same.
    package var options: Options
    package var summary: Summary
    package var changes: [ChangeEntry]
    package var waiting: [WaitingEntry]
    package var refused: [RefusedEntry]
    package var drift: [DriftEntry]
    package var policies: [PolicyEntry]
    /// Who has to approve it before it is applied, or before the email is sent; absent where nobody has to.
    package var approvals: [ApprovalEntry]?
    package var hints: [String]
    package var foreign: [String: Int]
    package var cost: CostEntry?

    package struct Inputs: Codable, Equatable, Sendable {
        package var definitions: String
        package var accounts: [String: String]
        package var state: String
        package var state_serial: Int?
    }

    package struct Options: Codable, Equatable, Sendable {
        /// `git` or `provider`, by address.
        package var take: [String: String]
        package var allow_destroy: [String]
        package var allow_removals: [String: Int]
        /// Empty: everything.
        package var selection: [String]
    }

    package struct Summary: Codable, Equatable, Sendable {
        package var changes: Int
        package var actions: [String: Int]
        package var refused: Int
        package var drift: Int
        package var irreversible: Int
        package var people_added: Int
        package var people_removed: Int
        /// How many different people would get a mail by what this plan schedules.
        package var people_mailed: Int
    }

    package struct ChangeEntry: Codable, Equatable, Sendable {
        package var address: String
        package var name: String
        package var source: PlaceEntry?
        package var provider: String?
        package var actions: [String]
        package var because: [ReasonEntry]
        package var moved_from: String?
        package var irreversible: IrreversibleEntry?
        package var precondition: PreconditionEntry?
        package var audience: AudienceEntry?
        package var fields: [FieldEntry]
        package var content: ContentEntry?
        package var schedule: [ScheduleRow]
        package var operations: [String]
    }

    package struct PlaceEntry: Codable, Equatable, Sendable {
        package var file: String
        package var line: Int?
    }

    package struct ReasonEntry: Codable, Equatable, Sendable {
        package var code: String
        package var detail: String?
        package var people: Int?
    }

    package struct IrreversibleEntry: Codable, Equatable, Sendable {
        package var what: String
        /// `apply`, or an instant.
        package var from: String
    }

    package struct PreconditionEntry: Codable, Equatable, Sendable {
        package var remote: String
        package var fingerprint: String
    }

    package struct AudienceEntry: Codable, Equatable, Sendable {
        package var before: Int
        package var after: Int
        package var added: Int
        package var removed: Int
        package var updated: Int
        package var set_digest: String
        package var left_out: [String: Int]
        package var in_by_emptiness: Int
        /// Per cent of the approved people that may come or go before this is used.
        package var may_move: Int
        package var at_most: Int?
        /// Whether only the approved people are mailed, as far as they are still eligible.
        package var frozen: Bool
        package var sample: SampleEntry?
    }

    package struct SampleEntry: Codable, Equatable, Sendable {
        package var added: [String]
        package var removed: [String]
    }

    package struct FieldEntry: Codable, Equatable, Sendable {
        package var name: String
        package var before: String?
        package var after: String
    }

    package struct ContentEntry: Codable, Equatable, Sendable {
        package var digest: String
        package var subjects: [String]
        package var preheader: String
        package var from: String
        package var reply_to: String?
        package var links: [String]
        /// Path of a rendered example, relative to the workspace.
        package var preview: String
        package var html_bytes: Int
    }

    package struct ScheduleRow: Codable, Equatable, Sendable {
        package var tz: String
        package var local: String
        package var utc: String
        package var people: Int
    }

    package struct WaitingEntry: Codable, Equatable, Sendable {
        package var address: String
        package var source: PlaceEntry?
        package var provider: String
        package var audience: AudienceEntry
        package var content: ContentEntry
        package var command: String
    }

    package struct RefusedEntry: Codable, Equatable, Sendable {
        package var address: String
        package var source: PlaceEntry?
        package var code: String
        package var message: String
        package var remedy: String
    }

    package struct DriftEntry: Codable, Equatable, Sendable {
        package var address: String
        package var field: String
        package var git: String?
        package var remote: String?
        package var corrected: Bool
    }

    package struct PolicyEntry: Codable, Equatable, Sendable {
        package var id: String
        package var address: String
        package var result: String
        package var detail: String
    }

    package struct ComingEntry: Codable, Equatable, Sendable {
        package var address: String
        package var source: PlaceEntry?
        package var tz: String
        package var local: String
        package var utc: String
        /// `goes`, `held` (it does not go) or `not-applied` (it is only in the files).
        package var outcome: String
        package var people: Int?
        /// Where quiet hours hold it up: when it goes.
        package var late: String?
        /// Why it is held.
        package var because: String?
        /// The latest time to apply it.
        package var apply_by: String?
    }

    package struct ApprovalEntry: Codable, Equatable, Sendable {
        package var role: String
        package var addresses: [String]
    }

    package struct CostEntry: Codable, Equatable, Sendable {
        package var calls: Int
        package var mails: Int
    }
}

extension PlanWire {
    /// The bytes of `plan.json`. Same plan, same bytes.
    package func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [0x0A]
    }

    package init(json bytes: [UInt8]) throws { self = try JSONDecoder().decode(PlanWire.self, from: Data(bytes)) }

    /// SHA-256 over everything that an approver saw, and nothing else: no clock, read times, line numbers, cost, samples, or the state's serial.
    package func computedDigest() throws -> String {
        var seen = self
        seen.digest = ""
        (seen.made_at, seen.expires, seen.cost, seen.inputs.state_serial) = (nil, nil, nil, nil)
        for index in seen.changes.indices {
            seen.changes[index].source?.line = nil
            seen.changes[index].audience?.sample = nil
        }
        for index in seen.waiting.indices {
            seen.waiting[index].source?.line = nil
            seen.waiting[index].audience.sample = nil
        }
        for index in (seen.coming ?? []).indices { seen.coming?[index].source?.line = nil }
        for index in seen.refused.indices { seen.refused[index].source?.line = nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return "sha256:" + SHA256.hexadecimal(Array(try encoder.encode(seen)))
    }

    /// Whether the file says what its digest says.
    package var isIntact: Bool { (try? computedDigest()) == digest }
}
