/// What the person who asked for the plan allowed in so many words. It stands in the plan, so that applying it plans again alike.
package struct PlanOptions: Hashable, Sendable {
    package enum Side: String, Sendable, CaseIterable { case git, provider }
    /// Whose side is taken where both changed.
    package var take: [Address: Side] = [:]
    package var allowDestroy: Set<Address> = []
    /// How many members a list may lose, whatever its valve says.
    package var allowRemovals: [Address: Int] = [:]
    /// Only these, or everything where it is empty.
    package var selection: Set<Address> = []

    package init() {}

    package func covers(_ address: Address) -> Bool { selection.isEmpty || selection.contains(address) }
}
