import HeraldModel

/// What a mail's text becomes. In a text part made from HTML it also keeps the white space that is due before the next word.
struct Output {
    private(set) var text = ""
    private var isSpaced = false
    private var lines = 0

    init(capacity: Int) { text.reserveCapacity(capacity) }

    mutating func append(_ more: String) {
        guard !more.isEmpty else { return }
        if lines > 0 || isSpaced { writeGap() }
        text += more
    }

    mutating func append(_ gap: Gap) {
        switch gap {
        case .space: isSpaced = true
        case .line: lines = max(lines, 1)
        case .paragraph: lines = 2
        case .lineBreak: lines = min(lines + 1, 2)
        }
    }

    private mutating func writeGap() {
        if !text.isEmpty { text += lines == 2 ? "\n\n" : lines == 1 ? "\n" : " " }
        (lines, isSpaced) = (0, false)
    }
}
