import ArgumentParser
import HeraldContract
import HeraldModel
import HeraldPipeline
import HeraldStore

struct TimelineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timeline",
        abstract: "Show what happens by itself in the time to come: mails that fall due, people who age in and out of lists.",
        discussion: """
            Day by day: when emails go and to how many, campaigns that start and end, how many people come onto lists and leave them because time passes, clock
            changes, plans that expire. From the files and the contact data as they are now, and from the state where there is one. Changes nothing.
            --format ics writes a calendar that calendar programs read: herald timeline --format ics > herald.ics
            """)

    @OptionGroup var common: CommonOptions

    @Option(name: .customLong("for"), parsing: .upToNextOption, help: "How far to look, such as 6 weeks or 3 months; 30 days where it is not given.")
    var period: [String] = []

    @Option(name: .long, help: "text; json for programs; ics for calendars.")
    var format = TimelineFormat.text

    func run() async throws {
        let opened = try OpenedWorkspace.open(common)
        let (now, zone) = (opened.environment.now, opened.resolved.zone)
        let end = try end(after: now, zone)
        let stateful = try opened.statefulIfThere()
        try opened.checkColumns()
        let stage = AudienceStage(opened.resolved, opened.environment, files: opened.files, opened.diagnostics, known: try stateful?.knownPeople())
        let timeline = await TimelineMaker(opened.resolved, stateful?.state, key: stateful?.key, stage, now: now, place: opened.place).make(
            through: end, plan: PlanFiles(opened, folder: "output").waiting(shown: "output/plan.json"),
            results: { wanted in
                guard let stateful else { return Results.none }
                return await Refresh.results(wanted, stateful.providers, stateful.state, opened.resolved.workspace, opened.diagnostics)
            },
            approved: { digest in (try? stateful?.store.audience(digest)).flatMap { $0 } })
        opened.tellDiagnostics()
        guard let timeline else { throw Ended(opened.diagnostics.exitCode) }
        switch format {
        case .text: Terminal.data(TimelineText(timeline).render())
        case .json: Terminal.data(try TimelineJSON(timeline).render())
        case .ics: Terminal.data(TimelineCalendar(timeline).render())
        }
    }

    private func end(after now: Instant, _ zone: Zone) throws -> Instant {
        let text = period.isEmpty ? "30 days" : period.joined(separator: " ")
        guard let duration = CalendarDuration(parsing: text) else { throw ValidationError("`\(text)` is no length of time for --for; write 30 days, 6 weeks or 3 months") }
        let end = duration.moved(now, in: zone)
        guard end <= CalendarDuration(3, .year).moved(now, in: zone) else { throw ValidationError("--for looks at most 3 years ahead") }
        return end
    }
}

enum TimelineFormat: String, ExpressibleByArgument, CaseIterable { case text, json, ics }
