import Glibc
package import HeraldModel

extension Rule {
    static let unknownZone = Rule("unknown-zone")
}

/// Reads time zones from the system's files.
package struct ZoneLoader: Sendable {
    private let folder: String

    /// `TZDIR`, or where the system keeps them.
    package init(variables: [String: String]) { folder = variables["TZDIR"] ?? "/usr/share/zoneinfo" }

    /// Nil after reporting that there is no such zone.
    package func load(_ name: Located<String>, _ diagnostics: Diagnostics) -> Zone? {
        if let zone = read(name.value) { return zone }
        guard access(folder, R_OK) == 0 else {
            diagnostics.report(
                .unknownZone, "the time zones of the system are not in \(folder)", at: name.span, suggestion: "install the package tzdata, or set TZDIR")
            return nil
        }
        diagnostics.report(
            .unknownZone, "there is no time zone `\(name.value)`", at: name.span,
            suggestion: nearest(to: name.value, among: known()).map { "did you mean `\($0)`?" } ?? "write it as `Europe/Berlin`")
        return nil
    }

    private func read(_ name: String) -> Zone? {
        // Names are paths below the folder; nothing else is.
        let isName =
            !name.isEmpty && !name.hasPrefix("/") && !name.contains("..")
            && name.utf8.allSatisfy { 48...57 ~= $0 || 65...90 ~= $0 || 97...122 ~= $0 || [43, 45, 47, 95].contains($0) }
        guard isName, let bytes = try? ReadFile.read("\(folder)/\(name)", limit: 1 << 20, inside: nil) else { return nil }
        return Zone(identifier: name, tzif: bytes)
    }

    private func known() -> [String] {
        guard let bytes = try? ReadFile.read("\(folder)/tzdata.zi", limit: 1 << 22, inside: nil) else { return ["Europe/Berlin", "UTC"] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            if words.first == "Z", words.count > 1 { return String(words[1]) }
            if words.first == "L", words.count > 2 { return String(words[2]) }
            return nil
        }
    }
}
