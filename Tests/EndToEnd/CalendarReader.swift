import Foundation

/// Reads a calendar as RFC 5545 writes it, and complains of everything that a lenient reader would let pass.
struct CalendarReader {
    struct Complaint: Error, CustomStringConvertible { let description: String }

    /// Of each event its properties, by name with parameters: `DTSTART;VALUE=DATE`. Texts are as people read them.
    private(set) var events: [[String: String]] = []

    init(_ text: String) throws {
        var lines: [String] = []
        guard text.hasSuffix("\r\n") else { throw Complaint(description: "the last line does not end with CRLF") }
        for line in text.components(separatedBy: "\r\n").dropLast() {
            if line.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) { throw Complaint(description: "a control character in: \(line)") }
            if line.utf8.count > 75 { throw Complaint(description: "more than 75 octets: \(line)") }
            if line.hasPrefix(" ") {
                guard !lines.isEmpty else { throw Complaint(description: "the first line is a continuation") }
                lines[lines.count - 1] += line.dropFirst()
            } else {
                lines.append(line)
            }
        }
        guard lines.first == "BEGIN:VCALENDAR", lines.last == "END:VCALENDAR" else { throw Complaint(description: "no calendar") }
        var (head, event): ([String: String], [String: String]?) = ([:], nil)
        for line in lines.dropFirst().dropLast() {
            if line == "BEGIN:VEVENT" {
                guard event == nil else { throw Complaint(description: "an event in an event") }
                event = [:]
            } else if line == "END:VEVENT" {
                guard let done = event else { throw Complaint(description: "an end without a beginning") }
                events.append(done)
                event = nil
            } else {
                let (name, value) = try CalendarReader.property(line)
                guard (event ?? head)[name] == nil else { throw Complaint(description: "twice: \(line)") }
                if event == nil { head[name] = value } else { event?[name] = value }
            }
        }
        guard event == nil, head["VERSION"] == "2.0", head["PRODID"]?.isEmpty == false else { throw Complaint(description: "the calendar lacks something") }
        for event in events {
            guard let stamp = event["DTSTAMP"], stamp.wholeMatch(of: /\d{8}T\d{6}Z/) != nil, event["UID"]?.isEmpty == false, event["SUMMARY"]?.isEmpty == false,
                event["DTSTART"]?.wholeMatch(of: /\d{8}T\d{6}Z/) != nil || event["DTSTART;VALUE=DATE"]?.wholeMatch(of: /\d{8}/) != nil
            else { throw Complaint(description: "an event lacks something: \(event)") }
        }
        guard Set(events.compactMap { $0["UID"] }).count == events.count else { throw Complaint(description: "two events have one UID") }
    }

    private static let texts: Set<String> = ["SUMMARY", "DESCRIPTION", "CATEGORIES", "X-WR-CALNAME"]

    private static func property(_ line: String) throws -> (name: String, value: String) {
        guard let match = line.wholeMatch(of: /([A-Z][A-Z0-9-]*(?:;[A-Z-]+=[A-Za-z0-9-]+)*):(.*)/) else { throw Complaint(description: "no property: \(line)") }
        let (name, value) = (String(match.1), String(match.2))
        guard texts.contains(name) else { return (name, value) }
        var (read, isEscaped) = ("", false)
        for character in value {
            if isEscaped {
                guard let meant = ["\\": "\\", ";": ";", ",": ",", "n": "\n", "N": "\n"][String(character)] else { throw Complaint(description: "a bad escape: \(line)") }
                read += meant
            } else if character == ";" || character == "," {
                throw Complaint(description: "not escaped: \(line)")
            } else if character != "\\" {
                read.append(character)
            }
            isEscaped = !isEscaped && character == "\\"
        }
        guard !isEscaped else { throw Complaint(description: "a bad escape: \(line)") }
        return (name, read)
    }
}
