import CScan
import HeraldModel

/// How a snapshot is laid out.
///
/// `HERALDC1`, the length of what describes it, the checksum of that; the description: numbers of 64 bits in the machine's order, texts with their length before
/// them; then the parts, each from a multiple of 64 bytes on. Each part has a checksum of its own, so that only what is used has to be looked at.
enum SnapshotForm {
    static let magic = Array("HERALDC1".utf8)
    /// Of magic, length and checksum.
    static let preamble = 24
    static let alignment = 64

    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        bytes.baseAddress.map { herald_checksum($0.assumingMemoryBound(to: UInt8.self), bytes.count) } ?? 0
    }

    static func aligned(_ offset: Int) -> Int { (offset + alignment - 1) / alignment * alignment }

    /// Which storage a column has.
    enum Kind: UInt64 { case text, integer, decimal, scaled, boolean, date, datetime, many }
}
