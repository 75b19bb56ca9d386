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
        EVP_Digest(bytes, bytes.count, &result, nil, EVP_sha256(), nil)
        return result
    }

    /// 64 small hexadecimal digits.
    package static func hexadecimal(_ bytes: [UInt8]) -> String { hexadecimalDigits(digest(bytes)) }

    package static func hexadecimal(_ text: String) -> String { hexadecimal(Array(text.utf8)) }

    private static func hexadecimalDigits(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The owner of OpenSSL's context.
    private final class Context {
        let pointer: OpaquePointer?

        init() {
            pointer = EVP_MD_CTX_new()
            EVP_DigestInit_ex(pointer, EVP_sha256(), nil)
        }

        deinit { EVP_MD_CTX_free(pointer) }

        func finish() -> [UInt8] {
            var result = [UInt8](repeating: 0, count: 32)
            EVP_DigestFinal_ex(pointer, &result, nil)
            return result
        }
    }
}
