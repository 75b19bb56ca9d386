import HeraldModel

extension Rule {
    static let stillDefined = Rule("still-defined")
    static let stillReferenced = Rule("still-referenced")
    static let moveRing = Rule("move-ring")
    static let moveKind = Rule("move-across-kinds")
    static let adoptKind = Rule("adopt-kind")
}

extension Resolver {
    /// `adopt`, `moved`, `removed` and `unmanaged`.
    func checkLifecycle(_ index: DefinitionIndex) {
        for adoption in settings.adopt {
            checkDefined(adoption.address, index)
            guard let provider = index.providers[adoption.provider] else {
                unknown("provider", Located(adoption.provider, adoption.address.span), among: index.providers.ids)
                continue
            }
            // Vendors' kinds are checked with the vendor; the built-in provider calls things as the files do.
            if case .local = provider.settings, adoption.kind != adoption.address.value.kind.rawValue {
                diagnostics.report(
                    .adoptKind, "\(adoption.address.value) cannot take over the \(adoption.kind) \(adoption.remoteID)", at: adoption.address.span,
                    suggestion: "write `\(adoption.provider):\(adoption.address.value.kind.rawValue)/…`")
            }
        }
        checkMoves(index)
        for (key, addresses) in [("removed", settings.removed), ("unmanaged", settings.unmanaged)] {
            for address in addresses where index.isDefined(address.value) {
                diagnostics.report(
                    .stillDefined, "\(address.value) is named in `\(key)`, and still defined", at: address.span,
                    suggestion: "delete its definition, or take it out of `\(key)`")
            }
        }
        checkRemovals(index)
    }

    private func checkMoves(_ index: DefinitionIndex) {
        let moves = Dictionary(settings.moved.map { ($0.from.value, $0) }, uniquingKeysWith: { first, _ in first })
        let gone = Set((settings.removed + settings.unmanaged).map(\.value))
        var targets: [Address: Move] = [:]
        for move in settings.moved {
            let (from, to) = (move.from.value, move.to.value)
            guard from.kind == to.kind else {
                diagnostics.report(
                    .moveKind, "\(from) is a \(from.kind.rawValue), and cannot become a \(to.kind.rawValue)", at: move.to.span,
                    suggestion: "make a new one, and name the old one in `removed`")
                continue
            }
            if index.isDefined(from), from != to {
                diagnostics.report(
                    .stillDefined, "\(from) is moved to \(to), and still defined", at: move.from.span, suggestion: "delete its definition, or the line")
            }
            if let first = targets.updateValue(move, forKey: to) {
                diagnostics.report(
                    .moveRing, "\(first.from.value) moves to \(to) as well, at \(place(first.to.span))", at: move.to.span,
                    suggestion: "only one can become \(to)")
            }
            if let ring = ring(from: move, moves) {
                // Told once, where the ring's smallest address moves.
                if ring.min() == from {
                    diagnostics.report(
                        .moveRing, "this goes round in a ring: \((ring + [from]).map(\.description).joined(separator: " → "))", at: move.from.span,
                        suggestion: "say only where the first one went")
                }
            } else if !index.isDefined(to), moves[to] == nil, !gone.contains(to) {
                unknown(to.kind.rawValue, Located(to.id, move.to.span), among: index.ids(to.kind))
            }
        }
    }

    /// The addresses of the ring that a move is part of, or nil.
    private func ring(from move: Move, _ moves: [Address: Move]) -> [Address]? {
        var path = [move.from.value]
        var seen = Set(path)
        var at = move.to.value
        while at != move.from.value {
            guard seen.insert(at).inserted, let next = moves[at] else { return nil }
            path.append(at)
            at = next.to.value
        }
        return path
    }

    /// A list, filter or site that is removed and still named by something.
    private func checkRemovals(_ index: DefinitionIndex) {
        guard !settings.removed.isEmpty else { return }
        let removed = Set(settings.removed.map(\.value))
        var users: [Address: [(user: Address, span: SourceSpan)]] = [:]
        func note(_ user: Address, _ target: Address, _ span: SourceSpan) {
            if removed.contains(target), user != target { users[target, default: []].append((user, span)) }
        }
        func note(_ user: Address, _ uses: ConditionUses) {
            for condition in uses.conditions { note(user, condition.value, condition.span) }
            for target in uses.words.flatMap(\.targets) { note(user, target.value, target.span) }
        }
        for filter in workspace.filters { note(filter.address, ConditionUses(filter)) }
        for list in workspace.lists { note(list.address, ConditionUses(list)) }
        for campaign in workspace.campaigns { for site in campaign.sites ?? [] { note(campaign.address, Address(.site, site.value), site.span) } }
        for email in workspace.emails {
            note(email.address, Address(.list, email.list.value), email.list.span)
            if let campaign = email.campaign { note(email.address, Address(.campaign, campaign.value), campaign.span) }
        }
        for test in workspace.tests { note(test.address, test.subject.value, test.subject.span) }
        for address in settings.removed {
            guard let found = users[address.value] else { continue }
            let names = found.prefix(5).map { "\($0.user) (\(place($0.span)))" } + (found.count > 5 ? ["\(found.count - 5) more"] : [])
            diagnostics.report(
                .stillReferenced, "\(address.value) is removed, and still used by \(names.joined(separator: ", "))", at: address.span,
                suggestion: "change those first")
        }
    }
}
