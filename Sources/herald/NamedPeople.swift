import ArgumentParser
import HeraldContract
import HeraldModel
import HeraldPipeline

/// PERSON on the command line: an address, the key of a record, or `-` for one on each line of standard input.
enum NamedPeople {
    private static let inputLimit = 64 << 20

    static func read(_ argument: String) throws -> [String] {
        guard argument == "-" else { return [argument.trimmed] }
        guard let input = Terminal.input(limit: inputLimit) else { throw ValidationError("standard input is longer than 64 MB, or is no UTF-8") }
        let people = input.split(whereSeparator: \.isNewline).map { String($0).trimmed }.filter { !$0.isEmpty }
        guard !people.isEmpty else { throw ValidationError("standard input names nobody; write an address or a key on each line") }
        return people
    }

    /// Everybody who was named. Ends the command where one of them is nobody, told by the line; nobody is named in return.
    static func find(_ argument: String, _ workspace: StatefulWorkspace) throws -> [FoundPerson] {
        let texts = try read(argument)
        try workspace.opened.checkColumns()
        guard let everybody = workspace.stage(KnownPeople(.empty, key: workspace.key, workspace.resolved.workspace.settings, workspace.state)).everybody() else {
            workspace.opened.tellDiagnostics()
            throw Ended(workspace.opened.diagnostics.exitCode)
        }
        workspace.opened.tellDiagnostics()
        var (people, seen): ([FoundPerson], Set<PersonDigest>) = ([], [])
        var failures: [String] = []
        for (number, result) in PersonSearch(everybody, key: workspace.key).find(texts).enumerated() {
            switch result {
            case .success(let person):
                let identity = person.person ?? person.records.first?.digest
                if identity.map({ seen.insert($0).inserted }) ?? true { people.append(person) }
            case .failure(let failure): failures.append(texts.count == 1 ? failure.message : "person \(number + 1) of \(texts.count): \(failure.message)")
            }
        }
        guard failures.isEmpty else {
            for failure in failures.prefix(20) { Terminal.talk("error: \(failure)") }
            if failures.count > 20 { Terminal.talk("error: and \(failures.count - 20) more") }
            Terminal.talk("help: PERSON is an address, or the key of a record; nothing was done")
            throw Ended(.failed)
        }
        return people
    }
}

extension StatefulWorkspace {
    func stage(_ known: KnownPeople) -> AudienceStage {
        AudienceStage(resolved, opened.environment, files: opened.files, opened.diagnostics, known: known)
    }
}

/// What an operator gives as a reason: kept for ever, so it must not say who the person is.
enum GivenReason {
    /// Longest reason, in bytes of UTF-8.
    private static let longest = 500

    static func check(_ text: String) throws -> String {
        let reason = text.trimmed
        guard !reason.isEmpty else { throw ValidationError("--reason is empty; say why, so that it can be found out later") }
        guard !reason.looksLikeAnAddress else { throw ValidationError("--reason holds what looks like an address; it is kept for ever, so say it without personal data") }
        guard reason.utf8.count <= longest else { throw ValidationError("--reason is longer than \(longest) bytes") }
        guard !reason.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { throw ValidationError("--reason holds a control character") }
        return reason
    }
}
