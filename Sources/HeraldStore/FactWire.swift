import HeraldModel

/// One fact in bytes: kind · status · which digests follow · at (8) · recorded (8) · digests (16 each) · list or field, source,
/// reason, each after its length (2) · of a change the digest of the new value (8).
enum FactWire {
    private static let statuses: [ConsentStatus] = [.erased, .complained, .bounced, .blocked, .unsubscribed, .pending, .subscribed]

    static func append(_ fact: PersonFact, to bytes: inout [UInt8]) {
        let (kind, status, list): (UInt8, UInt8, String)
        switch fact.kind {
        case .consent(let said): (kind, status, list) = (1, UInt8(statuses.firstIndex(of: said) ?? 0), "")
        case .removed(let mark): (kind, status, list) = (2, 0, mark)
        case .restored(let mark): (kind, status, list) = (3, 0, mark)
        case .changed(let field, _): (kind, status, list) = (4, 0, field)
        }
        bytes += [kind, status, (fact.person == nil ? 0 : 1) | (fact.record == nil ? 0 : 2)]
        append(fact.at, &bytes)
        append(fact.recorded, &bytes)
        if let person = fact.person { bytes += person.bytes }
        if let record = fact.record { bytes += record.bytes }
        for text in [list, fact.source, fact.reason] { append(text, &bytes) }
        if case .changed(_, let value) = fact.kind { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
    }

    private static func append(_ instant: Instant, _ bytes: inout [UInt8]) {
        withUnsafeBytes(of: instant.microseconds.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Whoever makes facts keeps their texts short; what is longer than a length can say is cut.
    private static func append(_ text: String, _ bytes: inout [UInt8]) {
        let text = text.utf8.prefix(Int(UInt16.max))
        withUnsafeBytes(of: UInt16(text.count).littleEndian) { bytes.append(contentsOf: $0) }
        bytes += text
    }

    /// Whether the bytes are exactly so many facts.
    static func decode(_ bytes: ArraySlice<UInt8>, count: Int, into facts: inout [PersonFact]) -> Bool {
        bytes.withUnsafeBytes { raw in
            var reader = Reader(raw: raw)
            for _ in 0..<count {
                guard let fact = reader.fact() else { return false }
                facts.append(fact)
            }
            return reader.offset == raw.count
        }
    }

    private struct Reader {
        let raw: UnsafeRawBufferPointer
        var offset = 0
        /// Most facts of a file have the source of the one before.
        var lastSource = ""

        mutating func fact() -> PersonFact? {
            guard let kind = byte(), let status = byte(), let bound = byte(), bound < 4, let at = instant(), let recorded = instant() else { return nil }
            var (person, record): (PersonDigest?, PersonDigest?)
            if bound & 1 != 0 {
                guard let digest = digest() else { return nil }
                person = digest
            }
            if bound & 2 != 0 {
                guard let digest = digest() else { return nil }
                record = digest
            }
            guard let list = text(), let source = text(like: lastSource), let reason = text() else { return nil }
            lastSource = source
            let what: PersonFact.Kind
            switch kind {
            case 1:
                guard Int(status) < statuses.count else { return nil }
                what = .consent(statuses[Int(status)])
            case 2: what = .removed(list: list)
            case 3: what = .restored(list: list)
            case 4:
                guard let value = instant() else { return nil }
                what = .changed(field: list, to: UInt64(bitPattern: value.microseconds))
            default: return nil
            }
            return PersonFact(kind: what, person: person, record: record, at: at, recorded: recorded, source: source, reason: reason)
        }

        private mutating func byte() -> UInt8? {
            guard offset < raw.count else { return nil }
            defer { offset += 1 }
            return raw[offset]
        }

        private mutating func instant() -> Instant? {
            guard offset + 8 <= raw.count else { return nil }
            defer { offset += 8 }
            return Instant(microseconds: Int64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: Int64.self)))
        }

        private mutating func digest() -> PersonDigest? {
            guard offset + 16 <= raw.count else { return nil }
            defer { offset += 16 }
            return PersonDigest(
                high: UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)),
                low: UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)))
        }

        private mutating func text(like known: String = "") -> String? {
            guard offset + 2 <= raw.count else { return nil }
            let length = Int(UInt16(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
            guard offset + 2 + length <= raw.count else { return nil }
            defer { offset += 2 + length }
            if length == 0 { return "" }
            let bytes = UnsafeRawBufferPointer(rebasing: raw[(offset + 2)..<(offset + 2 + length)])
            if length == known.utf8.count, bytes.elementsEqual(known.utf8) { return known }
            return String(validating: bytes, as: UTF8.self)
        }
    }
}
