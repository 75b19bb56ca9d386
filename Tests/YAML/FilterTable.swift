import HeraldTemplate
import Testing

/// The filters of templates, each with an example that compiles.
enum FilterTable {
    private static func row(_ filter: TextFilter) -> (example: String, meaning: String) {
        switch filter {
        case .default: ("{{ contact.first_name | default: 'friend' }}", "what stands there where the value is empty: text, or another column")
        case .escape: ("{{ contact.city | escape }}", "changes nothing: everything is escaped for its place already")
        case .upcase: ("{{ contact.city | upcase }}", "BONN")
        case .downcase: ("{{ contact.city | downcase }}", "bonn")
        case .capitalize: ("{{ contact.city | capitalize }}", "makes the first letter large, and leaves the others")
        case .date: ("{{ contact.joined | date: 'd MMMM yyyy' }}", "9 March 2027; `y M d E` for the day, `H h m s a` for the time, other text in quotes")
        case .money: ("{{ contact.spent | money: 'EUR' }}", "1,234.50 EUR")
        case .truncate: ("{{ contact.city | truncate: 20 }}", "at most so many characters, with … at the end")
        }
    }

    static var markdown: String {
        var lines = ["| filter | example | |", "|---|---|---|"]
        for filter in TextFilter.allCases {
            let (example, meaning) = row(filter)
            let mail = example + " {{ postal_address }} <a href=\"{{ unsubscribe_url }}\">Unsubscribe</a>"
            #expect(SampleShop.check(template: mail, layout: nil).map(\.told) == [], "\(example)")
            lines.append("| `\(filter.rawValue)` | `\(Reference.cell(example))` | \(meaning) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
