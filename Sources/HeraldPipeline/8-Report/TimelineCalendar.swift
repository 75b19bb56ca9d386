import HeraldDigest
import HeraldModel

/// A timeline as a calendar (RFC 5545), for the calendars that people look at anyway.
///
/// Times are in UTC, so that no description of a zone is needed; what is told of a whole day is a day. Fetched again, an event keeps its UID: a send that was
/// moved moves in the calendar, too.
package struct TimelineCalendar {
    private let timeline: Timeline

    package init(_ timeline: Timeline) { self.timeline = timeline }

    package func render() -> String {
        var lines = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//herald//timeline//EN", "CALSCALE:GREGORIAN",
            "X-WR-CALNAME:\(TimelineCalendar.text("herald: \(timeline.workspace)\(timeline.environment.map { " \($0)" } ?? "")"))",
        ]
        for event in timeline.events { lines += self.lines(event) }
        return (lines + ["END:VCALENDAR"]).map { TimelineCalendar.folded($0) + "\r\n" }.joined()
    }

    private func lines(_ event: Timeline.Event) -> [String] {
        let words = TimelineText.sentence(event, timeline.zone)
        let details = [words, event.source.map(\.description)].compactMap { $0 }.joined(separator: "\n")
        return [
            "BEGIN:VEVENT", "UID:\(identity(event))@herald", "DTSTAMP:\(TimelineCalendar.time(timeline.from))",
            event.at.map { "DTSTART:\(TimelineCalendar.time($0))" } ?? "DTSTART;VALUE=DATE:\(TimelineCalendar.digits(event.day.description))",
            "SUMMARY:\(TimelineCalendar.text(words))", "DESCRIPTION:\(TimelineCalendar.text(details))", "CATEGORIES:\(event.what.kind)", "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    }

    /// Of what it is about, and where that may come again, of when.
    private func identity(_ event: Timeline.Event) -> String {
        let time =
            switch event.what {
            case .send, .campaignStarts, .campaignEnds: ""
            case .ageing: event.day.description
            case .clocks: event.at?.description ?? ""
            case .planExpires(let digest, _): digest
            }
        let parts = [timeline.workspace, timeline.environment ?? "", event.what.kind, event.address?.description ?? event.name, time]
        return String(SHA256.hexadecimal(parts.joined(separator: "\u{0}")).prefix(32))
    }

    private static func digits(_ text: String) -> String { text.filter { $0 != "-" && $0 != ":" } }

    /// `20270301T080000Z`
    private static func time(_ instant: Instant) -> String { digits(instant.description) }

    /// A value of type TEXT.
    static func text(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", ";", ",": escaped += "\\\(scalar)"
            case "\n": escaped += "\\n"
            default: if scalar.value >= 0x20, scalar.value != 0x7F { escaped.unicodeScalars.append(scalar) }
            }
        }
        return escaped
    }

    /// A line of at most 75 octets, and further ones that begin with a space; no character is cut.
    static func folded(_ line: String) -> String {
        var (folded, octets) = ("", 0)
        for scalar in line.unicodeScalars {
            let size = UTF8.width(scalar)
            if octets + size > 75 {
                folded += "\r\n "
                octets = 1
            }
            folded.unicodeScalars.append(scalar)
            octets += size
        }
        return folded
    }
}
