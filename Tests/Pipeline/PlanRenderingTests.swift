import HeraldContract
import HeraldModel
import Testing

@testable import HeraldPipeline

/// Plans as people see them.
enum Scenes {
    static let due = Instant(seconds: 1_803_891_600)
    static let names = ["first", "edited", "waiting", "nothing", "unread", "hostile"]

    static func plan(_ name: String) async throws -> Plan {
        let world = try World()
        world.files.policies.audience = Policies.Leveled(40, level: .advisory, span: Files.span)
        world.files.lists["vip-customers"] = Files.List(
            name: "VIP customers", fields: ["columns": "first_name, last_name", "description": "Bought for 500 or more in the last year"],
            people: .people(1...60), leftOut: [.where: 180, .duplicate: 7, .unsubscribed: 12, .pending: 2])
        world.files.lists["newsletter"] = Files.List(name: "Newsletter", people: .people(1...30))
        world.files.campaigns["spring"] = Files.Campaign(name: "Spring sale 2027", code: "spring27", fields: ["budget": "12000 EUR"])
        world.files.emails["teaser"] = Files.Email(
            name: "Spring teaser", list: "vip-customers", subject: "{{ contact.first_name | default: 'Hello' }}, spring is here", at: due, atMost: 100)
        world.files.emails["welcome"] = Files.Email(name: "welcome", list: "newsletter", subject: "Welcome", change: 20, frozen: true)
        world.provider.change { $0.objects["theirs"] = FakeProvider.Object(kind: .list, name: "Somebody else's", mark: nil, fields: [:]) }
        switch name {
        case "first": break
        case "nothing":
            world.files.emails["welcome"] = nil
            try await world.apply()
        case "waiting":
            world.files.emails["welcome"]?.frozen = false
            try await world.apply()
        case "edited": try await edit(world)
        case "unread":
            try await world.apply()
            for number in 1...20 { world.files.lists["list-\(number)"] = Files.List(name: "List \(number)") }
            world.provider.change { $0.unreadable = ProviderFailure(.unavailable, "the connection timed out") }
        default: try await makeHostile(world)
        }
        return try await world.plan()
    }

    private static func edit(_ world: World) async throws {
        world.files.emails["old-news"] = Files.Email(name: "old-news", list: "newsletter", subject: "Old news", at: due)
        world.files.lists["gone"] = Files.List(name: "Gone", people: .people(1...12))
        world.files.lists["plain"] = Files.List(name: "Plain", people: .people(1...12))
        try await world.apply()
        _ = try await world.send("welcome")
        world.files.emails["welcome"]?.subject = "Welcome back"
        world.files.emails["old-news"] = nil
        world.files.lists["gone"] = nil
        world.files.removed = [list("gone")]
        world.options.allowDestroy = [list("gone")]
        world.files.lists["simple"] = world.files.lists.removeValue(forKey: "plain")
        world.files.moved = [(list("plain"), list("simple"))]
        world.files.emails["teaser"]?.subject = "Spring is coming"
        world.files.emails["teaser"]?.at = due.adding(seconds: 86_400)
        world.files.lists["vip-customers"]?.condition = "sum of orders over 600"
        world.files.lists["vip-customers"]?.people = .people(8...66).merging([20: 2, 21: 2]) { _, new in new }
        for number in 1...7 { world.files.lists["vip-customers"]?.reasons[number] = .unsubscribed }
        world.files.lists["newsletter"]?.people = .people(1...10)
        world.files.campaigns["spring"]?.name = "Spring sale"
        try world.meddle(list("vip-customers")) { $0.name = "VIPs (do not touch)" }
    }

    static let hostile = "x` **b** | <!-- herald:plan:acme:default --> @everyone #1 [l](http://evil.example)\n![i](x)\u{202E}abc\u{200B} ```</details>"

    private static func makeHostile(_ world: World) async throws {
        world.files.lists["vip-customers"]?.name = hostile
        world.files.lists["vip-customers"]?.fields["description"] = hostile + String(repeating: " and on", count: 200)
        world.files.emails["teaser"]?.subject = hostile
        world.files.campaigns["spring"]?.name = hostile
        try await world.apply()
        try world.meddle(list("vip-customers")) { $0.fields["description"] = "`" + hostile }
        world.files.emails["teaser"]?.subject = hostile + "!"
        world.files.lists["other"] = Files.List(name: hostile + " theirs")
        world.provider.change { $0.objects["x"] = FakeProvider.Object(kind: .list, name: hostile + " theirs", mark: nil, fields: [:]) }
    }
}

@Suite("A plan as people see it")
struct PlanRenderingTests {
    @Test("Text, Markdown and JSON are those that somebody looked at", arguments: Scenes.names)
    func snapshots(_ name: String) async throws {
        let plan = try await Scenes.plan(name)
        let wire = try PlanWire(plan)
        try expectSnapshot(PlanText(plan, wire, zone: .utc).render(), "plan-\(name).txt")
        try expectSnapshot(PlanMarkdown(plan, wire, zone: .utc).render(), "plan-\(name).md")
        try expectSnapshot(String(decoding: try wire.json(), as: UTF8.self), "plan-\(name).json")
    }

    @Test("No line is wider than the terminal, but for a word that is", arguments: [60, 80, 100, 140])
    func width(_ width: Int) async throws {
        for name in Scenes.names {
            let plan = try await Scenes.plan(name)
            for line in PlanText(plan, try PlanWire(plan), zone: .utc, width: width).render().split(separator: "\n") {
                #expect(line.count <= width || !line.drop { $0 == " " }.contains(" ") || line.contains("herald apply"), "\(name): \(line)")
            }
        }
    }

    @Test("A change takes at most twelve lines under its head, and none of those that matter is left out")
    func twelveLines() async throws {
        let world = try World()
        world.files.lists["wide"] = Files.List(name: "Wide", fields: Dictionary(uniqueKeysWithValues: (0..<40).map { ("f\($0)", "v") }), people: .people(1...20))
        let plan = try await world.plan()
        let text = PlanText(plan, try PlanWire(plan), zone: .utc).render()
        let block = text.split(separator: "\n\n").first { $0.hasPrefix("+ list.wide") }
        #expect(block?.split(separator: "\n").count == 13)
        #expect(text.contains("32 more fields in output/plan.json"))
        #expect(PlanText(plan, try PlanWire(plan), zone: .utc, linesPerChange: nil).render().contains("f39"))
    }

    @Test("Hostile names are text in Markdown: one marker, no tag, no link, no mention, no table cell too many")
    func hostile() async throws {
        let plan = try await Scenes.plan("hostile")
        let markdown = PlanMarkdown(plan, try PlanWire(plan), zone: .utc).render()
        #expect(markdown.ranges(of: "<!--").count == 1)
        #expect(markdown.hasPrefix("<!-- herald:plan:acme:default -->\n"))
        #expect(!markdown.unicodeScalars.contains { (0x202A...0x202E).contains($0.value) || $0.value == 0x200B })
        #expect(markdown.ranges(of: "<details>").count == markdown.split(separator: "\n").count { $0 == "</details>" })
        for line in markdown.split(separator: "\n") where line.hasPrefix("| ") && line.contains("`") {
            #expect(line.replacing("\\|", with: "").count { $0 == "|" } == 6, "\(line)")
        }
        // Outside of code nothing is left that means anything.
        for line in markdown.split(separator: "\n") where line.contains("evil") {
            let plain = MarkdownReader.withoutCode(String(line)).replacing(/\\./, with: "")
            #expect(!plain.contains("](") && !plain.contains("<!--") && !plain.contains("@everyone") && !plain.contains("://"), "\(line)")
        }
    }

    @Test("Text as code, whatever backticks it has", arguments: ["a", "`", "``", "a`b", "`a", " a ", "a``b```c", "", "```\n```"])
    func code(_ text: String) {
        let code = MarkdownText.code(text)
        let fence = code.prefix { $0 == "`" }
        #expect(code.hasSuffix(fence))
        let inner = code.dropFirst(fence.count).dropLast(fence.count)
        // A run as long as the fence would end it.
        #expect(!inner.split(omittingEmptySubsequences: true, whereSeparator: { $0 != "`" }).contains { $0.count == fence.count })
    }

    @Test("A comment never grows over its budget; what cannot be undone and what is refused is never left out", arguments: [300, 900])
    func budget(_ count: Int) async throws {
        let world = try World()
        world.files.lists["vip"] = Files.List(name: "VIP", people: .people(1...20))
        for number in 0..<count {
            world.files.emails["sent-\(number)"] = Files.Email(name: "Email \(number)", list: "vip", subject: "Subject \(number)", at: Scenes.due)
            world.files.emails["missed-\(number)"] = Files.Email(name: "m\(number)", list: "vip", subject: "s", at: world.now.adding(seconds: Int64(-number - 1) * 60))
        }
        let plan = try await world.plan()
        let markdown = PlanMarkdown(plan, try PlanWire(plan), zone: .utc).render()
        #expect(markdown.unicodeScalars.count <= PlanMarkdown.budget)
        #expect(markdown.unicodeScalars.count > PlanMarkdown.budget * 3 / 4)
        #expect(markdown.contains("of the detail left out for length"))
        #expect(markdown.hasSuffix("checked again before the first write)\n"))
        for title in ["**Cannot be undone**", "**Refused**"] {
            let part = try #require(markdown.split(separator: "\n\n").drop { !$0.hasPrefix(title) }.prefix(2).joined().split(separator: "**").last)
            let shown = part.split(separator: "`email.").count - 1
            let more = part.firstMatch(of: /and ([0-9,]+) more/).flatMap { Int($0.1.replacing(",", with: "")) } ?? 0
            #expect(shown + more == count, "\(title): \(shown) and \(more) of \(count)")
        }
    }

    @Test("Detail goes from the least risky on: what is there is a beginning of the order of risk")
    func order() async throws {
        let world = try World()
        for number in 0..<400 { world.files.lists["l\(number)"] = Files.List(name: "List \(number)", people: .people(1...6)) }
        world.files.emails["mail"] = Files.Email(name: "mail", list: "l0", subject: "s", at: Scenes.due)
        let plan = try await world.plan()
        let markdown = PlanMarkdown(plan, try PlanWire(plan), zone: .utc).render(budget: 40_000)
        let detailed = markdown.split(separator: "\n").compactMap { line in
            line.hasPrefix("<details>") ? line.split(separator: "<code>").last?.split(separator: "<").first.map(String.init) : nil
        }
        #expect(!detailed.isEmpty && detailed.count < plan.changes.count)
        #expect(detailed == plan.changes.prefix(detailed.count).map(\.address.description))
        #expect(detailed.first == "email.mail")
    }
}

enum MarkdownReader {
    /// A line without its code spans, as CommonMark finds them.
    static func withoutCode(_ line: String) -> String {
        var (result, rest) = ("", Substring(line))
        while let start = rest.firstIndex(of: "`") {
            if start > rest.startIndex, rest[rest.index(before: start)] == "\\" {
                result += rest[...start]
                rest = rest[rest.index(after: start)...]
                continue
            }
            result += rest[..<start]
            let fence = rest[start...].prefix { $0 == "`" }
            var end = rest[start...].dropFirst(fence.count)
            while !end.isEmpty {
                let run = end.prefix { $0 == "`" }
                if run.count == fence.count { break }
                end = run.isEmpty ? end.drop { $0 != "`" } : end.dropFirst(run.count)
            }
            rest = end.isEmpty ? rest[start...].dropFirst(fence.count) : end.dropFirst(fence.count)
        }
        return result + rest
    }
}
