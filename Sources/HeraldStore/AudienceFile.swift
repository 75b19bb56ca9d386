package import HeraldModel

/// A sidecar of a plan: the sorted keyed digests of one audience, sixteen bytes each, after a line that names the format.
package enum AudienceFile {
    private static let head = Array("herald.audience/1\n".utf8)

    package static func encode(_ people: [PersonDigest]) -> [UInt8] {
        var bytes = head
        bytes.reserveCapacity(head.count + people.count * 16)
        for person in people {
            withUnsafeBytes(of: (person.high.bigEndian, person.low.bigEndian)) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    /// Nil where the bytes are no such file, are cut short, or are not in order.
    package static func decode(_ bytes: [UInt8]) -> [PersonDigest]? {
        guard bytes.starts(with: head), (bytes.count - head.count) % 16 == 0 else { return nil }
        var people: [PersonDigest] = []
        people.reserveCapacity((bytes.count - head.count) / 16)
        return bytes.withUnsafeBytes { raw in
            for start in stride(from: head.count, to: raw.count, by: 16) {
                let person = PersonDigest(
                    high: UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: start, as: UInt64.self)),
                    low: UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self)))
                if let last = people.last, last >= person { return nil }
                people.append(person)
            }
            return people
        }
    }
}
