/// What every plan must meet.
package struct Policies: Sendable {
    package enum Level: String, Sendable, CaseIterable { case mandatory, advisory }

    /// A policy, how binding it is, and where it stands.
    package struct Leveled<Rule: Sendable>: Sendable {
        package let rule: Rule
        package let level: Level
        package let span: SourceSpan

        package init(_ rule: Rule, level: Level, span: SourceSpan) {
            self.rule = rule
            self.level = level
            self.span = span
        }
    }

    package struct MassChange: Sendable, Equatable {
        /// 0 to 100.
        package var removals: Int
        /// Lists with fewer members than this are not held to it.
        package var floor: Int

        package init(removals: Int = 30, floor: Int = 10) {
            self.removals = removals
            self.floor = floor
        }
    }

    package struct Frequency: Sendable {
        package let atMost: Int
        package let within: CalendarDuration

        package init(atMost: Int, within: CalendarDuration) {
            self.atMost = atMost
            self.within = within
        }
    }

    package struct QuietHours: Sendable {
        /// The name of the clock of each recipient.
        package static let recipient = "recipient"

        /// Minutes after midnight.
        package let start, end: Int
        package let timezone: String?

        package init(start: Int, end: Int, timezone: String?) {
            (self.start, self.end) = (start, end)
            self.timezone = timezone
        }
    }

    package struct Approval: Sendable {
        package let over: Int
        package let by: [String]
        package let valid: CalendarDuration

        package init(over: Int, by: [String], valid: CalendarDuration) {
            self.over = over
            self.by = by
            self.valid = valid
        }
    }

    package struct Waiver: Sendable {
        package let policy, address, owner, reason: Located<String>
        package let until: Day

        package init(policy: Located<String>, address: Located<String>, owner: Located<String>, reason: Located<String>, until: Day) {
            (self.policy, self.address, self.owner, self.reason) = (policy, address, owner, reason)
            self.until = until
        }
    }

    package var massChange = MassChange()
    package var frequency: Leveled<Frequency>?
    package var quietHours: Leveled<QuietHours>?
    package var leadTime: Leveled<CalendarDuration>?
    /// At most so many recipients.
    package var audience: Leveled<Int>?
    package var approval: Leveled<Approval>?
    package var blockedDomains: Leveled<[Located<String>]>?
    package var waivers: [Waiver] = []

    package init() {}
}
