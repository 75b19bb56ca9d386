import ArgumentParser
import HeraldContract
import HeraldModel
import HeraldPipeline

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what would change, for whom and when. Changes nothing.",
        discussion: """
            Writes output/plan.json, plan.md and previews of the mails. Ends with 0 (no change), 2 (changes) or 6 (something is refused).
            With --at it looks ahead: what the plan would be then, with the data of now and people as they will have aged, and what came of the emails that fall
            due until then. That is written to output/plan-at.json and plan-at.md, and is never applied.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Only these addresses, such as list.vip-customers; everything where none is given.")
    var selection: [String] = []

    @Option(name: .long, parsing: .upToNextOption, help: "Where files and provider both changed: take git or provider, and the address.")
    var take: [String] = []

    @Option(name: .long, help: "Allow that this object is destroyed.")
    var allowDestroy: [String] = []

    @Option(name: .long, help: "Allow so many removals from a list: ADDRESS=N.")
    var allowRemovals: [String] = []

    @Option(name: .long, help: "Look ahead to this time: 2027-03-01, \"2027-03-01 09:00\", or with an offset.")
    var at: String?

    @Option(name: .long, help: "text, json or markdown.")
    var format: PlanFormat = .text

    @Option(name: .long, help: "The folder that the plan is written to.")
    var out = "output"

    func run() async throws {
        let opened = try OpenedWorkspace.open(common)
        let options = try planOptions(opened.resolved)
        let then = try at.map { try MomentArgument.read($0, option: "--at", after: opened.environment.now, in: opened.resolved.zone) }
        let workspace = try StatefulWorkspace.open(opened)
        let result = try await workspace.plan(options, ahead: then)
        KeptUntilExit.keep(result)
        let wire = try PlanWire(result.run.plan)
        let plan = result.run.plan
        let files = PlanFiles(workspace.opened, folder: out)
        if then == nil { try files.write(result, wire) } else { try files.writeAhead(plan, wire) }
        switch format {
        case .json: Terminal.data(String(decoding: try wire.json(), as: UTF8.self))
        case .markdown: Terminal.data(PlanMarkdown(plan, wire, zone: workspace.resolved.zone).render())
        case .text:
            Terminal.data(PlanText(plan, wire, zone: workspace.resolved.zone, width: Terminal.width, planPath: "\(out)/\(then == nil ? "plan" : PlanFiles.ahead).json").render())
        }
        guard plan.exitCode == .done else { throw Ended(plan.exitCode) }
    }

    private func planOptions(_ resolved: Resolved) throws -> PlanOptions {
        var options = PlanOptions()
        options.selection = Set(try selection.map { try KnownAddress.parse($0, resolved) })
        guard take.count % 2 == 0 else { throw ValidationError("--take is followed by git or provider, and an address") }
        for index in stride(from: 0, to: take.count, by: 2) {
            guard let side = PlanOptions.Side(rawValue: take[index]) else { throw ValidationError("--take is followed by git or provider, and `\(take[index])` is neither") }
            options.take[try KnownAddress.parse(take[index + 1], resolved)] = side
        }
        options.allowDestroy = Set(try allowDestroy.map { try KnownAddress.syntax($0) })
        for text in allowRemovals {
            let parts = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, let count = Int(parts[1]), count >= 0 else { throw ValidationError("--allow-removals is written ADDRESS=N, such as list.vip=120") }
            options.allowRemovals[try KnownAddress.parse(parts[0], resolved)] = count
        }
        return options
    }
}

enum PlanFormat: String, ExpressibleByArgument, CaseIterable { case text, json, markdown }

/// Addresses on the command line.
enum KnownAddress {
    static func syntax(_ text: String) throws -> Address {
        guard let address = Address(parsing: text) else { throw ValidationError("`\(text)` is no address; one is a kind and an id, such as list.vip-customers") }
        return address
    }

    /// An address that the files define.
    static func parse(_ text: String, _ resolved: Resolved) throws -> Address {
        let address = try syntax(text)
        let known = resolved.workspace.documents.keys
        guard known.contains(address) else {
            let near = nearest(to: text, among: known.map(\.description).sorted()).map { "; did you mean \($0)?" } ?? ""
            throw ValidationError("the files define no \(address)\(near)")
        }
        return address
    }

    /// A list by its address or by its id alone.
    static func list(_ text: String, _ resolved: Resolved) throws -> ResolvedList {
        let id = text.hasPrefix("list.") ? String(text.dropFirst(5)) : text
        guard let list = resolved.lists[id] else {
            let near = nearest(to: id, among: resolved.lists.keys.sorted()).map { "; did you mean \($0)?" } ?? ""
            throw ValidationError("there is no list `\(id)`\(near)")
        }
        return list
    }
}
