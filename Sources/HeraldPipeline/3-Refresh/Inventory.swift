package import HeraldModel

/// The objects of an account, by id, mark and name, and the members of those lists that were wanted.
package struct Inventory: Sendable {
    package let account: String
    /// As `ProviderReader.sequence`.
    package let sequence: Int?
    /// A provider's ids are unique over all kinds of object.
    package let objects: [RemoteID: RemoteObject]
    package let members: [RemoteID: [MemberState]]
    /// Calls that reading took.
    package let calls: Int
    private let byMark: [String: [RemoteObject]]
    private let byName: [String: [RemoteObject]]

    package init(account: String, sequence: Int? = nil, objects: [RemoteObject], members: [RemoteID: [MemberState]], calls: Int) {
        self.account = account
        self.sequence = sequence
        self.objects = Dictionary(objects.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        byMark = Dictionary(grouping: objects.filter { $0.mark != nil }, by: { $0.mark ?? "" })
        byName = Dictionary(grouping: objects, by: \.name)
        self.members = members
        self.calls = calls
    }

    package func marked(_ kind: RemoteKind, _ mark: String) -> [RemoteObject] { byMark[mark, default: []].filter { $0.kind == kind } }

    package func named(_ kind: RemoteKind, _ name: String) -> [RemoteObject] { byName[name, default: []].filter { $0.kind == kind } }
}

/// Of several objects with one mark, the one that counts: it alone is there, or it alone is no draft. Nobody can say where several are none.
package enum MarkedObjects {
    case none
    case one(RemoteObject)
    case several(Int)

    package init(_ objects: [RemoteObject]) {
        let begun = objects.filter { ($0.phase ?? .draft) != .draft }
        if let only = objects.count == 1 ? objects.first : begun.count == 1 ? begun.first : nil {
            self = .one(only)
        } else {
            self = objects.isEmpty ? .none : .several(objects.count)
        }
    }
}
