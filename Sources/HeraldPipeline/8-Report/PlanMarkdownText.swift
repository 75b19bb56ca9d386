import HeraldModel

/// Text of definitions and providers in Markdown: nothing in it is markup, a tag, a link, or a mention of somebody.
enum MarkdownText {
    /// As code, between more backticks than it has in a row.
    static func code(_ text: String) -> String {
        let visible = PlanText.visible(text).replacing("<!--", with: "<! --")
        guard !visible.isEmpty else { return "` `" }
        var (run, longest) = (0, 0)
        for character in visible {
            run = character == "`" ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: longest + 1)
        let needsRoom = visible.hasPrefix("`") || visible.hasSuffix("`") || (visible.hasPrefix(" ") && visible.hasSuffix(" "))
        return needsRoom ? "\(fence) \(visible) \(fence)" : fence + visible + fence
    }

    /// As code in a table, where a bar ends the cell even there.
    static func cell(_ text: String) -> String { code(text).replacing("|", with: "\\|") }

    /// As running text.
    static func escaped(_ text: String) -> String {
        var result = ""
        let visible = Array(PlanText.visible(text))
        for (index, character) in visible.enumerated() {
            switch character {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "\\", "`", "*", "_", "[", "]", "|", "~", "!", "$": result += "\\\(character)"
            // Forges look for mentions and issue numbers in the finished text; an empty character keeps them apart.
            case "@", "#": result += "\(character)&#8203;"
            // No link by itself.
            case ":" where visible[(index + 1)...].starts(with: "//"): result += "\\:"
            case "." where visible[..<index].suffix(3).elementsEqual("www"): result += "\\."
            default: result.append(character)
            }
        }
        return result
    }

    /// As text inside HTML.
    static func html(_ text: String) -> String {
        var result = ""
        for scalar in PlanText.visible(text).unicodeScalars {
            switch scalar {
            case "@", "#": result += "\(scalar)&#8203;"
            case "&", "<", ">", "`", "*", "_", "[", "]", "!", "\\", "|", "~", "$": result += "&#\(scalar.value);"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
