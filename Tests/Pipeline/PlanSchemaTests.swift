import Foundation
import HeraldModel
import Testing

@testable import HeraldPipeline

@Suite("docs/plan.schema.json")
struct PlanSchemaTests {
    private static let file = PlanSnapshots.package + "/docs/plan.schema.json"

    private func schema() throws -> [String: Any] {
        let bytes = try #require(FileManager.default.contents(atPath: PlanSchemaTests.file))
        return try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    }

    /// A plan with every member that there can be.
    private func everything() throws -> PlanWire {
        let audience = PlanWire.AudienceEntry(
            before: 1, after: 2, added: 3, removed: 4, updated: 5, set_digest: "d", left_out: ["where": 6], in_by_emptiness: 7, may_move: 10,
            at_most: 9, frozen: true, sample: PlanWire.SampleEntry(added: ["a"], removed: ["b"]))
        let content = PlanWire.ContentEntry(
            digest: "d", subjects: ["s"], preheader: "p", from: "f", reply_to: "r", links: ["l"], preview: "x", html_bytes: 1)
        let place = try #require(PlanWire.PlaceEntry(Place(file: "f", line: 1)))
        return PlanWire(
            digest: "sha256:" + String(repeating: "0", count: 64), tool: "t", workspace: "w", environment: "e", made_at: "2027-01-01T00:00:00Z",
            expires: "2027-01-08T00:00:00Z", at: "2027-01-02T00:00:00Z",
            coming: [
                PlanWire.ComingEntry(
                    address: "email.a", source: place, tz: "UTC", local: "2027-01-01 00:00", utc: "2027-01-01T00:00:00Z", outcome: "goes", people: 1,
                    late: "2027-01-01T00:00:00Z", because: "b", apply_by: "2027-01-01T00:00:00Z")
            ],
            inputs: PlanWire.Inputs(definitions: "d", accounts: ["local": "a"], state: "l", state_serial: 1),
            options: PlanWire.Options(take: ["list.a": "git"], allow_destroy: ["list.a"], allow_removals: ["list.a": 1], selection: ["list.a"]),
            summary: PlanWire.Summary(
                changes: 1, actions: ["create": 1], refused: 1, drift: 1, irreversible: 1, people_added: 1, people_removed: 1, people_mailed: 1),
            changes: [
                PlanWire.ChangeEntry(
                    address: "email.a", name: "n", source: place, provider: "local", actions: ["create"],
                    because: [PlanWire.ReasonEntry(code: "ADDED", detail: "d", people: 1)], moved_from: "email.b",
                    irreversible: PlanWire.IrreversibleEntry(Irreversible("w", from: .onApply)),
                    precondition: PlanWire.PreconditionEntry(remote: "r", fingerprint: "f"), audience: audience,
                    fields: [PlanWire.FieldEntry(name: "n", before: "b", after: "a")], content: content,
                    schedule: [PlanWire.ScheduleRow(tz: "UTC", local: "2027-01-01 00:00", utc: "2027-01-01T00:00:00Z", people: 1)], operations: ["o"])
            ],
            waiting: [PlanWire.WaitingEntry(address: "email.a", source: place, provider: "local", audience: audience, content: content, command: "c")],
            refused: [PlanWire.RefusedEntry(address: "list.a", source: place, code: "E_EXISTS", message: "m", remedy: "r")],
            drift: [PlanWire.DriftEntry(address: "list.a", field: "f", git: "g", remote: "r", corrected: true)],
            policies: [PlanWire.PolicyEntry(id: "i", address: "list.a", result: "pass", detail: "d")],
            approvals: [PlanWire.ApprovalEntry(role: "r", addresses: ["email.a"])], hints: ["h"], foreign: ["local": 1],
            cost: PlanWire.CostEntry(calls: 1, mails: 1))
    }

    @Test("It knows every member of the format, and no other")
    func members() throws {
        let schema = try schema()
        let tree = try JSONSerialization.jsonObject(with: Data(try everything().json()))
        try compare(tree, schema, schema, path: "plan")
    }

    /// Maps with free keys (`additionalProperties`) have no members of their own.
    private func compare(_ value: Any, _ schema: [String: Any], _ root: [String: Any], path: String) throws {
        var schema = schema
        if let name = (schema["$ref"] as? String)?.split(separator: "/").last {
            schema = try #require((root["$defs"] as? [String: Any])?[String(name)] as? [String: Any], "\(path)")
        }
        if let members = value as? [String: Any], let known = schema["properties"] as? [String: Any] {
            #expect(Set(members.keys) == Set(known.keys), "\(path)")
            for (key, member) in members { try compare(member, try #require(known[key] as? [String: Any], "\(path).\(key)"), root, path: "\(path).\(key)") }
        } else if value is [String: Any] {
            #expect(schema["additionalProperties"] != nil, "\(path)")
        } else if let items = value as? [Any] {
            let item = try #require(schema["items"] as? [String: Any], "\(path)")
            for value in items { try compare(value, item, root, path: path + "[]") }
        }
    }

    @Test("It knows every word of the format")
    func words() throws {
        let text = String(decoding: try #require(FileManager.default.contents(atPath: PlanSchemaTests.file)), as: UTF8.self)
        let words =
            Action.allCases.map(\.rawValue) + Reason.Code.allCases.map(\.rawValue) + Refusal.Code.allCases.map(\.rawValue)
            + PlanOptions.Side.allCases.map(\.rawValue) + DefinitionKind.allCases.map(\.rawValue)
        for word in words { #expect(text.contains("\"\(word)\"") || text.contains("\(word)|") || text.contains("|\(word)"), "\(word)") }
    }

    @Test("Every recorded plan is valid by it, as another program sees it", .enabled(if: PlanSchemaTests.hasValidator, "needs python3 with jsonschema"))
    func valid() throws {
        let plans = Scenes.names.map { "\(PlanSnapshots.folder)/plan-\($0).json" }
        let script = """
            import json, sys, jsonschema
            schema = json.load(open(sys.argv[1]))
            jsonschema.Draft202012Validator.check_schema(schema)
            for path in sys.argv[2:]: jsonschema.Draft202012Validator(schema).validate(json.load(open(path)))
            """
        let (code, output) = try PlanSchemaTests.python(["-c", script, PlanSchemaTests.file] + plans)
        #expect(code == 0, "\(output)")
    }

    private static let hasValidator = (try? python(["-c", "import jsonschema"]).code) == 0

    private static func python(_ arguments: [String]) throws -> (code: Int32, output: String) {
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        process.standardError = pipe
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }

    @Test("A plan read back is the plan that was written, and says what its digest says", arguments: Scenes.names)
    func roundTrip(_ name: String) async throws {
        let wire = try PlanWire(try await Scenes.plan(name))
        let read = try PlanWire(json: wire.json())
        #expect(read == wire)
        #expect(read.isIntact)
    }

    @Test("What was allowed comes back from the file; a word that is not known does not")
    func options() throws {
        var options = PlanOptions()
        options.take = [Address(.list, "a"): .git]
        options.allowDestroy = [Address(.list, "b")]
        options.allowRemovals = [Address(.list, "c"): 4]
        options.selection = [Address(.email, "d")]
        #expect(PlanWire.Options(options).parsed() == options)
        #expect(PlanWire.Options(PlanOptions()).parsed() == PlanOptions())
        var wire = PlanWire.Options(options)
        wire.take["list.a"] = "theirs"
        #expect(wire.parsed() == nil)
        wire = PlanWire.Options(options)
        wire.selection = ["nothing"]
        #expect(wire.parsed() == nil)
    }
}
