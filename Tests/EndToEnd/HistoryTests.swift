import Foundation
import Testing

@Suite("Who applied what, when")
struct HistoryTests {
    @Test("Every apply, send and run is told, newest first, without personal data")
    func told() throws {
        let shop = try HeraldWorkspace.shop()
        shop.variables["HERALD_ACTOR"] = "anna@shop.example"
        try shop.herald("state init")
        #expect(try shop.herald("history").out == "nothing was applied yet\n")
        try shop.applyAll()
        try shop.herald("plan", with: ["HERALD_NOW": "2026-11-24T13:00:00Z"])
        try shop.herald("send email.welcome-mail --plan output/plan.json", with: ["HERALD_NOW": "2026-11-24T13:05:00Z"])
        try shop.write("data/contacts.csv", HeraldWorkspace.people + "8,gus@example.org,Gus,DE,subscribed,2026-05-01\n")
        #expect(try shop.herald("run", with: ["HERALD_NOW": "2026-11-24T14:00:00Z"]).code == 0)
        let history = try shop.herald("history")
        #expect(history.code == 0, "\(history.all)")
        let lines = history.out.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].contains("2026-11-24 15:00   run") && lines[0].contains("1 step done"), "\(history.out)")
        #expect(lines[1].contains("send email.welcome-mail") && lines[1].contains("3 sent, 0 failed, 0 unknown"))
        #expect(lines[2].contains("apply") && lines[2].contains("steps done"))
        #expect(!history.all.contains("@shop.example"))
        let json = try shop.herald("history --format json --limit 2")
        let runs = try #require(try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [[String: Any]])
        #expect(runs.count == 2)
        #expect(runs[1]["command"] as? String == "send email.welcome-mail")
        #expect((runs[1]["plan"] as? String)?.hasPrefix("sha256:") == true)
        #expect(runs[1]["finished"] as? Bool == true)
        #expect(!shop.read(".herald/state.json").contains("@shop"))
        #expect(try shop.herald("history --limit 0").code == 1)
    }
}
