import HeraldContract
import HeraldModel

/// One apply while it runs.
struct ApplyRun {
    var result = ApplyResult()
    private let setting: Applier.Setting
    private let total: Int
    private let plan: String
    private var writers: [String: any ProviderWriter] = [:]
    private var unwritable: [String: ProviderFailure] = [:]
    /// What the state will say; the state itself is written now and then.
    private var document: StateDocument
    private var broken: Set<Address> = []
    private var finished = 0

    init(_ setting: Applier.Setting, total: Int, plan: String) {
        self.setting = setting
        self.total = total
        self.plan = plan
        document = setting.session.document
    }

    /// Gets the writer of a provider, once.
    mutating func open(_ id: String?, _ grant: borrowing WriteGrant) {
        guard let id, writers[id] == nil, unwritable[id] == nil else { return }
        guard let provider = setting.providers[id] else {
            unwritable[id] = ProviderFailure(.other, "\(id) is not a provider of this workspace")
            return
        }
        do { writers[id] = try provider.writer(grant) } catch { unwritable[id] = error }
    }

    mutating func carryOut(_ stage: ArraySlice<Step>) async throws(StoreFailure) {
        for part in stage.parts(of: Applier.fence) {
            guard !isStopped(part) else { continue }
            let fenced = part.filter { $0.settling != .repeatable }.map(intent)
            if !fenced.isEmpty {
                document.intents += fenced
                try save()
            }
            var unsettled: [(step: Step, failure: ProviderFailure)] = []
            for group in part.parts(of: Applier.group) where !isStopped(group) { try await carryOut(group, &unsettled) }
            try await settle(unsettled)
            let (begun, open) = (Set(fenced), Set(result.unknown.map(\.address)))
            document.intents.removeAll { begun.contains($0) && !open.contains($0.address) }
        }
        // A send that was taken back is taken back for good before anything else begins.
        if stage.first?.stage == .cancelling { try save() }
    }

    private mutating func isStopped(_ steps: ArraySlice<Step>) -> Bool {
        guard setting.isStopped() else { return false }
        result.stopped += steps.count
        return true
    }

    private mutating func carryOut(_ group: ArraySlice<Step>, _ unsettled: inout [(step: Step, failure: ProviderFailure)]) async throws(StoreFailure) {
        let intents = group.filter { $0.provider != nil }.map(intent)
        if !intents.isEmpty { try setting.journal.intend(intents) }
        for index in group.indices where !isStopped(group[index...index]) {
            let step = group[index]
            if broken.contains(step.address) || step.needs.map(broken.contains) == true {
                broken.insert(step.address)
                result.skipped.append(step.address)
            } else {
                if let approved = step.approved { try setting.session.store.keepAudience(approved.setDigest, approved.members.map(\.person)) }
                let outcome = await perform(step)
                if case .unknown(let failure) = outcome, step.settling == .findable {
                    unsettled.append((step, failure))
                } else {
                    try record(step, outcome)
                }
            }
            finished += 1
            setting.progress(finished, total, step.address.description)
        }
    }

    /// Looks for what may or may not have been made: one reading of each provider finds everything by its mark.
    private mutating func settle(_ unsettled: [(step: Step, failure: ProviderFailure)]) async throws(StoreFailure) {
        var readings: [String: Result<Inventory, ProviderFailure>] = [:]
        for (step, failure) in unsettled {
            guard let id = step.provider, let writer = writers[id], case .create(let spec) = step.operation else { continue }
            let reading: Result<Inventory, ProviderFailure>
            if let read = readings[id] { reading = read } else { reading = await Looking.inventory(writer) }
            readings[id] = reading
            switch Looking.settle(spec.kind, spec.mark, reading) {
            case .happened(let object): try record(step, .done(object))
            case .didNotHappen: try record(step, .failed(ProviderFailure(failure.cause, "\(failure.message); it did not happen")))
            case .cannotTell(let why): try record(step, .unknown(ProviderFailure(failure.cause, "\(failure.message); \(why)")))
            }
        }
    }

    private func perform(_ step: Step) async -> Outcome<RemoteObject?> {
        guard let id = step.provider else { return .done(nil) }
        guard let writer = writers[id] else { return .failed(unwritable[id] ?? ProviderFailure(.other, "\(id) cannot be written to")) }
        let outcome = await insist(step, writer)
        guard case .unknown = outcome, step.settling == .repeatable else { return outcome }
        // The same call again has the same effect, so one lost reply is no reason to give up.
        let again = await insist(step, writer)
        guard case .unknown(let failure) = again else { return again }
        return .failed(ProviderFailure(failure.cause, "\(failure.message); the next plan shows how far it came"))
    }

    /// How often a call is tried again that was refused before it did anything, for a reason that passes.
    private static let retries = 5

    /// Waits about half a second before the first retry and twice as long before each next, up to a half more or less, so that many runners do not come back at once.
    private func insist(_ step: Step, _ writer: any ProviderWriter) async -> Outcome<RemoteObject?> {
        var wait = Duration.milliseconds(500)
        for _ in 0..<ApplyRun.retries {
            let outcome = await perform(step, writer)
            guard case .refusedBeforeActing(let failure) = outcome, failure.isPassing, !setting.isStopped() else { return outcome }
            await setting.pause(wait * Double.random(in: 0.5...1.5))
            wait *= 2
        }
        return await perform(step, writer)
    }

    private func perform(_ step: Step, _ writer: any ProviderWriter) async -> Outcome<RemoteObject?> {
        switch step.operation {
        case .record: return .done(nil)
        case .create(let spec): return await writer.create(spec).map { $0 }
        case .update(let remote, let spec): return await writer.update(remote, to: spec).map { $0 }
        case .delete(let remote): return await writer.delete(remote).map { nil }
        case .change(let adding, let removing, let people):
            // The list may have been created by an earlier step.
            guard let remote = document.objects[step.address]?.remote else { return .failed(ProviderFailure(.other, "the list was not created")) }
            return await writer.change(remote, of: people, adding: adding, removing: removing)
        }
    }

    private mutating func record(_ step: Step, _ outcome: Outcome<RemoteObject?>) throws(StoreFailure) {
        if step.provider != nil {
            var remote: RemoteID?
            if case .done(let object) = outcome { remote = object?.id }
            try setting.journal.record(JournalResult(address: step.address, operation: step.name, outcome: outcome.word, remote: remote))
        }
        switch outcome {
        case .done(let object):
            step.record(&document, object)
            result.done += 1
            return
        case .refusedBeforeActing(let failure), .failed(let failure): result.failures.append((step.address, failure))
        case .unknown(let failure): result.unknown.append((step.address, failure))
        }
        broken.insert(step.address)
        // How far it came is not known, so the next plan must not take it for somebody else's doing.
        if case .change = step.operation { document.objects[step.address]?.members = nil }
    }

    private func intent(_ step: Step) -> Intent {
        Intent(
            address: step.address, operation: step.name, settling: step.settling, provider: step.provider ?? "", mark: step.mark, plan: plan)
    }

    private mutating func save() throws(StoreFailure) {
        let next = document
        try setting.session.write { $0 = next }
        document = setting.session.document
    }

    /// Everything reaches the state, and the plan is done with, unless something stands open.
    mutating func finish() async throws(StoreFailure) {
        for (id, writer) in writers where document.accounts[id] == nil {
            // One that cannot be asked now is asked by the next apply; everything else of this one stands.
            do { document.accounts[id] = try await writer.account() } catch { continue }
        }
        for (id, writer) in writers { if let sequence = try? await writer.sequence() { document.sequences[id] = sequence } }
        if result.unknown.isEmpty { document.finish(plan, result.words) }
        try save()
        try setting.journal.clear()
    }
}

extension ArraySlice {
    /// Consecutive parts of at most `size`.
    func parts(of size: Int) -> [ArraySlice] { stride(from: startIndex, to: endIndex, by: size).map { self[$0..<Swift.min($0 + size, endIndex)] } }
}
