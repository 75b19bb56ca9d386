import HeraldContract
import HeraldDigest
import HeraldModel
import HeraldPipeline
import HeraldStore

/// The second half of erasing: that providers forget the people. It is made again whenever it is asked for, so that an interruption leaves nothing behind.
struct PersonErasing {
    private let workspace: StatefulWorkspace
    private let session: StateSession

    init(_ workspace: StatefulWorkspace, _ session: StateSession) {
        self.workspace = workspace
        self.session = session
    }

    func erase(_ people: [FoundPerson]) async throws -> HeraldModel.ExitCode {
        let (records, key) = (Set(people.flatMap { $0.records.map(\.digest) }), workspace.key.fingerprint)
        try ending { () throws(StoreFailure) in
            if let watched = try workspace.records.watched(key: key) { try workspace.records.watch(watched.forgetting(records), key: key) }
        }
        let written = workspace.providers.filter { session.document.accounts[$0.id] != nil }
        guard !written.isEmpty else { return .done }
        let grant: WriteGrant
        do throws(StoreFailure) { grant = try session.cover("person erase", at: workspace.opened.environment.now, workspace.opened.environment.note("person erase")) } catch {
            Terminal.talk("error: they are never mailed again, and what providers keep of them could not be erased: \(error.message)")
            Terminal.talk("help: run the command again after that")
            throw Ended(error.exit)
        }
        var codes: [HeraldModel.ExitCode] = []
        var lists: [Address: MemberDigests?] = [:]
        for provider in written { codes.append(await forget(people, provider, grant, &lists)) }
        let changed = lists
        let plan = grant.plan
        try ending { () throws(StoreFailure) in
            try session.write { state in
                // Members went without a plan, which is nobody else's doing.
                for (address, members) in changed { state.objects[address]?.members = members }
                state.finish(plan, codes.allSatisfy { $0 == .done } ? "done" : "not everything could be erased")
            }
        }
        return HeraldModel.ExitCode.gravest(codes)
    }

    private func forget(
        _ people: [FoundPerson], _ provider: any Provider, _ grant: borrowing WriteGrant, _ lists: inout [Address: MemberDigests?]
    ) async -> HeraldModel.ExitCode {
        let writer: any ProviderWriter
        do { writer = try provider.writer(grant) } catch { return failed(provider, error) }
        switch await writer.forget(people.compactMap(\.person), records: people.flatMap { $0.records.map(\.digest) }) {
        case .done(let changed):
            let known = session.document.objects.filter { $0.value.provider == provider.id && $0.value.remote.map(changed.contains) == true }
            // Without knowing how a list was left, the next plan says nothing of drift.
            let members = try? await writer.members(of: changed)
            for (address, object) in known {
                lists[address] = .some(object.remote.flatMap { members?[$0] }.map { MemberDigests(count: $0.count, seen: MemberSets.digest($0), basis: object.members?.basis) })
            }
            return .done
        case .refusedBeforeActing(let failure), .failed(let failure), .unknown(let failure): return failed(provider, failure)
        }
    }

    private func failed(_ provider: any Provider, _ failure: ProviderFailure) -> HeraldModel.ExitCode {
        Terminal.talk("error: they are never mailed again, and what \(provider.id) keeps of them could not be erased: \(failure.message)")
        Terminal.talk("help: run the command again")
        return failure.exit
    }
}
