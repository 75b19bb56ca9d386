/// A scheduled email whose time is to come, and what will come of it by what is known now.
package struct ComingSend: Sendable {
    package enum Outcome: Equatable, Sendable {
        /// It goes to so many people: at its time, or at `late` where quiet hours hold it up.
        case goes(people: Int, late: Instant?)
        /// It does not go, though it was applied, or could not be applied at all.
        case held(because: String)
        /// Nobody applied it: it goes only if somebody does, at the latest at `by`.
        case notApplied(people: Int, by: Instant)
    }

    package let address: Address
    /// Nil for what left the files.
    package let source: Place?
    package let zone: String
    package let local: LocalTime
    package let at: Instant
    package let outcome: Outcome

    package init(address: Address, source: Place?, zone: String, local: LocalTime, at: Instant, outcome: Outcome) {
        (self.address, self.source, self.zone, self.local, self.at, self.outcome) = (address, source, zone, local, at, outcome)
    }
}
