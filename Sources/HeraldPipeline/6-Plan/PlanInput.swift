package import HeraldModel

/// All that a plan is made of. Everything is a value: the same input gives the same plan, byte for byte.
package struct PlanInput: Sendable {
    package var tool: String
    package var settings: WorkspaceSettings
    package var desired: Desired
    package var state: StateDocument
    package var readings: [String: ProviderReading]
    /// What the state keeps of `PlanInput.keptAudiences`, by email.
    package var approved: [Address: [PersonDigest]]
    /// When an approved plan is applied: the audiences that it was approved with, for emails that go to those people only.
    package var frozen: [Address: [PersonDigest]]
    package var options: PlanOptions
    package var now: Instant
    /// The workspace's.
    package var zone: Zone
    /// Nil where the workspace has none.
    package var quiet: QuietWindow?
    package var definitions: String
    /// Where `adopt`, `moved`, `removed` and `unmanaged` stand.
    package var place: @Sendable (SourceSpan) -> Place

    package init(
        tool: String, settings: WorkspaceSettings, desired: Desired, state: StateDocument, readings: [String: ProviderReading],
        approved: [Address: [PersonDigest]], frozen: [Address: [PersonDigest]] = [:], options: PlanOptions, now: Instant, zone: Zone,
        quiet: QuietWindow?, definitions: String, place: @escaping @Sendable (SourceSpan) -> Place
    ) {
        self.tool = tool
        self.settings = settings
        self.desired = desired
        self.state = state
        self.readings = readings
        self.approved = approved
        self.frozen = frozen
        self.options = options
        self.now = now
        self.zone = zone
        self.quiet = quiet
        self.definitions = definitions
        self.place = place
    }

    /// Set digests of those approved audiences that a plan compares with today's: of scheduled emails whose audience is another one now.
    package static func keptAudiences(_ desired: Desired, _ state: StateDocument) -> [Address: String] {
        var kept: [Address: String] = [:]
        for email in desired.emails {
            guard let send = state.objects[email.address]?.send, send.phase == .scheduled, let envelope = send.envelope,
                envelope.audience != email.members.setDigest
            else { continue }
            kept[email.address] = envelope.audience
        }
        return kept
    }
}

/// A plan with what applying it takes.
package struct PlannedRun: Sendable {
    package let plan: Plan
    package let steps: [Step]
    /// Everybody of each audience that changes or waits to be mailed, ascending, for the sidecars.
    package let audiences: [Address: [PersonDigest]]
    /// Providers that could not be read, and why: nothing is planned for what they hold.
    package let unread: [String: ProviderFailure]
}
