import CPostgres

/// What a connection string of PostgreSQL says (`postgres://user:password@host/database` or `host=… user=…`). It is a secret, and nothing of it is ever shown
/// but the names of its hosts.
package struct PostgresTarget: Sendable {
    /// Why a text is no connection string, for messages; never a part of it.
    package enum Problem: Error { case notUnderstood, noHost, usesService }

    /// The hosts that may be spoken to: names, addresses, or folders of sockets.
    package let hosts: [String]
    let keywords: [(name: String, value: String)]

    package init(_ text: String) throws(Problem) {
        var complaint: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(text, &complaint) else {
            PQfreemem(complaint)
            throw .notUnderstood
        }
        defer { PQconninfoFree(options) }
        var found: [(name: String, value: String)] = []
        var option = options
        while let name = option.pointee.keyword {
            if let value = option.pointee.val { found.append((String(cString: name), String(cString: value))) }
            option += 1
        }
        func values(_ name: String) -> [String] {
            found.filter { $0.name == name }.flatMap { $0.value.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        }
        // A file of services names another host than the text that was looked at.
        if !values("service").isEmpty { throw .usesService }
        hosts = (values("host") + values("hostaddr")).filter { !$0.isEmpty }
        // libpq would take a missing one from its own variables.
        guard !values("host").isEmpty || !values("hostaddr").isEmpty, !values("host").contains("") else { throw .noHost }
        keywords = found
    }

    package func has(_ keyword: String) -> Bool { keywords.contains { $0.name == keyword } }
}
