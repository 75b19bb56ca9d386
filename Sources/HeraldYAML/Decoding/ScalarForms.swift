import HeraldModel

/// Scalars that have a form: times, shares, paths, hosts, addresses.
extension Scalars {
    /// `N%`, 0 to 100.
    func percent(_ node: Node?) -> Located<Int>? {
        guard let node, let text = text(node, what: "a percentage") else { return nil }
        let digits = text.value.dropLast()
        guard text.value.last == "%", (1...3).contains(digits.utf8.count), digits.utf8.allSatisfy({ 48...57 ~= $0 }), let value = Int(digits),
            value <= 100
        else {
            fail(.badValue, "a percentage is 0% to 100%", node, "write it as `10%`")
            return nil
        }
        return Located(value, node.span)
    }

    func duration(_ node: Node?) -> Located<CalendarDuration>? {
        guard let node, let text = text(node, what: "a duration") else { return nil }
        guard let duration = CalendarDuration(parsing: text.value) else {
            fail(.badValue, "a duration is a number of at least 1 and minutes, hours, days, weeks, months or years", node, "write it as `7 days`")
            return nil
        }
        return Located(duration, node.span)
    }

    func day(_ node: Node?) -> Located<Day>? {
        guard let node, let text = text(node, what: "a date") else { return nil }
        guard let day = Day(parsing: text.value) else {
            fail(.badValue, "a date is written YYYY-MM-DD and must exist", node, "write it as `2027-03-01`")
            return nil
        }
        return Located(day, node.span)
    }

    func localTime(_ node: Node?) -> Located<LocalTime>? {
        guard let node, let text = text(node, what: "a local time") else { return nil }
        guard text.value.utf8.count == 16, let time = LocalTime(parsing: text.value) else {
            fail(.badValue, "a local time is written YYYY-MM-DD HH:MM, without a zone, and must exist", node, "write it as `2027-03-01 09:00`")
            return nil
        }
        return Located(time, node.span)
    }

    /// `HH:MM` as minutes after midnight.
    func clock(_ node: Node?) -> Located<Int>? {
        guard let node, let text = text(node, what: "a time of day") else { return nil }
        guard text.value.utf8.count == 5, let time = LocalTime(parsing: "2000-01-01 " + text.value) else {
            fail(.badValue, "a time of day is written HH:MM", node, "write it as `20:00`")
            return nil
        }
        return Located(Int(time.microsecond / 60_000_000), node.span)
    }

    /// 1 to 12, or an English name.
    func month(_ node: Node?) -> Located<Int>? {
        guard let node else { return nil }
        let names = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]
        if let index = names.firstIndex(of: node.scalar.lowercased()) { return Located(index + 1, node.span) }
        return integer(node, 1...12, what: "a month")
    }

    /// A language tag in the form of BCP 47, such as `en` or `de-AT`.
    func language(_ node: Node?) -> Located<String>? {
        guard let node, let text = line(node, max: 35, what: "a language") else { return nil }
        let parts = text.value.split(separator: "-", omittingEmptySubsequences: false)
        let isTag = parts.allSatisfy { 1...8 ~= $0.utf8.count && $0.utf8.allSatisfy { 65...90 ~= $0 || 97...122 ~= $0 || 48...57 ~= $0 } }
        guard isTag, let first = parts.first, first.utf8.count >= 2, first.utf8.allSatisfy({ $0 >= 65 }) else {
            fail(.badValue, "this is no language tag", node, "write it as `en` or `de-AT`")
            return nil
        }
        return text
    }

    /// A relative path inside the workspace.
    func path(_ node: Node?) -> Located<String>? {
        guard let node, let text = line(node, max: 1_000, what: "a path") else { return nil }
        let parts = text.value.split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.contains(".."), parts.first != "", !text.value.contains("\\") else {
            fail(.badValue, "a path stays inside the workspace and uses /", node)
            return nil
        }
        return text
    }

    /// A path that may also lead out of the workspace: where data, state and outboxes lie.
    func place(_ node: Node?) -> Located<String>? { line(node, max: 1_000, what: "a path") }

    /// An address that a sender may have.
    func email(_ node: Node?) -> Located<String>? {
        guard let node, let text = line(node, max: 254, what: "an email address") else { return nil }
        guard EmailAddress(text.value) != nil, !text.value.unicodeScalars.contains(where: \.properties.isWhitespace) else {
            fail(.badValue, "this is no email address", node, "write it as `news@acme.example`")
            return nil
        }
        // RFC 6531 is needed for others, and few servers speak it.
        guard text.value.prefix(while: { $0 != "@" }).utf8.allSatisfy({ $0 < 0x80 }) else {
            fail(.badValue, "letters outside ASCII before the @ reach only few servers", node, "use an address of ASCII letters")
            return nil
        }
        return text
    }

    /// `{name, email}` of a sender.
    func sender(_ node: Node?) -> Located<Sender>? {
        guard let node, let map = MapReader(node, SettingsShapes.sender, diagnostics) else { return nil }
        let (name, email) = (line(map["name"], max: 100, what: "a sender's name"), email(map["email"]))
        guard let name, let email else { return nil }
        return Located(Sender(name: name.value, email: email.value), node.span)
    }

    /// An absolute URL without credentials. `secure`: https, or http towards loopback.
    func url(_ node: Node?, secure: Bool = false) -> Located<String>? {
        guard let node, let text = line(node, max: 2_000, what: "a URL") else { return nil }
        guard let parts = WebAddress(text.value) else {
            fail(.badValue, "this is no URL with http or https and a host", node, "write it as `https://shop.example`")
            return nil
        }
        guard !secure || parts.isSecure || parts.isLoopback else {
            fail(.badValue, "this URL must use https", node, "write it as `https://…`")
            return nil
        }
        return text
    }

    /// A host name in small letters.
    func host(_ node: Node?, what: String = "a host name") -> Located<String>? {
        guard let node, let text = line(node, max: 253, what: what) else { return nil }
        guard WebAddress.isHost(text.value) else {
            fail(.badValue, "this is no host name", node, "write it without https:// and path, such as `www.shop.example`")
            return nil
        }
        return text.map { $0.lowercased() }
    }

    /// A text that must be one of several words which no type of its own stands for.
    func oneOf(_ node: Node?, _ words: [String], what: String) -> Located<String>? {
        guard let node, let text = line(node, what: what) else { return nil }
        guard words.contains(text.value) else {
            fail(
                .badValue, "\(what) is one of \(words.joined(separator: ", "))", node,
                nearest(to: node.scalar, among: words).map { "did you mean `\($0)`?" })
            return nil
        }
        return text
    }
}
