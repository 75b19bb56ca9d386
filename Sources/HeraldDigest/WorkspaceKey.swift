import CCrypto
package import HeraldModel

/// The secret behind all digests of people: 32 bytes, or several after a rotation, newest first. It never prints its bytes.
package struct WorkspaceKey: Sendable, CustomStringConvertible, CustomReflectable {
    private let keys: [[UInt8]]

    /// Reads base64 of 32 bytes, or several separated by commas or spaces, newest first; nil for anything else.
    package init?(base64 text: String) {
        let parts = text.split { $0 == "," || $0.isWhitespace }.map { Base64.decode(String($0)) }
        guard !parts.isEmpty, parts.allSatisfy({ $0?.count == 32 }) else { return nil }
        self.init(keys: parts.compactMap { $0 })
    }

    private init(keys: [[UInt8]]) { self.keys = keys }

    /// A new random key, as base64 for its file.
    package static func generate() -> String {
        var bytes = [UInt8](repeating: 0, count: 32)
        // The system's generator never fails on the systems herald runs on; should OpenSSL's, the standard library's is taken.
        if RAND_bytes(&bytes, 32) != 1 {
            var generator = SystemRandomNumberGenerator()
            for index in bytes.indices { bytes[index] = UInt8.random(in: 0...255, using: &generator) }
        }
        return Base64.encode(bytes)
    }

    /// Tells a wrong key from the right one; says nothing about people.
    package var fingerprint: String { String(hexadecimal(hmac("fingerprint", [])).prefix(16)) }

    /// Of an address (or a phone number) in its normal form.
    package func person(_ normalForm: String) -> PersonDigest { digest("person", Array(normalForm.utf8)) }

    /// Of a record of an entity, so that what a person said outlives a changed address.
    package func record(entity: String, key: String) -> PersonDigest { digest("record", Array("\(entity)\u{0}\(key)".utf8)) }

    /// Of the values written for a member; after a rotation each newer key works on the 64 bits of the one before, since no more of them are kept.
    package func values(_ fields: [(name: String, text: String)]) -> UInt64 {
        var bytes: [UInt8] = []
        for field in fields { bytes += Array(field.name.utf8) + [0] + Array(field.text.utf8) + [0] }
        let oldest = WorkspaceKey(keys: Array(keys.suffix(1))).digest("values", bytes).high
        return keys.dropLast().reversed().reduce(oldest) { WorkspaceKey.values($0, $1) }
    }

    private static func values(_ values: UInt64, _ key: [UInt8]) -> UInt64 {
        let message = (0..<8).map { UInt8(truncatingIfNeeded: values >> (56 - 8 * $0)) }
        return PersonDigest(bytes: hmac(Array("herald/values\u{0}".utf8) + message, key))?.high ?? 0
    }

    /// What leads from the digests of an older key, known by its fingerprint, to those of this one; nil where this key does not go on from that.
    package func change(from fingerprint: String) -> KeyChange? {
        for newer in 1..<max(1, keys.count) where WorkspaceKey(keys: Array(keys.dropFirst(newer))).fingerprint == fingerprint {
            let added = Array(keys.prefix(newer).reversed())
            return KeyChange(
                from: fingerprint, to: self.fingerprint,
                person: { digest in added.reduce(digest) { PersonDigest(bytes: WorkspaceKey.hmac($0.bytes, $1)) ?? $0 } },
                values: { values in added.reduce(values) { WorkspaceKey.values($0, $1) } })
        }
        return nil
    }

    /// What tells a state that is made now from every other one of the workspace.
    package func lineage(workspace: String, environment: String?, at now: Instant) -> String {
        digest("lineage", Array("\(workspace)\u{0}\(environment ?? "")\u{0}\(now.microseconds)".utf8)).description
    }

    /// An opaque token for a link of one mail to one person: 192 bits, URL-safe.
    package func token(send: String, person: PersonDigest) -> String {
        Base64.encode(Array(hmac("token", Array(send.utf8) + [0] + person.bytes).prefix(24)), urlSafe: true)
    }

    package var description: String { "‹key \(fingerprint)›" }
    package var customMirror: Mirror { Mirror(self, children: []) }

    private func digest(_ label: String, _ bytes: [UInt8]) -> PersonDigest {
        PersonDigest(bytes: hmac(label, bytes)) ?? PersonDigest(high: 0, low: 0)
    }

    /// HMAC-SHA-256 of label and bytes; after a rotation the older keys work first, each over the 128 bits of the digest before it.
    private func hmac(_ label: String, _ bytes: [UInt8]) -> [UInt8] {
        var message = Array("herald/\(label)\u{0}".utf8) + bytes
        var result: [UInt8] = []
        for key in keys.reversed() {
            result = WorkspaceKey.hmac(message, key)
            message = Array(result.prefix(16))
        }
        return result
    }

    private static func hmac(_ message: [UInt8], _ key: [UInt8]) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 32
        HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &result, &length)
        return result
    }
}
