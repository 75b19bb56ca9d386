import HeraldModel

/// Fills a comment up to a number of characters, and counts what did not fit.
struct MarkdownBudget {
    private var left: Int
    private var blocks: [String] = []
    private var isFull = false
    private var dropped = 0

    init(_ budget: Int, reserved: [String]) {
        // A remark on what was dropped must still fit.
        left = budget - 200 - reserved.reduce(0) { $0 + MarkdownBudget.size($1) }
    }

    /// What can never be dropped: whole lines, or where those are too long all addresses, or as many as fit with the number of the others.
    mutating func always(_ title: String, _ lines: [String], short: [Address], limit: Int, _ planPath: String) {
        guard !lines.isEmpty else { return }
        let whole = "\(title)\n\n\(lines.joined(separator: "\n"))"
        let limit = min(limit, left)
        guard MarkdownBudget.size(whole) > limit else { return add(whole) }
        var (text, shown) = ("\(title) (\(PlanText.grouped(short.count)); why stands in `\(planPath)`)\n\n", 0)
        for address in short {
            let item = (shown == 0 ? "" : ", ") + "`\(address)`"
            guard MarkdownBudget.size(text) + item.count + 40 <= limit else { break }
            text += item
            shown += 1
        }
        if shown < short.count { text += ", and \(PlanText.grouped(short.count - shown)) more" }
        add(text)
    }

    /// Lines under a head, as many as fit; what comes later is less risky and is dropped too.
    mutating func lines(_ lines: [String], head: [String]) {
        guard !lines.isEmpty else { return }
        var taken: [String] = []
        var size = head.reduce(0) { $0 + $1.unicodeScalars.count + 1 }
        for line in lines {
            guard !isFull, size + line.unicodeScalars.count + 3 <= left else {
                isFull = true
                break
            }
            taken.append(line)
            size += line.unicodeScalars.count + 1
        }
        dropped += lines.count - taken.count
        if !taken.isEmpty { add((head + taken).joined(separator: "\n")) }
    }

    /// As many parts as fit; those that do not are never made.
    mutating func parts<Item>(_ items: [Item], _ make: (Item) -> String) {
        for (index, item) in items.enumerated() {
            let part = isFull ? "" : make(item)
            guard !isFull, MarkdownBudget.size(part) <= left else {
                isFull = true
                dropped += items.count - index
                return
            }
            add(part)
        }
    }

    /// The blocks since the last call.
    mutating func take() -> [String] {
        defer { blocks = [] }
        return blocks
    }

    func remark(_ planPath: String) -> [String] {
        dropped == 0 ? [] : ["_\(PlanText.count(dropped, "part")) of the detail left out for length, the least risky first; all of it is in `\(planPath)`._"]
    }

    private mutating func add(_ block: String) {
        blocks.append(block)
        left -= MarkdownBudget.size(block)
    }

    private static func size(_ text: String) -> Int { text.unicodeScalars.count + 2 }
}
