import CCurl

/// How far a mail has come, as libcurl's callbacks saw it.
struct SMTPProgress {
    enum Step: Sendable { case connecting, mail, recipient, data, message }

    private(set) var step = Step.connecting
    /// The last whole reply of the server, in whatever step. After a no libcurl only says goodbye, and the reply to that is about nothing.
    private(set) var reply: SMTPReply?
    /// The last byte was given away. From here on the server may have the mail.
    private(set) var isHandedOver = false
    /// The reply that came after it.
    private(set) var verdict: SMTPReply?

    mutating func begin() { (step, reply) = (.mail, nil) }

    mutating func handOver() { isHandedOver = true }

    mutating func hear(_ reply: SMTPReply) {
        if let no = self.reply, no.code >= 400 { return }
        self.reply = reply
        if isHandedOver { verdict = verdict ?? reply }
        switch step {
        case .connecting, .message: break
        case .mail: if reply.code / 100 == 2 { step = .recipient }
        case .recipient: if reply.code / 100 == 2 { step = .data }
        case .data: if reply.code / 100 == 3 { step = .message }
        }
    }

    /// What is known of the mail after its transfer ended with `code`.
    func result(_ code: CURLcode, _ server: SMTPServer) -> SMTPResult {
        if isHandedOver {
            guard let verdict else { return .unknown("the connection ended before the server said whether it took the mail: \(words(code))") }
            switch verdict.code / 100 {
            case 2: return .accepted
            case 4: return .deferred(verdict)
            case 5: return .refused(verdict)
            default: return .unknown("the server answered a whole mail with \(verdict.code)")
            }
        }
        guard step != .connecting, let reply, reply.code >= 400, reply.code != 421 else { return .notBegun(failure(code, server)) }
        if SMTPProgress.isAboutLogin(reply) { return .notBegun(SMTPFailure(.credentials, "\(server.name) wants another log-in (\(reply.words))")) }
        if reply.code < 500 { return .deferred(reply) }
        // The answer to MAIL is about the sender, but for a mail that is too large (RFC 1870).
        if step == .mail, reply.code != 552, reply.status != "5.3.4" {
            return .notBegun(SMTPFailure(.refused, "\(server.name) takes no mail from this sender (\(reply.words))"))
        }
        return .refused(reply)
    }

    /// Why there was no session.
    func failure(_ code: CURLcode, _ server: SMTPServer) -> SMTPFailure {
        if code == CURLE_LOGIN_DENIED || (step == .connecting && reply.map(SMTPProgress.isAboutLogin) == true) {
            return SMTPFailure(.credentials, "\(server.name) refused the log-in" + (reply.map { " (\($0.words))" } ?? ""))
        }
        let what =
            switch code {
            case CURLE_PEER_FAILED_VERIFICATION: "the certificate of \(server.name) is not one that is trusted for this host"
            case CURLE_SSL_CACERT_BADFILE: "the certificates of those who are trusted (SSL_CERT_FILE) cannot be read"
            case CURLE_USE_SSL_FAILED: "\(server.name) offers no encryption, and `tls: required` asks for it"
            case CURLE_COULDNT_RESOLVE_HOST: "the host of \(server.name) is not known"
            case CURLE_COULDNT_CONNECT: "nothing answers at \(server.name)"
            case CURLE_OPERATION_TIMEDOUT: "\(server.name) did not answer in time"
            default: "\(server.name) ended the session (\(words(code)))"
            }
        guard let reply, reply.code >= 400 else { return SMTPFailure(.unavailable, what) }
        return SMTPFailure(.unavailable, "\(server.name) takes no mail now (\(reply.words))")
    }

    /// RFC 4954, 4 and 6.
    private static func isAboutLogin(_ reply: SMTPReply) -> Bool { [530, 534, 535, 538].contains(reply.code) }

    /// libcurl's own words for a code, which name nobody.
    private func words(_ code: CURLcode) -> String { code == CURLE_OK ? "no reply" : String(cString: curl_easy_strerror(code)) }
}
