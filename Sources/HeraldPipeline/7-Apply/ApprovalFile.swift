import FoundationEssentials
import HeraldDigest
package import HeraldModel

/// That somebody agreed to one plan, in a role: a small file beside the plan, signed with the secret of the role.
///
/// The secret stands in a protected environment of CI; who may use it there is who may approve. Apply holds it too, and checks.
package struct ApprovalFile: Codable, Equatable, Sendable {
    package var format = "herald.approval/1"
    package var role: String
    /// The plan's digest, and the state that it was made against: the same difference may come up again later, as another plan.
    package var plan: String
    package var state: String
    package var state_serial: Int
    /// Who ran the command, for the history; a login, never an address.
    package var by: String
    package var at: String
    package var seal = ""

    package init(role: String, plan: PlanWire, by: String, at: Instant, secret: String) {
        self.role = role
        self.plan = plan.digest
        (state, state_serial) = (plan.inputs.state, plan.inputs.state_serial ?? 0)
        self.by = by
        self.at = at.description
        seal = Seal.make(sealed, secret: secret)
    }

    private var sealed: [String] { [format, role, plan, state, String(state_serial), by, at] }

    package func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [0x0A]
    }

    /// Nil where it is no approval.
    package init?(json bytes: [UInt8]) {
        guard let file = try? JSONDecoder().decode(ApprovalFile.self, from: Data(bytes)), file.format == "herald.approval/1" else { return nil }
        self = file
    }

    /// Why it does not approve this plan; nil where it does.
    package func objection(role: String, plan: PlanWire, secret: String) -> String? {
        guard Seal.isValid(seal, of: sealed, secret: secret) else { return "it was changed, or signed with another secret" }
        guard self.role == role else { return "it was given as \(self.role)" }
        guard self.plan == plan.digest, state == plan.inputs.state, state_serial == plan.inputs.state_serial else { return "it is of another plan" }
        return nil
    }

    /// The variable that holds the secret of a role: `HERALD_APPROVE_MARKETING_LEAD`.
    package static func variable(of role: String) -> String {
        "HERALD_APPROVE_" + role.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
    }
}
