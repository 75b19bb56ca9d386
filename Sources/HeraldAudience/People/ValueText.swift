package import HeraldModel

/// Values as text: for members' fields, exports and explanations.
package enum ValueText {
    /// Without a zone: datetimes in UTC. Empty is empty text; many-valued parts are joined with `, `.
    package static func plain(_ value: Value) -> String {
        switch value {
        case .empty: ""
        case .text(let text): text.string
        case .integer(let number): String(number)
        case .decimal(let number): number.description
        case .boolean(let flag): flag ? "true" : "false"
        case .date(let day): day.description
        case .datetime(let instant): instant.description
        case .many(let parts): parts.map(\.string).joined(separator: ", ")
        }
    }

    /// Datetimes on the clock of a zone.
    package static func local(_ value: Value, _ zone: Zone) -> String {
        if case .datetime(let instant) = value { return zone.local(instant).description }
        return plain(value)
    }
}
