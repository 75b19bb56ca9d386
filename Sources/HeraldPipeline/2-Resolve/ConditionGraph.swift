import HeraldModel

extension Rule {
    static let conditionRing = Rule("cycle")
    static let ownEmail = Rule("list-waits-for-its-email")
    static let conditionDepth = Rule("condition-too-deep")
    static let conditionSize = Rule("condition-too-large")
}

/// Which filters and lists are made of which, and so in which order they can be typed. Rings are reported, and what is part of one is not typed.
struct ConditionGraph: Sendable {
    /// Deeper chains of filters are nothing that a person can follow.
    static let maximumDepth = 64
    /// The most values in a condition with everything that it uses written out.
    static let maximumSize = 100_000

    /// Filters and lists, each after everything that it uses.
    private(set) var order: [Address] = []
    /// Part of a ring, or built on one, or too deep or too large.
    private(set) var broken: Set<Address> = []
    /// What others use.
    private(set) var used: Set<Address> = []
    let uses: [Address: ConditionUses]

    private struct Edge {
        let to: Int
        let span: SourceSpan
    }

    init(_ index: DefinitionIndex, _ diagnostics: Diagnostics) {
        let (filters, lists, emails) = (index.filters.values, index.lists.values, index.emails.values)
        let found =
            sideBySide(filters.count, diagnostics) { at, _ in ConditionUses(filters[at]) }
            + sideBySide(lists.count, diagnostics) { at, _ in ConditionUses(lists[at]) }
        let addresses = filters.map(\.address) + lists.map(\.address) + emails.map(\.address)
        uses = Dictionary(zip(addresses, found), uniquingKeysWith: { first, _ in first })
        let numbers = Dictionary(addresses.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var edges: [[Edge]] = found.map { uses in
            let conditions = uses.conditions
            // An email waits for its list; a list that asks who opened an email waits for that email.
            let waits = uses.words.flatMap(\.targets).filter { $0.value.kind == .email }
            return (conditions + waits).compactMap { target in numbers[target.value].map { Edge(to: $0, span: target.span) } }
        }
        for uses in found { used.formUnion(uses.conditions.map(\.value)) }
        edges += emails.map { email in
            numbers[Address(.list, email.list.value)].map { [Edge(to: $0, span: email.list.span)] } ?? []
        }
        let groups = ConditionGraph.groups(edges)
        for group in groups {
            let isRing = group.count > 1 || edges[group[0]].contains { $0.to == group[0] }
            if isRing {
                report(group, edges, addresses, diagnostics)
                broken.formUnion(group.map { addresses[$0] })
            }
            order += group.map { addresses[$0] }.filter { $0.kind != .email }
        }
        measure(addresses, edges, numbers, filters.map(\.id) + lists.map(\.id), diagnostics)
    }

    /// Depth and size of everything written out, which only grow from what is used to what uses it.
    private mutating func measure(
        _ addresses: [Address], _ edges: [[Edge]], _ numbers: [Address: Int], _ ids: [Located<String>], _ diagnostics: Diagnostics
    ) {
        var depth = [Int](repeating: 0, count: ids.count)
        var size = [Int](repeating: 0, count: ids.count)
        for address in order {
            guard let number = numbers[address] else { continue }
            let inner = edges[number].filter { addresses[$0.to].kind != .email }.map(\.to)
            if inner.contains(where: { broken.contains(addresses[$0]) }) { broken.insert(address) }
            depth[number] = 1 + (inner.map { depth[$0] }.max() ?? 0)
            size[number] = inner.reduce(uses[address]?.size ?? 0) { min(ConditionGraph.maximumSize + 1, $0 + size[$1]) }
            guard !broken.contains(address) else { continue }
            if depth[number] > ConditionGraph.maximumDepth {
                broken.insert(address)
                diagnostics.report(
                    .conditionDepth, "\(address) uses filters that use filters, more than \(ConditionGraph.maximumDepth) deep", at: ids[number].span)
            } else if size[number] > ConditionGraph.maximumSize {
                broken.insert(address)
                diagnostics.report(
                    .conditionSize, "\(address) with every filter that it uses has more than \(ConditionGraph.maximumSize) values", at: ids[number].span)
            }
        }
    }

    /// Tells one ring of a group, from its first member in the files back to it.
    private func report(_ group: [Int], _ edges: [[Edge]], _ addresses: [Address], _ diagnostics: Diagnostics) {
        let members = Set(group)
        let start = group.min() ?? 0
        var cameFrom: [Int: Int] = [:]
        var queue = [start]
        var at = 0
        search: while at < queue.count {
            let node = queue[at]
            at += 1
            for edge in edges[node] where members.contains(edge.to) && cameFrom[edge.to] == nil {
                cameFrom[edge.to] = node
                if edge.to == start { break search }
                queue.append(edge.to)
            }
        }
        var ring = [start]
        var node = cameFrom[start] ?? start
        while node != start {
            ring.append(node)
            node = cameFrom[node] ?? start
        }
        ring.append(start)
        ring.reverse()
        let span = edges[start].first { $0.to == ring[1] }?.span
        let words = ring.map { addresses[$0].description }.joined(separator: " → ")
        if ring.contains(where: { addresses[$0].kind == .email }) {
            diagnostics.report(
                .ownEmail, "an email's own list may not wait for that email: \(words)", at: span,
                suggestion: "ask about another email, or send this one to another list")
        } else {
            diagnostics.report(.conditionRing, "this goes round in a ring: \(words)", at: span, suggestion: "take one of these references out")
        }
    }

    /// Tarjan's strongly connected components, each after everything that it leads to. Without recursion: chains may be long.
    private static func groups(_ edges: [[Edge]]) -> [[Int]] {
        var (number, low) = ([Int](repeating: -1, count: edges.count), [Int](repeating: 0, count: edges.count))
        var isOpen = [Bool](repeating: false, count: edges.count)
        var (stack, result): ([Int], [[Int]]) = ([], [])
        var counter = 0
        for root in edges.indices where number[root] < 0 {
            var work = [(node: root, next: 0)]
            while let (node, next) = work.last {
                if next == 0 {
                    (number[node], low[node]) = (counter, counter)
                    counter += 1
                    stack.append(node)
                    isOpen[node] = true
                }
                if next < edges[node].count {
                    work[work.count - 1].next += 1
                    let to = edges[node][next].to
                    if number[to] < 0 { work.append((to, 0)) } else if isOpen[to] { low[node] = min(low[node], number[to]) }
                    continue
                }
                work.removeLast()
                if let parent = work.last?.node { low[parent] = min(low[parent], low[node]) }
                guard low[node] == number[node] else { continue }
                var group: [Int] = []
                while let top = stack.popLast() {
                    isOpen[top] = false
                    group.append(top)
                    if top == node { break }
                }
                result.append(group)
            }
        }
        return result
    }
}
