import Foundation
import HeraldModel
import Testing

/// How long files are spoiled, and by which numbers.
///
/// Some hundred rounds by default, the same each time. `HERALD_MUTATION_SECONDS` goes on for so long with other numbers; `HERALD_MUTATION_SEED` repeats
/// those of a run that failed.
enum MutationRun {
    private static let variables = ProcessInfo.processInfo.environment
    private static let seconds = variables["HERALD_MUTATION_SECONDS"].flatMap(Double.init)
    private static let seed = variables["HERALD_MUTATION_SEED"].flatMap { UInt64($0) } ?? (seconds == nil ? 1 : UInt64.random(in: 0...UInt64.max))

    /// - Parameter check: what is wrong with what came of an input, or nil.
    static func spoil(_ what: String, _ inputs: [[UInt8]], rounds: Int, _ check: (inout Mutator, [UInt8]) -> String?) {
        let start = ContinuousClock.now
        var round = 0
        print("\(what): spoiled by HERALD_MUTATION_SEED=\(seed)")
        while round < rounds || seconds.map({ start.duration(to: .now) < .seconds($0) }) ?? false {
            var mutator = Mutator(inputs, seed: seed, round: round)
            let input = mutator.spoiled()
            if let failure = check(&mutator, input) {
                Issue.record("\(what), seed \(seed), round \(round): \(failure)\n\(String(decoding: input, as: UTF8.self))")
                return
            }
            round += 1
        }
    }

    /// What is wrong with diagnostics of these files, or nil: each has a place inside its file, and something to say.
    static func failure(of found: [Diagnostic], in files: [[UInt8]]) -> String? {
        for one in found {
            guard !one.message.isEmpty else { return "\(one.rule.code) says nothing" }
            guard let span = one.span else { return "\(one.rule.code) has no place: \(one.message)" }
            guard files.indices.contains(Int(span.file.index)), isInside(span, files[Int(span.file.index)]) else {
                return "\(one.rule.code) is outside the file, at \(span.line):\(span.column)+\(span.width): \(one.message)"
            }
        }
        return nil
    }

    /// Whether a place is on a line of the file, or directly behind its end.
    private static func isInside(_ span: SourceSpan, _ bytes: [UInt8]) -> Bool {
        let files = SourceMap()
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        guard let line = files.line(span.line, of: files.add(path: "file", text: body)) else { return false }
        // Characters as the parsers count them: bytes that begin one.
        let characters = max(line.count { $0 & 0xC0 != 0x80 }, String(decoding: line, as: UTF8.self).unicodeScalars.count)
        return span.line >= 1 && span.column >= 1 && Int(span.column) <= characters + 1
    }

    /// The bytes of a file of the repository's tests.
    static func file(_ path: String) throws -> [UInt8] {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return Array(try Data(contentsOf: tests.appendingPathComponent(path)))
    }
}
