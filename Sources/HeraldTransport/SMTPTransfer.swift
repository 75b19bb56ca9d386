import CCurl
import Glibc

/// One connection: a handle of libcurl that carries one mail after the other, for one thread.
///
/// libcurl asks for the mail's bytes, and so is the witness of how far it came: as long as the last byte was not given away, the server cannot have the mail. What was
/// asked for once is never given again, so that libcurl cannot send a mail a second time by itself.
final class SMTPTransfer {
    private let handle: UnsafeMutableRawPointer
    private let server: SMTPServer
    private var progress = SMTPProgress()
    private var bytes: [UInt8] = []
    private var position = 0
    private var hasEnded = false

    /// Nil where libcurl has no memory, or was built without what this needs.
    init?(_ server: SMTPServer) {
        guard let handle = curl_easy_init() else { return nil }
        self.handle = handle
        self.server = server
        guard configure() else { return nil }
    }

    deinit { curl_easy_cleanup(handle) }

    func send(_ mail: SMTPMail) -> SMTPResult {
        prepare(mail.bytes)
        let recipients = curl_slist_append(nil, "<\(mail.recipient)>")
        defer { curl_slist_free_all(recipients) }
        _ = herald_curl_set_text(handle, CURLOPT_MAIL_FROM, "<\(mail.sender)>")
        _ = herald_curl_set_pointer(handle, CURLOPT_MAIL_RCPT, recipients)
        _ = herald_curl_set_long(handle, CURLOPT_UPLOAD, 1)
        // Told to the server with MAIL (RFC 1870), which then need not read a mail that is too large.
        _ = herald_curl_set_size(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(mail.bytes.count))
        let code = perform()
        let result = progress.result(code, server)
        switch result {
        // The reply that did not come could be taken for that to the next mail.
        case .unknown: breakOff()
        // RFC 5321, 3.8: the server closes.
        case .deferred(let reply) where reply.code == 421: breakOff()
        case .accepted, .refused, .deferred, .notBegun: break
        }
        return result
    }

    /// Nothing more is said or heard on this connection. libcurl finds it dead, and opens another.
    private func breakOff() {
        let descriptor = herald_curl_socket(handle)
        if descriptor >= 0 { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }

    /// Reaches the server, logs in, and asks for nothing; nil where that works.
    func reach() -> SMTPFailure? {
        prepare([])
        _ = herald_curl_set_pointer(handle, CURLOPT_MAIL_RCPT, nil)
        _ = herald_curl_set_text(handle, CURLOPT_CUSTOMREQUEST, "NOOP")
        _ = herald_curl_set_long(handle, CURLOPT_NOBODY, 1)
        let code = perform()
        return code == CURLE_OK ? nil : progress.failure(code, server)
    }

    /// The callbacks write to this object while it runs.
    private func perform() -> CURLcode { withExtendedLifetime(self) { curl_easy_perform(handle) } }

    private func prepare(_ bytes: [UInt8]) {
        (progress, self.bytes, position, hasEnded) = (SMTPProgress(), bytes, 0, false)
        _ = herald_curl_set_long(handle, CURLOPT_SERVER_RESPONSE_TIMEOUT, server.patience.reply)
    }

    private func configure() -> Bool {
        let user = Unmanaged.passUnretained(self).toOpaque()
        var codes = [
            herald_curl_set_callbacks(
                handle, { buffer, size, count, user in user.map { SMTPTransfer.of($0).give(buffer, size * count) } ?? Int(CURL_READFUNC_ABORT) },
                { buffer, size, count, user in
                    if let user { SMTPTransfer.of(user).hear(UnsafeRawBufferPointer(start: buffer, count: size * count)) }
                    return size * count
                },
                // What was given away is not given again.
                { _, _, _ in CURL_SEEKFUNC_FAIL },
                { user, _, _, _, _ in user.map { SMTPTransfer.of($0).begin() } ?? CURL_PREREQFUNC_ABORT }, user),
            herald_curl_set_text(handle, CURLOPT_URL, server.url), herald_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps"),
            // Whatever the environment says: mails and passwords go to this server and to no other.
            herald_curl_set_text(handle, CURLOPT_PROXY, ""), herald_curl_set_long(handle, CURLOPT_NOSIGNAL, 1),
            herald_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT, server.patience.connecting),
            herald_curl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1), herald_curl_set_long(handle, CURLOPT_LOW_SPEED_TIME, server.patience.block),
            herald_curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1), herald_curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2),
            herald_curl_set_long(handle, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
        ]
        switch server.encryption {
        case .required: codes.append(herald_curl_set_long(handle, CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue)))
        case .whereOffered: codes.append(herald_curl_set_long(handle, CURLOPT_USE_SSL, Int(CURLUSESSL_TRY.rawValue)))
        case .none: codes.append(herald_curl_set_long(handle, CURLOPT_USE_SSL, Int(CURLUSESSL_NONE.rawValue)))
        }
        if let authorities = server.authorities { codes.append(herald_curl_set_text(handle, CURLOPT_CAINFO, authorities)) }
        if let login = server.login {
            codes += [herald_curl_set_text(handle, CURLOPT_USERNAME, login.user), herald_curl_set_text(handle, CURLOPT_PASSWORD, login.password)]
        }
        return codes.allSatisfy { $0 == CURLE_OK }
    }

    private static func of(_ pointer: UnsafeMutableRawPointer) -> SMTPTransfer { Unmanaged<SMTPTransfer>.fromOpaque(pointer).takeUnretainedValue() }

    // MARK: what libcurl calls

    /// There is a session. That some of the mail left already means that libcurl begins again by itself.
    private func begin() -> Int32 {
        guard position == 0 else { return CURL_PREREQFUNC_ABORT }
        progress.begin()
        return CURL_PREREQFUNC_OK
    }

    /// The last line break goes alone: it is asked for only once everything before it went, so that a connection lost on the way leaves no doubt.
    private func give(_ buffer: UnsafeMutablePointer<CChar>?, _ room: Int) -> Int {
        guard let buffer, !hasEnded else { return Int(CURL_READFUNC_ABORT) }
        let rest = bytes.count - position
        let count = min(room, rest > 2 ? rest - 2 : rest)
        bytes.withUnsafeBytes { all in
            if count > 0, let start = all.baseAddress { UnsafeMutableRawPointer(buffer).copyMemory(from: start + position, byteCount: count) }
        }
        position += count
        hasEnded = count == 0
        if position == bytes.count, !progress.isHandedOver {
            progress.handOver()
            _ = herald_curl_set_long(handle, CURLOPT_SERVER_RESPONSE_TIMEOUT, server.patience.lastReply)
        }
        return count
    }

    private func hear(_ line: UnsafeRawBufferPointer) { if let reply = SMTPReply(line: line) { progress.hear(reply) } }
}
