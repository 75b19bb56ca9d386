import HeraldModel

/// Holds herald against the plain evaluator, and makes what fails small enough to look at.
struct GeneratedRun {
    typealias Group = [(entity: String, condition: Condition)]

    var data: GeneratedData
    let moment: Moment
    let named: [(entity: String, condition: Condition)]
    let seed: UInt64
    var engines = GeneratedWorkspace.Engine.files

    private var names: [String] { GeneratedWorkspace.names(named.count) }

    /// What differs, or nil.
    func failure(_ group: Group, in workspace: GeneratedWorkspace) -> String? {
        guard let filters = workspace.filters(group.map { ($0.entity, $0.condition.yaml(names: names)) }) else { return "refused: \(workspace.problems)" }
        let plain = PlainEvaluator(data: data, moment: moment, named: named.map(\.condition))
        for engine in engines {
            guard let answers = workspace.answers(zip(group, filters).map { ($0.entity, $1) }, engine) else { return "\(engine) failed: \(workspace.problems)" }
            for ((entity, condition), found) in zip(group, answers) {
                for row in 0..<data.count(entity) {
                    let expected = plain.answer(condition, entity, row)
                    let key = Self.text(data.key(entity, row))
                    guard let answer = found[Text(key)] else { return "\(engine): \(entity) \(key) is missing" }
                    guard answer.holds == expected.holds, answer.byEmptiness == expected.byEmptiness else {
                        return "\(engine): \(entity) \(key) is \(Self.words(answer)) and should be \(Self.words(expected))"
                    }
                }
            }
        }
        return nil
    }

    private func failure(_ group: Group) -> String? {
        do {
            return failure(group, in: try GeneratedWorkspace(data, moment, named: named, seed: seed, engines: engines))
        } catch {
            return nil  // Another failure than the one that is made small.
        }
    }

    /// The smallest case that was found to fail, for a person to read.
    func shrunk(_ group: Group, _ failure: String) -> String {
        var (run, group, failure) = (self, group, failure)
        // On a server each takes far longer.
        var attempts = engines.contains(.wholeCSV) ? 400 : 150
        search: while attempts > 0 {
            let smaller: [Group] = (group.count > 1 ? group.map { [$0] } : []) + group[0].condition.simpler.map { [(group[0].entity, $0)] + group.dropFirst() }
            for candidate in smaller {
                attempts -= 1
                guard attempts > 0, let found = run.failure(candidate) else { continue }
                (group, failure) = (candidate, found)
                continue search
            }
            for entity in Shop.entities {
                for row in (0..<run.data.count(entity)).reversed() {
                    var fewer = run
                    fewer.data.rows[entity]?.remove(at: row)
                    attempts -= 1
                    guard attempts > 0, let found = fewer.failure(group) else { continue }
                    (run, failure) = (fewer, found)
                    continue search
                }
            }
            break
        }
        return run.report(group, failure)
    }

    private func report(_ group: Group, _ failure: String) -> String {
        var random = Random(seed: seed)
        let tables = Shop.entities.filter { data.count($0) > 0 }.map { "\($0):\n" + data.csv($0, &random, moment).replacing("\r", with: "\n") }
        let definitions = zip(names, named).map { "\($0) (\($1.entity)): \($1.condition.yaml(names: names))" }
        return """
            seed \(seed): \(failure)
            now \(Instant(microseconds: Int64(moment.now))) in \(moment.zone.name), fiscal year from month \(moment.fiscalMonth)
            \(group.map { "\($0.entity): \($0.condition.yaml(names: names))" }.joined(separator: "\n"))
            \(definitions.joined(separator: "\n"))
            \(tables.joined(separator: "\n"))
            """
    }

    private static func words(_ answer: PlainEvaluator.Answer) -> String { answer.holds ? answer.byEmptiness ? "in by emptiness" : "in" : "out" }

    private static func text(_ cell: Cell) -> String {
        switch cell {
        case .number(let number): GeneratedData.decimal(number)
        case .text(let text): text
        default: ""
        }
    }
}
