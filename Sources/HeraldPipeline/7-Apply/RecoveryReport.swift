package import HeraldModel

/// What recovering found out, for people to read. It names objects and counts people, and nobody.
package struct RecoveryReport: Sendable {
    package struct Line: Hashable, Sendable {
        /// Nil where it is about several.
        package let address: Address?
        package let words: String

        init(_ address: Address?, _ words: String) {
            self.address = address
            self.words = words
        }
    }

    /// How calls ended that nobody had recorded.
    package var settled: [Line] = []
    /// Sends that had stopped and were carried to their end.
    package var finished: [Line] = []
    /// What nobody can tell, or what needs a person.
    package var open: [Line] = []

    package var isEmpty: Bool { settled.isEmpty && finished.isEmpty && open.isEmpty }

    package var exitCode: ExitCode { open.isEmpty ? .done : .unknown }

    /// A line for each, or one for all of them where they are many.
    mutating func settle(_ addresses: [Address], _ one: String, _ many: String) {
        settled += addresses.count > 10 ? [Line(nil, "\(PlanText.grouped(addresses.count)) \(many)")] : addresses.map { Line($0, one) }
    }

    mutating func add(_ email: Address, _ report: SendReport, finished: Bool) {
        let words =
            "was sent to \(PlanText.count(report.sent, "person", "people"))"
            + (report.failed > 0 ? ", failed for \(PlanText.grouped(report.failed))" : "")
        if finished { self.finished.append(Line(email, words)) } else { settled.append(Line(email, words)) }
        guard report.unknown > 0 else { return }
        open.append(
            Line(email, "\(PlanText.count(report.unknown, "person", "people")) may or may not have got it; they are not sent to again"))
    }
}
