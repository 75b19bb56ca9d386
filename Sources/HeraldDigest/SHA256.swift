import CCrypto

/// SHA-256, by OpenSSL. For digests of content; people are digested with the workspace's key.
package struct SHA256 {
    private let context = Context()

    package init() {}

    package func update(_ bytes: some Sequence<UInt8>) {
        let array = Array(bytes)
        EVP_DigestUpdate(context.pointer, array, array.count)
    }

    /// Small hexadecimal digits of everything so far. The hash is used up.
    package consuming func finish() -> String { SHA256.hexadecimalDigits(context.finish()) }

    package static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: 32)
        EVP_Digest(bytes, bytes.count, &result, nil, algorithm, nil)
        return result
    }

    /// The first 64 bits of the digest of a text, where only a change is to be noticed.
    package static func first64(_ text: String) -> UInt64 {
        var text = text
        return withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { result in
            _ = result.initializeMemory(as: UInt8.self, repeating: 0)
            text.withUTF8 { bytes in
                _ = EVP_Digest(bytes.baseAddress, bytes.count, result.baseAddress, nil, algorithm, nil)
            }
            return UInt64(bigEndian: result.load(as: UInt64.self))
        }
    }

    /// OpenSSL 3 looks an algorithm up by name for every digest, unless it was fetched; that takes longer than a short text.
    private static let fetched = UInt(bitPattern: EVP_MD_fetch(nil, "SHA256", nil))
    private static var algorithm: OpaquePointer? { OpaquePointer(bitPattern: fetched) ?? EVP_sha256() }

    /// 64 small hexadecimal digits.
    package static func hexadecimal(_ bytes: [UInt8]) -> String { hexadecimalDigits(digest(bytes)) }

    package static func hexadecimal(_ text: String) -> String { hexadecimal(Array(text.utf8)) }

    private static func hexadecimalDigits(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: bytes.count * 2) { digits in
            for (index, byte) in bytes.enumerated() {
                for (place, digit) in [byte >> 4, byte & 15].enumerated() {
                    digits[index * 2 + place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
                }
            }
            return bytes.count * 2
        }
    }

    /// The owner of OpenSSL's context.
    private final class Context {
        let pointer: OpaquePointer?

        init() {
            pointer = EVP_MD_CTX_new()
            EVP_DigestInit_ex(pointer, SHA256.algorithm, nil)
        }

        deinit { EVP_MD_CTX_free(pointer) }

        func finish() -> [UInt8] {
            var result = [UInt8](repeating: 0, count: 32)
            EVP_DigestFinal_ex(pointer, &result, nil)
            return result
        }
    }
}
