/// What the person who asked for the plan allowed in so many words. Stands in the plan, and applying it plans again with the same.
package struct PlanOptions: Hashable, Sendable {
    package enum Side: String, Sendable, CaseIterable { case git, provider }
    package var take: [Address: Side] = [:]
    package var allowDestroy: Set<Address> = []
    package var allowRemovals: [Address: Int] = [:]
    /// Only these, or everything where it is empty.
    package var selection: Set<Address> = []

    package init() {}

    package func covers(_ address: Address) -> Bool { selection.isEmpty || selection.contains(address) }
}
