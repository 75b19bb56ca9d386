import HeraldModel

/// Makes one column of the columns of stretches, one after the other.
enum ColumnJoining {
    static func join(_ parts: [Column]) -> Column {
        guard let first = parts.first, parts.count > 1 else { return parts.first ?? Column(name: "", type: .boolean, storage: .boolean([])) }
        return Column(name: first.name, type: first.type, storage: storage(parts.map(\.storage)))
    }

    private static func storage(_ parts: [Column.Storage]) -> Column.Storage {
        switch parts[0] {
        case .text: texts(parts.compactMap { if case .text(let codes, let pool) = $0 { (codes, pool) } else { nil } })
        case .integer:
            .integer(
                joined(parts.compactMap { if case .integer(let values, _) = $0 { values } else { nil } }),
                empty: empties(parts.compactMap { if case .integer(let values, let empty) = $0 { (values.count, empty) } else { nil } }))
        case .decimal, .scaled: decimals(parts)
        case .boolean: .boolean(joined(parts.compactMap { if case .boolean(let values) = $0 { values } else { nil } }))
        case .date: .date(joined(parts.compactMap { if case .date(let values) = $0 { values } else { nil } }))
        case .datetime: .datetime(joined(parts.compactMap { if case .datetime(let values) = $0 { values } else { nil } }))
        case .many: manies(parts.compactMap { if case .many(let codes, let pool) = $0 { (codes, pool) } else { nil } })
        }
    }

    private static func joined<Element>(_ parts: [Cells<Element>]) -> Cells<Element> { joined(parts) { _, value in value } }

    /// - Parameter change: of a value, by the number of its part.
    private static func joined<Element>(_ parts: [Cells<Element>], _ change: @Sendable (Int, Element) -> Element) -> Cells<Element> {
        let starts = starts(parts.map(\.count))
        return Cells(count: starts[parts.count]) { memory in
            let shared = SharedMemory(memory)
            AllCores.each(of: parts.count, start: {}) { piece, _ in
                let (source, start) = (parts[piece].buffer, starts[piece])
                for index in source.indices { shared.elements[start + index] = change(piece, source[index]) }
            }
        }
    }

    /// Where each part starts, and where the last one ends.
    private static func starts(_ counts: [Int]) -> [Int] { counts.reduce(into: [0]) { starts, count in starts.append((starts.last ?? 0) + count) } }

    private static func empties(_ parts: [(count: Int, empty: Cells<Bool>?)]) -> Cells<Bool>? {
        guard parts.contains(where: { $0.empty != nil }) else { return nil }
        return joined(parts.map { part in part.empty ?? Cells([Bool](repeating: false, count: part.count)) })
    }

    // MARK: Texts

    private static func texts(_ parts: [(codes: Cells<Int32>, pool: TextTable)]) -> Column.Storage {
        let held = parts.reduce(0) { $0 + $1.pool.count }
        let rows = parts.reduce(0) { $0 + $1.codes.count }
        // Where nearly every row has a text of its own, looking for those that are alike costs more than it saves.
        if held > rows / 4, held > 1 << 16 {
            let (starts, ends) = (starts(parts.map(\.pool.count)), starts(parts.map(\.pool.bytes.count)))
            let table = TextTable(
                bytes: joined(parts.map(\.pool.bytes)), ends: joined(parts.map(\.pool.ends)) { part, end in ends[part] + end },
                hashes: joined(parts.map(\.pool.hashes)), seed: parts[0].pool.seed)
            return .text(codes: joined(parts.map(\.codes)) { part, code in code < 0 ? code : code + Int32(starts[part]) }, pool: table)
        }
        var pool = TextPool(seed: parts[0].pool.seed)
        let codes = parts.map { part in part.pool.indices.map { pool.code(of: part.pool.utf8($0), hash: part.pool.hashes[$0]).code } }
        return .text(codes: joined(parts.map(\.codes)) { part, code in code < 0 ? code : codes[part][Int(code)] }, pool: pool.finish())
    }

    private static func manies(_ parts: [(codes: Cells<Int32>, pool: [[Text]])]) -> Column.Storage {
        let starts = starts(parts.map(\.pool.count))
        return .many(codes: joined(parts.map(\.codes)) { part, code in code < 0 ? code : code + Int32(starts[part]) }, pool: parts.flatMap(\.pool))
    }

    // MARK: Decimals

    private static func decimals(_ parts: [Column.Storage]) -> Column.Storage {
        var scale: UInt8 = 0
        for case .scaled(_, let own, _) in parts { scale = max(scale, own) }
        let shared = scale
        let small = parts.compactMap { part -> (values: Cells<Int64>, factor: Int64, empty: Cells<Bool>?)? in
            guard case .scaled(let values, let own, let empty) = part else { return nil }
            return (values, PowersOfTen.small[Int(shared - own)], empty)
        }
        let fits = small.allSatisfy { part in
            let limit = UInt64(Int64.max / part.factor)
            return part.factor == 1 || part.values.allSatisfy { $0.magnitude <= limit }
        }
        if fits, small.count == parts.count {
            let values = joined(small.map { $0.values }) { part, value in value * small[part].factor }
            return .scaled(values, scale: shared, empty: empties(small.map { ($0.values.count, $0.empty) }))
        }
        let wide = parts.map { part -> (values: Cells<Decimal>, empty: Cells<Bool>?) in
            switch part {
            case .scaled(let values, let scale, let empty): return (Cells(values.map { Decimal(coefficient: Int128($0), scale: scale) }), empty)
            case .decimal(let values, let empty): return (values, empty)
            default: return ([], nil)
            }
        }
        return .decimal(joined(wide.map { $0.values }), empty: empties(wide.map { ($0.values.count, $0.empty) }))
    }
}
