import CCrypto

/// A signature with a shared secret: HMAC-SHA-256 over texts, each with its length, so that one cannot run into the next.
package enum Seal {
    /// Fewer characters than this are guessed too easily.
    package static let shortestSecret = 16

    package static func make(_ texts: [String], secret: String) -> String {
        var message: [UInt8] = []
        for text in texts {
            withUnsafeBytes(of: UInt64(text.utf8.count).bigEndian) { message += $0 }
            message += text.utf8
        }
        let key = Array(secret.utf8)
        var result = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 32
        HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &result, &length)
        return Base64.encode(result)
    }

    /// Takes the same time whether much or little of it is right.
    package static func isValid(_ seal: String, of texts: [String], secret: String) -> Bool {
        let (own, given) = (Array(make(texts, secret: secret).utf8), Array(seal.utf8))
        return own.count == given.count && CRYPTO_memcmp(own, given, own.count) == 0
    }
}
