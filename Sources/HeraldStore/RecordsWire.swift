import HeraldContract
import HeraldDigest
import HeraldModel

/// Records as a file: a head, then a frame for each time that facts were added. Numbers are little-endian.
///
///     head   "herald.records/1\n" · length (4) · JSON · digest (16)
///     frame  length of the facts (4) · number of facts (4) · facts · digest (16)
///
/// A digest is the first half of SHA-256 over the digest before it and all of the frame, so that nothing can be changed, left out or put in between.
enum RecordsWire {
    private static let magic = Array("herald.records/".utf8)
    private static let version = Array("1\n".utf8)
    private static let digestLength = 16

    /// Why a file is not to be used, in words that begin after its name.
    struct Damage: Error { let words: String }

    static func encode(_ head: RecordsHead) -> [UInt8] {
        let json = JSONText.object([
            ("id", .string(head.id)), ("workspace", .string(head.workspace)), ("environment", head.environment.map(JSONText.string) ?? .null),
            ("key", .string(head.key)), ("formerly", head.formerly.map(StateWire.tree) ?? .null),
        ]).bytes()
        let start = magic + version + number(json.count) + json
        return start + SHA256.digest(start).prefix(digestLength)
    }

    /// One frame after the one whose chained digest is `chain`; returns it with its own.
    static func encode(_ facts: [PersonFact], after chain: String) -> (bytes: [UInt8], chain: String) {
        var payload: [UInt8] = []
        for fact in facts { FactWire.append(fact, to: &payload) }
        let frame = number(payload.count) + number(facts.count) + payload
        let digest = link(bytes(ofHexadecimal: chain), frame[...])
        return (frame + digest, hexadecimal(digest))
    }

    private static func link(_ chain: [UInt8], _ frame: ArraySlice<UInt8>) -> [UInt8] {
        var message = chain
        message.reserveCapacity(chain.count + frame.count)
        message += frame
        return Array(SHA256.digest(message).prefix(digestLength))
    }

    /// - Parameter known: how far the records went when the state was written; they must go at least so far, by the same facts.
    static func decode(_ bytes: [UInt8], from known: RecordsPosition?) throws(Damage) -> Records {
        var (head, offset, chain) = try self.head(bytes)
        if let known, known.id != head.id { throw Damage(words: "holds other records (\(head.id)) than those that the state knows (\(known.id))") }
        var facts: [PersonFact] = []
        // Too short a file is found out below; nothing is trusted before its digest.
        facts.reserveCapacity(min(known?.count ?? 0, bytes.count / 64))
        var isKnown = known == nil
        var isTorn = false
        func meet() { if let known, known.count == facts.count, known.chain == hexadecimal(chain) { isKnown = true } }
        meet()
        while offset < bytes.count {
            guard let end = frameEnd(bytes, offset), end <= bytes.count else {
                isTorn = true
                break
            }
            let digest = link(chain, bytes[offset..<(end - digestLength)])
            guard bytes[(end - digestLength)..<end].elementsEqual(digest) else {
                // The last frame may have been cut short by a crash before anybody was told that it is there.
                guard end == bytes.count || bytes[offset...].allSatisfy({ $0 == 0 }) else { throw Damage(words: "is damaged after fact \(facts.count)") }
                isTorn = true
                break
            }
            guard FactWire.decode(bytes[(offset + 8)..<(end - digestLength)], count: Int(number(bytes, offset + 4)), into: &facts) else {
                throw Damage(words: "holds a fact after \(facts.count) that this version cannot read")
            }
            (offset, chain) = (end, digest)
            meet()
        }
        if let known, !isKnown {
            guard facts.count < known.count else { throw Damage(words: "holds another history of facts than the one that the state knows") }
            throw Damage(
                words: isTorn
                    ? "is damaged after fact \(facts.count) of \(known.count)"
                    : "is older than the state: it holds \(facts.count) of \(known.count) facts")
        }
        return Records(
            head: head, facts: facts, position: RecordsPosition(id: head.id, count: facts.count, chain: hexadecimal(chain)), end: offset)
    }

    /// Where the frame at `offset` ends; nil where it has no room for its own lengths.
    private static func frameEnd(_ bytes: [UInt8], _ offset: Int) -> Int? {
        guard bytes.count - offset >= 8 else { return nil }
        return offset + 8 + Int(number(bytes, offset)) + digestLength
    }

    private static func head(_ bytes: [UInt8]) throws(Damage) -> (RecordsHead, Int, [UInt8]) {
        guard bytes.starts(with: magic) else { throw Damage(words: "is no file of records, or its head is damaged") }
        guard bytes[magic.count...].starts(with: version) else { throw Damage(words: "was written by a newer herald, or its head is damaged") }
        let start = magic.count + version.count
        guard bytes.count >= start + 4 else { throw Damage(words: "is damaged in its head") }
        let end = start + 4 + Int(number(bytes, start))
        guard end + digestLength <= bytes.count else { throw Damage(words: "is damaged in its head") }
        let digest = Array(SHA256.digest(Array(bytes[..<end])).prefix(digestLength))
        guard bytes[end..<(end + digestLength)].elementsEqual(digest) else { throw Damage(words: "is damaged in its head") }
        do {
            let tree = try JSONText(Array(bytes[(start + 4)..<end]))
            let head = RecordsHead(
                id: try tree.required("id").string(), workspace: try tree.required("workspace").string(),
                environment: try tree.member("environment")?.string(), key: try tree.required("key").string(),
                formerly: try tree.member("formerly").map { tree throws(JSONText.Unexpected) in try StateWire.position(tree) })
            return (head, end + digestLength, digest)
        } catch { throw Damage(words: "is damaged in its head") }
    }

    private static func number(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

    private static func number(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
    }

    private static func bytes(ofHexadecimal text: String) -> [UInt8] {
        let digits = Array(text.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16) ?? 0 }
    }
}
