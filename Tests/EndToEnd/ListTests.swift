import Foundation
import Testing

/// `herald list show --clauses` and `herald list overlap`, as an operator uses them.
@Suite("Looking at lists")
struct ListTests {
    private func json(_ text: String) throws -> [String: Any] { try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]) }

    @Test("Each clause says where it stands, how many satisfy it alone, and how many are left after it")
    func clauses() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.write(
            "lists/newsletter.yaml",
            "list: newsletter\nname: Newsletter\nentity: contact\ncolumns: [first_name, country]\nwhere:\n  country: {in: [DE, AT]}\n  first_name: {is_not: Ben}\n  email: {is_not: ada@example.org}\n"
        )
        let shown = try shop.herald("list show newsletter --clauses")
        #expect(shown.code == 0, "\(shown.all)")
        let lines = shown.out.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(lines.contains("the condition, clause by clause alone left empty"), "\(shown.out)")
        #expect(lines.contains("all 4 1 lists/newsletter.yaml:6"), "\(shown.out)")
        #expect(lines.contains("country: in [DE, AT] 6 6 lists/newsletter.yaml:6"), "\(shown.out)")
        #expect(lines.contains("first_name: is_not Ben 6 5 1 lists/newsletter.yaml:7"), "\(shown.out)")
        #expect(lines.contains { $0.hasSuffix("6 4 lists/newsletter.yaml:8") }, "\(shown.out)")
        // An address that a condition names stays masked.
        #expect(!shown.all.contains("ada@example.org"))
        let tree = try json(try shop.herald("list show newsletter --clauses --format json").out)
        let root = try #require((tree["clauses"] as? [[String: Any]])?.first)
        #expect(root["match"] as? Int == 4 && root["left"] == nil)
        let parts = try #require(root["clauses"] as? [[String: Any]])
        #expect(parts.map { $0["left"] as? Int } == [6, 5, 4])
        #expect(parts.map { $0["line"] as? Int } == [6, 7, 8])
        #expect(parts.map { $0["in_by_emptiness"] as? Int } == [0, 1, 0])
        // What stood there before stands there as before, and without the option nothing is added.
        #expect((tree["steps"] as? [String: Int]) == ["match": 4, "usable": 4, "unique": 4, "mailable": 2])
        #expect(try json(try shop.herald("list show newsletter --format json").out)["clauses"] == nil)
    }

    @Test("Lists that share people say how many, and how many they have alone; what is no pair of lists is told")
    func overlap() throws {
        let shop = try HeraldWorkspace.shop()
        try shop.write(
            "lists/more.yaml",
            "list: germans\nname: Germans\nentity: contact\nwhere: {country: DE}\n---\nlist: others\nname: Others\nentity: contact\nwhere: {not: {country: DE}}\n")
        let shown = try shop.herald("list overlap newsletter list.germans")
        #expect(shown.code == 0, "\(shown.all)")
        let lines = shown.out.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(
            lines == ["members only here", "list.newsletter 3 1", "list.germans 2 0", "list.newsletter and list.germans 2", "together, everybody once 3"], "\(shown.out)")
        let tree = try json(try shop.herald("list overlap newsletter germans others --format json").out)
        #expect((tree["lists"] as? [[String: Any]])?.map { $0["mailable"] as? Int } == [3, 2, 2])
        #expect((tree["pairs"] as? [[String: Any]])?.map { $0["both"] as? Int } == [2, 1, 0])
        #expect(tree["all"] as? Int == 0 && tree["people"] as? Int == 4 && tree["by_address"] as? Bool == false)
        for line in ["list overlap newsletter", "list overlap newsletter list.newsletter", "list overlap newsletter nowhere"] {
            #expect(try shop.herald(line).code == 1, "\(line)")
        }
        #expect(!shop.exists(".herald"), "looking needs no state, and makes none")
    }
}
