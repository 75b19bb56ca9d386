import Foundation
import Testing

/// Ten thousand people whose addresses, names and cities are words that occur nowhere else; then everything that any command prints or writes is searched for them.
@Suite("No personal data in git, plan or log")
struct PrivacyTests {
    private static let canaries = ["canary-", "Kanarius-", "Gelbstadt-"]

    private func shop(_ count: Int) throws -> HeraldWorkspace {
        var rows = ["id,email,first_name,country,city,consent,consented_at"]
        for number in 1...count {
            let consent = number % 7 == 0 ? "unsubscribed" : "subscribed"
            rows.append("\(number),canary-\(number)@canary.example,Kanarius-\(number),\(number % 3 == 0 ? "FR" : "DE"),Gelbstadt-\(number),\(consent),2026-01-01")
        }
        let shop = try HeraldWorkspace.shop(people: rows.joined(separator: "\n") + "\n")
        try shop.write("lists/newsletter.yaml", HeraldWorkspace.list.replacing("columns: [first_name, country]", with: "columns: [first_name, city, {field: email, label: Mail}]"))
        return shop
    }

    /// The lines in which a canary sits. Masked samples keep a first letter only.
    private func leaks(_ text: String) -> [String] {
        text.split(separator: "\n").filter { line in PrivacyTests.canaries.contains { line.contains($0) } }.map { String($0.prefix(200)) }
    }

    private func leaks(files shop: HeraldWorkspace) -> [String] {
        // Contact data itself, the built-in provider's own database, the mails and the operator's export hold people.
        let allowed = ["data/", ".herald/local.sqlite", ".herald/outbox/", "export.csv"]
        return shop.files().filter { file in !allowed.contains { file.hasPrefix($0) } }.flatMap { file -> [String] in
            let content = String(decoding: FileManager.default.contents(atPath: shop.root + "/" + file) ?? Data(), as: UTF8.self)
            return leaks(content).map { "\(file): \($0)" } + (PrivacyTests.canaries.contains { file.contains($0) } ? [file] : [])
        }
    }

    @Test("Nothing that a run prints or writes names anybody")
    func wholeRun() throws {
        let shop = try shop(10_000)
        let commands = [
            "source describe", "validate", "validate --format json", "test", "state init", "plan", "plan --format json", "plan --format markdown",
            "list show newsletter", "list show newsletter --format json", "explain newsletter 5", "explain newsletter canary-6@canary.example",
            "explain newsletter canary-0@canary.example", "apply output/plan.json", "plan", "send email.welcome-mail --plan output/plan.json",
            "status", "status --format json", "state list", "state show list.newsletter", "state show email.welcome-mail", "recover", "plan",
            "list show newsletter --clauses", "list show newsletter --clauses --format json", "plan --at 2099-01-01", "timeline", "timeline --format json", "timeline --format ics",
            "list show newsletter --export export.csv",
        ]
        for command in commands {
            let run = try shop.herald(command)
            #expect(leaks(run.all).isEmpty, "\(command)")
        }
        // What operators take down, and refusals of it.
        for command in [
            "person unsubscribe canary-5@canary.example --reason letter", "person unsubscribe canary-stranger@canary.example --reason letter --format json",
            "person subscribe canary-5@canary.example --reason form", "person show canary-5@canary.example", "person show 5 --format json", "person erase 10 --reason law",
            "person unsubscribe 11 --reason canary-11@canary.example", "list remove newsletter canary-11@canary.example --reason test --format json",
            "list restore newsletter 11 --reason test", "list show newsletter", "explain newsletter 5", "plan", "apply output/plan.json", "key rotate", "plan",
            "person show canary-nobody@canary.example", "state accept-records --reason test", "status",
        ] {
            let run = try shop.herald(command)
            #expect(leaks(run.all).isEmpty, "\(command)")
        }
        let many = try shop.herald("person unsubscribe - --reason letter", input: (20...50).map { "canary-\($0)@canary.example\n" }.joined() + "canary-no-address\n")
        #expect(leaks(many.all).isEmpty)
        #expect(many.code == 1)
        #expect(leaks(files: shop).isEmpty)
        #expect(shop.read("export.csv").contains("canary-5@canary.example"))
        // One of them was erased.
        #expect(shop.mails.count == 5714)
    }

    @Test("Errors about data name places, never content")
    func errors() throws {
        let shop = try shop(100)
        try shop.herald("source describe")
        try shop.herald("state init")
        let good = shop.read("data/contacts.csv")
        let broken = [
            good.replacing("\n77,", with: "\ncanary-77,"), good + "101,canary-x@canary.example\n",
            good + "77,canary-x@canary.example,Kanarius-,DE,Gelbstadt-,subscribed,2026-01-01\n",
            good.replacing("\n50,", with: "\n\"50,"), good.replacing(",unsubscribed,2026-01-01", with: ",Kanarius-,2026-01-01"),
            good.replacing("consented_at\n1,", with: "consented_at\n1\u{0},"), good.replacing("id,email", with: "id,mail"),
            good.replacing("subscribed,2026-01-01\n9,", with: "subscribed,Gelbstadt-\n9,"),
        ]
        for (number, text) in broken.enumerated() {
            try shop.write("data/contacts.csv", text)
            for command in ["plan", "list show newsletter", "source describe", "explain newsletter canary-3@canary.example"] {
                let run = try shop.herald(command)
                #expect(leaks(run.all).isEmpty, "\(number) \(command)")
                if command == "plan" { #expect(run.code == 3, "\(number): \(run.all.prefix(300))") }
            }
        }
    }

    @Test("Addresses in definitions are refused or masked")
    func definitions() throws {
        let shop = try shop(100)
        try shop.write(
            "lists/test.yaml",
            "test: real\nlist: newsletter\npeople:\n  - {id: 1, email: canary-1@real-company.com, country: DE, consent: subscribed, expect: in}\n")
        let run = try shop.herald("validate")
        #expect(run.code == 3)
        #expect(!run.all.contains("canary-1@"))
    }
}
