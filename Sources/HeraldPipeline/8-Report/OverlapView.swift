import FoundationEssentials
import HeraldAudience
import HeraldModel

/// How many people several lists share, for people and for programs. Counts only.
package struct OverlapView {
    private let lists: [ResolvedList]
    private let overlap: Overlap
    /// More than one where people are told apart by their addresses alone.
    private let entities: [String]

    /// Nil where one of the lists was not decided.
    package init?(_ lists: [ResolvedList], _ decided: Audiences) {
        let audiences = lists.compactMap { decided.byList[$0.definition.id.value] }
        guard audiences.count == lists.count else { return nil }
        self.lists = lists
        overlap = Overlap(audiences)
        entities = Set(audiences.map(\.people.schema.id)).sorted()
    }

    private var pairs: [(Int, Int)] { lists.indices.flatMap { a in lists.indices.filter { $0 > a }.map { (a, $0) } } }

    package func text() -> String {
        let names = lists.map(\.definition.address.description)
        let shared = pairs.map { ("\(names[$0.0]) and \(names[$0.1])", overlap.count(on: $0.0, $0.1)) }
        var rows = shared
        if lists.count > 2 { rows.append(("all \(lists.count) lists", overlap.count(onAll: lists.indices))) }
        rows.append(("together, everybody once", overlap.people))
        let width = (names + rows.map(\.0)).map(\.count).max() ?? 0
        func number(_ count: Int) -> String { padded(PlanText.grouped(count), 10, left: true) }
        var lines = ["\(padded("", width + 2))\(padded("members", 10, left: true))\(padded("only here", 12, left: true))"]
        for (index, name) in names.enumerated() {
            lines.append("  \(padded(name, width))\(number(overlap.count(on: index)))  \(number(overlap.count(onlyOn: index)))")
        }
        lines.append("")
        lines += rows.map { "  \(padded($0.0, width))\(number($0.1))" }
        if entities.count > 1 { lines += ["", "  the lists are of different entities (\(entities.joined(separator: ", "))), so people are told apart by their addresses"] }
        return lines.joined(separator: "\n") + "\n"
    }

    /// `{lists: [{list, mailable, only}], pairs: [{lists, both}], all, people, by_address}`.
    package func json() throws -> String {
        struct List: Encodable {
            let list: String
            let mailable, only: Int
        }
        struct Pair: Encodable {
            let lists: [String]
            let both: Int
        }
        struct Wire: Encodable {
            let lists: [List]
            let pairs: [Pair]
            let all, people: Int
            /// Whether the lists are of different entities.
            let by_address: Bool
        }
        let ids = lists.map(\.definition.id.value)
        let wire = Wire(
            lists: ids.enumerated().map { List(list: $0.element, mailable: overlap.count(on: $0.offset), only: overlap.count(onlyOn: $0.offset)) },
            pairs: pairs.map { Pair(lists: [ids[$0.0], ids[$0.1]], both: overlap.count(on: $0.0, $0.1)) },
            all: overlap.count(onAll: lists.indices), people: overlap.people, by_address: entities.count > 1)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(wire), as: UTF8.self) + "\n"
    }
}
