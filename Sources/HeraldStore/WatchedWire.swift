import HeraldDigest
import HeraldModel

/// Watched values as a file: a head, for each field its name after its length (2), the number of records (8), and 24 bytes a record; then the digest of all before (16).
/// Numbers are little-endian, digests as they are.
enum WatchedWire {
    private static let head = Array("herald.watched/1\n".utf8)
    private static let entryLength = 24

    /// - Parameter fingerprint: of the key that the digests were made with.
    static func encode(_ values: WatchedValues, key fingerprint: String) -> [UInt8] {
        var bytes = head + Array("\(fingerprint)\n".utf8)
        for (field, entries) in values.fields.sorted(by: { $0.key < $1.key }) {
            withUnsafeBytes(of: UInt16(field.utf8.count).littleEndian) { bytes.append(contentsOf: $0) }
            bytes += field.utf8
            withUnsafeBytes(of: UInt64(entries.count).littleEndian) { bytes.append(contentsOf: $0) }
            bytes.reserveCapacity(bytes.count + entries.count * entryLength)
            for entry in entries {
                withUnsafeBytes(of: (entry.record.high.bigEndian, entry.record.low.bigEndian, entry.value.bigEndian)) { bytes.append(contentsOf: $0) }
            }
        }
        return bytes + SHA256.digest(bytes).prefix(16)
    }

    /// Nil where the bytes are not whole, or the digests are those of another key.
    static func decode(_ bytes: [UInt8], key fingerprint: String) -> WatchedValues? {
        let start = head + Array("\(fingerprint)\n".utf8)
        guard bytes.starts(with: start), bytes.count >= start.count + 16, SHA256.digest(Array(bytes.dropLast(16))).prefix(16).elementsEqual(bytes.suffix(16)) else {
            return nil
        }
        return bytes.dropLast(16).withUnsafeBytes { raw in
            var values = WatchedValues()
            var place = start.count
            while place < raw.count {
                guard place + 2 <= raw.count else { return nil }
                let length = Int(UInt16(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt16.self)))
                place += 2
                guard place + length + 8 <= raw.count, let field = String(validating: raw[place..<(place + length)], as: UTF8.self) else { return nil }
                place += length
                let count = Int(clamping: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
                place += 8
                guard count <= (raw.count - place) / entryLength else { return nil }
                func number(_ offset: Int) -> UInt64 { UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) }
                values.watch(
                    field,
                    (0..<count).map { index in
                        let at = place + index * entryLength
                        return WatchedValues.Entry(record: PersonDigest(high: number(at), low: number(at + 8)), value: number(at + 16))
                    })
                place += count * entryLength
            }
            return values
        }
    }
}
