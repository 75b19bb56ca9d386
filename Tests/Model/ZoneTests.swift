import Foundation
import HeraldModel
import Testing

@Suite struct ZoneTests {
    static let names = [
        "UTC", "Europe/Berlin", "Europe/Dublin", "Europe/London", "America/New_York", "America/St_Johns", "America/Sao_Paulo", "America/Havana", "Asia/Kathmandu", "Asia/Tehran",
        "Asia/Gaza", "Africa/Casablanca", "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Auckland", "Pacific/Chatham", "America/Nuuk", "Antarctica/Troll",
    ]

    private func bytes(_ name: String) throws -> [UInt8] { Array(try #require(FileManager.default.contents(atPath: "/usr/share/zoneinfo/" + name))) }

    private func zone(_ name: String) throws -> Zone {
        let bytes = try bytes(name)
        return try #require(Zone(identifier: name, tzif: bytes))
    }

    @Test(arguments: names)
    func offsetsAreThoseOfFoundation(name: String) throws {
        let (zone, other) = (try zone(name), try #require(TimeZone(identifier: name)))
        var random = SeededNumbers(seed: 7)
        for _ in 0..<1_000 {
            let second = Int64.random(in: 0...4_000_000_000, using: &random)
            let expected = other.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
            guard Int(zone.offset(at: Instant(seconds: second))) == expected else {
                Issue.record("\(Instant(seconds: second)): \(zone.offset(at: Instant(seconds: second))), not \(expected)")
                return
            }
        }
    }

    /// Every instant's wall clock leads back to it, or to the first of the two that show it; what no clock shows goes forward by the gap.
    @Test(arguments: names)
    func wallClocksLeadBack(name: String) throws {
        let zone = try zone(name)
        var random = SeededNumbers(seed: 11)
        let changes = zone.changes(after: Instant(seconds: 0), through: Instant(seconds: 4_000_000_000))
        for _ in 0..<500 {
            var second = Int64.random(in: 0...4_000_000_000, using: &random)
            if let change = changes.randomElement(using: &random), Bool.random(using: &random) {
                second = change.microseconds / 1_000_000 + Int64.random(in: -8_000...8_000, using: &random)
            }
            let instant = Instant(seconds: second)
            let local = zone.local(instant)
            switch zone.read(local) {
            case .once(let found): #expect(found == instant)
            case .twice(let first):
                #expect(first <= instant)
                #expect(zone.local(first) == local)
            case .never: Issue.record("\(name) never shows \(local)")
            }
            if case .never(let forward) = zone.read(LocalTime(ticks: instant.microseconds)) {
                #expect(zone.local(forward) > LocalTime(ticks: instant.microseconds))
            }
        }
    }

    @Test func clocksThatChange() throws {
        let berlin = try zone("Europe/Berlin")
        func read(_ text: String) throws -> Zone.Reading { berlin.read(try #require(LocalTime(parsing: text))) }
        #expect(try read("2027-03-28 02:30") == .never(forward: try #require(Instant(rfc3339: "2027-03-28T01:30:00Z"))))
        #expect(try read("2027-10-31 02:30") == .twice(first: try #require(Instant(rfc3339: "2027-10-31T00:30:00Z"))))
        #expect(try read("2027-10-31 03:00") == .once(try #require(Instant(rfc3339: "2027-10-31T02:00:00Z"))))
        #expect(berlin.start(of: try #require(Day(parsing: "2027-03-28"))).description == "2027-03-27T23:00:00Z")
        // Where clocks change at midnight, a day starts an hour later.
        #expect(try zone("America/Havana").start(of: try #require(Day(parsing: "2027-03-14"))).description == "2027-03-14T05:00:00Z")
        // Past the years of the file, by the rule at its end.
        #expect(berlin.offset(at: try #require(Instant(rfc3339: "2199-07-01T00:00:00Z"))) == 7_200)
    }

    /// Files that are cut or changed anywhere are refused or read as something; nothing ends the process.
    @Test func damagedFilesEndNothing() throws {
        let bytes = try bytes("Europe/Berlin")
        for count in stride(from: 0, to: bytes.count, by: 61) { _ = Zone(identifier: "x", tzif: Array(bytes[..<count])) }
        var random = SeededNumbers(seed: 3)
        for _ in 0..<150 {
            var copy = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let isTail = Bool.random(using: &random)
                copy[Int.random(in: isTail ? copy.count - 30..<copy.count : 0..<copy.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if let zone = Zone(identifier: "x", tzif: copy) { _ = zone.instant(LocalTime(ticks: 1_800_000_000_000_000)) }
        }
        let rules = [
            "X", "<X", "ABC", "ABC99999999999999999999", "CET-1CEST", "CET-1CEST,M99.9.9,M1.1.1", "CET-1CEST,M3.9999999999999.0,M1.1.1", "CET-1CEST,J999999,J1",
            "CET-999CEST,M3.5.0,M10.5.0",
            "CET-1CEST,M3.5.0/99999999999,M10.5.0",
        ]
        for rule in rules {
            let text = Array(bytes[..<(bytes.dropLast().lastIndex(of: 0x0A) ?? 0)]) + [0x0A] + Array(rule.utf8) + [0x0A]
            _ = Zone(identifier: "x", tzif: text)?.offset(at: Instant(seconds: 5_000_000_000))
        }
    }
}
