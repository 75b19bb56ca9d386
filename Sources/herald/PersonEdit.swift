import ArgumentParser
import FoundationEssentials
import HeraldContract
import HeraldModel
import HeraldPipeline
import HeraldStore

/// Takes down what an operator says about people: under the lock, all of it or nothing.
struct PersonEdit {
    let common: CommonOptions
    let operation: String
    let reason: String
    let at: SaidAt?
    let format: ReportFormat
    /// What it is called once it is done.
    let word: String

    struct Done {
        let people: [FoundPerson]
        let session: StateSession
        let workspace: StatefulWorkspace
    }

    /// - Parameters:
    ///   - wish: what is wanted, by the marks of lists that the state has.
    ///   - then: what else there is to do for these people, under the same lock.
    func run(
        _ argument: String, wish: (KnownPeople, Resolved) throws -> PersonWish.Kind, then: (Done) async throws -> HeraldModel.ExitCode = { _ in .done }
    ) async throws {
        let opened = try OpenedWorkspace.open(common)
        let workspace = try StatefulWorkspace.open(opened)
        let reason = try GivenReason.check(reason)
        let now = opened.environment.now
        let at = at?.resolved(opened.resolved.zone)
        if let at, at > now { throw ValidationError("--at is in the future") }
        let (code, told) = try await HeldLock.holding(workspace.store, operation, opened.environment) {
            let session = try workspace.session()
            let people = try NamedPeople.find(argument, workspace)
            guard let (records, ledger) = try workspace.kept(session.document) else { throw Ended(.refused) }
            let known = KnownPeople(ledger, key: workspace.key, opened.resolved.workspace.settings, session.document)
            let wish = PersonWish(try wish(known, opened.resolved), reason: reason, at: at, now: now)
            let answers = people.map { ($0, wish.answer(for: $0, in: ledger)) }
            try demandNoRefusal(answers)
            let facts = answers.flatMap { if case .facts(let facts, _) = $0.1 { facts } else { [PersonFact]() } }
            if !facts.isEmpty {
                try ending { () throws(StoreFailure) in
                    let position = try workspace.records.append(facts, to: records).position
                    try session.write { $0.records = position }
                }
            }
            return (try await then(Done(people: people, session: session, workspace: workspace)), answers)
        }
        tell(told)
        guard code == HeraldModel.ExitCode.done else { throw Ended(code) }
    }

    private func demandNoRefusal(_ answers: [(FoundPerson, PersonWish.Answer)]) throws {
        let refusals = answers.compactMap { if case .refused(let message, let remedy) = $0.1 { (message, remedy) } else { nil } }
        guard let first = refusals.first else { return }
        for refusal in refusals.prefix(20) { Terminal.talk("error: \(refusal.0)") }
        if refusals.count > 20 { Terminal.talk("error: and \(refusals.count - 20) more") }
        if answers.count > 1 { Terminal.talk("nothing was taken down") }
        throw ApprovedPlan.helped(first.1)
    }

    private func tell(_ answers: [(FoundPerson, PersonWish.Answer)]) {
        let lines = answers.map { person, answer -> (name: String, result: String, note: String?) in
            guard case .facts(_, let outdated) = answer else { return (person.name, "already", nil) }
            return (person.name, word, outdated.map { "they agreed later, at \($0), and that stands" })
        }
        if format == .json { return Terminal.data(json(lines)) }
        guard !common.quiet else { return }
        if lines.count > 20 {
            let new = lines.filter { $0.result == word }.count
            Terminal.data("\(word): \(PlanText.count(new, "person", "people"))\(new < lines.count ? ", \(PlanText.grouped(lines.count - new)) already" : "")\n")
        } else {
            for line in lines { Terminal.data("\(line.name): \(line.result == "already" ? "already \(word)" : word)\(line.note.map { "; \($0)" } ?? "")\n") }
        }
    }

    /// `{changed, already, people: [{person, result, note}]}`; people are masked.
    private func json(_ lines: [(name: String, result: String, note: String?)]) -> String {
        struct Wire: Encodable {
            struct Person: Encodable {
                let person, result: String
                let note: String?
            }
            let changed, already: Int
            let people: [Person]
        }
        let new = lines.filter { $0.result == word }.count
        let wire = Wire(changed: new, already: lines.count - new, people: lines.map { .init(person: $0.name, result: $0.result, note: $0.note) })
        return Terminal.json(wire)
    }
}

extension Terminal {
    /// Sorted keys, a line for each; what is encoded cannot fail to be.
    static func json(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { return "" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}

/// When somebody said something: a time with its offset, or a day or local time in the workspace's zone.
struct SaidAt: ExpressibleByArgument {
    let instant: Instant?
    let local: LocalTime?

    init?(argument: String) {
        instant = Instant(rfc3339: argument)
        local = LocalTime(parsing: argument) ?? Day(parsing: argument).map { LocalTime(day: $0) }
        if instant == nil, local == nil { return nil }
    }

    func resolved(_ zone: Zone) -> Instant? { instant ?? local.map(zone.instant) }
}
