package import HeraldContract
package import HeraldModel

/// Carries out the steps of a plan that was spent: in order, in groups, each group's intents durable before its first call.
package struct Applier {
    /// How many calls one crash can leave open.
    package static let group = 32

    package struct Result: Sendable {
        package var done = 0
        package var failures: [(address: Address, failure: ProviderFailure)] = []
        package var unknown: [(address: Address, failure: ProviderFailure)] = []
        /// What was not tried because something before it failed.
        package var skipped: [Address] = []

        package var exitCode: ExitCode {
            ExitCode.gravest((unknown.isEmpty ? [] : [.unknown]) + failures.map(\.failure.exit) + [.done])
        }
    }

    private let session: StateSession
    private let journal: any Journal
    private let providers: [String: any Provider]
    private let plan: String
    private let progress: @Sendable (_ done: Int, _ of: Int, _ what: String) -> Void

    package init(
        session: StateSession, journal: any Journal, providers: [any Provider], plan: String,
        progress: @escaping @Sendable (Int, Int, String) -> Void
    ) {
        self.session = session
        self.journal = journal
        self.providers = Dictionary(providers.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.plan = plan
        self.progress = progress
    }

    /// Applies and records every step. What fails is reported, what depends on it is skipped, everything else goes on.
    package func apply(_ steps: [Step], _ grant: borrowing WriteGrant) async throws(StoreFailure) -> Result {
        var result = Result()
        var writers: [String: any ProviderWriter] = [:]
        var broken: Set<Address> = []
        var start = 0
        while start < steps.count {
            let end = min(start + Applier.group, steps.count)
            // A group ends where its stage does, so that what comes later finds recorded ids.
            let stage = steps[start].stage
            let group = Array(steps[start..<end].prefix { $0.stage == stage })
            for step in group where writers[step.provider ?? ""] == nil {
                guard let id = step.provider, let provider = providers[id] else { continue }
                do { writers[id] = try provider.writer(grant) } catch { result.failures.append((step.address, error)) }
            }
            try await run(group, writers, &broken, &result)
            start += group.count
            progress(start, steps.count, "\(group.last?.address.description ?? "")")
        }
        return result
    }

    private func run(
        _ group: [Step], _ writers: [String: any ProviderWriter], _ broken: inout Set<Address>, _ result: inout Result
    ) async throws(StoreFailure) {
        let intents = group.compactMap { step in
            step.provider.map {
                Intent(address: step.address, operation: step.name, settling: step.settling, provider: $0, mark: step.mark, plan: plan)
            }
        }
        let fenced = intents.filter { $0.settling != .repeatable }
        if !fenced.isEmpty { try session.write { $0.intents += fenced } }
        if !intents.isEmpty { try journal.intend(intents) }
        var records: [@Sendable (inout StateDocument) -> Void] = []
        for step in group {
            guard !broken.contains(step.address) else {
                result.skipped.append(step.address)
                continue
            }
            if let approved = step.approved { try session.store.keepAudience(step.address.id, approved.members.map(\.person)) }
            let outcome = await perform(step, writers)
            if step.provider != nil {
                try journal.record(JournalResult(address: step.address, operation: step.name, outcome: outcome.word, remote: outcome.remote?.id))
            }
            switch outcome {
            case .done(let remote):
                result.done += 1
                let record = step.record
                records.append { record(&$0, remote) }
            case .refusedBeforeActing(let failure), .failed(let failure):
                broken.insert(step.address)
                result.failures.append((step.address, failure))
            case .unknown(let failure):
                broken.insert(step.address)
                result.unknown.append((step.address, failure))
            }
        }
        if !intents.isEmpty { try journal.settle() }
        let open = Set(result.unknown.map(\.address))
        try session.write { state in
            for record in records { record(&state) }
            state.intents.removeAll { intent in fenced.contains(intent) && !open.contains(intent.address) }
        }
    }

    private func perform(_ step: Step, _ writers: [String: any ProviderWriter]) async -> Outcome<RemoteObject?> {
        guard let id = step.provider else { return .done(nil) }
        guard let writer = writers[id] else { return .failed(ProviderFailure(.other, "\(id) cannot be written to")) }
        switch step.operation {
        case .record: return .done(nil)
        case .create(let spec): return await writer.create(spec).map { $0 }
        case .update(let remote, let spec): return await writer.update(remote, to: spec).map { $0 }
        case .delete(let remote): return await writer.delete(remote).map { nil }
        case .change(let adding, let removing, let members):
            // The list may have been created by an earlier step: its id stands in the state by now.
            guard let remote = session.document.objects[step.address]?.remote else {
                return .failed(ProviderFailure(.other, "the list was not created"))
            }
            return await change(writer, remote, members, adding: adding, removing: removing)
        }
    }

    private func change(
        _ writer: any ProviderWriter, _ list: RemoteID, _ members: DesiredMembers, adding: [PersonDigest], removing: [PersonDigest]
    ) async -> Outcome<RemoteObject?> {
        let size = 5_000
        var outcome = await writer.change(list, adding: members.reveal(Array(adding.prefix(size))), removing: removing)
        var start = size
        while start < adding.count, case .done = outcome {
            let part = Array(adding[start..<min(start + size, adding.count)])
            outcome = await writer.change(list, adding: members.reveal(part), removing: [])
            start += size
        }
        guard case .done(let count) = outcome, count != members.members.count else { return outcome.map { _ in nil } }
        return .failed(ProviderFailure(.damaged, "the list has \(count) members where \(members.members.count) were written"))
    }
}

extension Outcome {
    func map<Other: Sendable>(_ transform: (Value) -> Other) -> Outcome<Other> {
        switch self {
        case .done(let value): .done(transform(value))
        case .refusedBeforeActing(let failure): .refusedBeforeActing(failure)
        case .failed(let failure): .failed(failure)
        case .unknown(let failure): .unknown(failure)
        }
    }

    var word: String {
        switch self {
        case .done: "done"
        case .refusedBeforeActing: "refused"
        case .failed: "failed"
        case .unknown: "unknown"
        }
    }
}

extension Outcome where Value == RemoteObject? {
    var remote: RemoteObject? { if case .done(let remote) = self { remote } else { nil } }
}
