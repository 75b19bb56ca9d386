import HeraldModel
import HeraldPipeline
import Testing

@Suite("Quiet hours")
struct QuietWindowTests {
    /// Berlin around the autumn of 2026: clocks go back on 25 October at 01:00 UTC.
    private let berlin = Zone(identifier: "Europe/Berlin", transitions: [1_792_890_000], offsets: [7200, 3600])

    private func end(_ start: Int, _ end: Int, _ zone: Zone, _ instant: String) -> String? {
        let window = QuietWindow(Policies.QuietHours(start: start * 60, end: end * 60, timezone: nil), zone: zone, level: .mandatory)
        return Instant(rfc3339: instant).flatMap { window.end(around: $0)?.description }
    }

    @Test("Over midnight and within a day; the first minute is in, the last is out")
    func hours() {
        #expect(end(21, 8, .utc, "2026-11-24T20:59:59Z") == nil)
        #expect(end(21, 8, .utc, "2026-11-24T21:00:00Z") == "2026-11-25T08:00:00Z")
        #expect(end(21, 8, .utc, "2026-11-24T07:59:59Z") == "2026-11-24T08:00:00Z")
        #expect(end(21, 8, .utc, "2026-11-24T08:00:00Z") == nil)
        #expect(end(12, 14, .utc, "2026-11-24T13:00:00Z") == "2026-11-24T14:00:00Z")
        #expect(end(12, 14, .utc, "2026-11-24T14:00:00Z") == nil)
    }

    @Test("In the hour that comes twice the end is always ahead")
    func clocksBack() {
        // 02:15 for the second time; 03:00 comes once.
        #expect(end(21, 3, berlin, "2026-10-25T01:15:00Z") == "2026-10-25T02:00:00Z")
        let window = QuietWindow(Policies.QuietHours(start: 22 * 60, end: 150, timezone: nil), zone: berlin, level: .mandatory)
        let second = Instant(rfc3339: "2026-10-25T01:15:00Z")
        #expect(second.flatMap { window.end(around: $0)?.description } == "2026-10-25T01:30:00Z")
    }
}
