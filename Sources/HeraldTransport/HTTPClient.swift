import CCurl
import Glibc

/// Calls over HTTP, one after the other, on a connection that is kept between them. For one thread, which waits in it; so it is kept off the cooperative pool.
///
/// Certificates are checked, redirects are not followed, and no proxy, cookie or `.netrc` is looked at: what is sent goes to the host of the URL and to no other.
package final class HTTPClient {
    private let handle: UnsafeMutableRawPointer
    private let limits: HTTPLimits
    private var head = HTTPHead()
    private var receive: (UnsafeRawBufferPointer) -> Bool = { _ in true }
    private var isBegun = false
    private var isStopped = false

    /// libcurl is set up once for the process, and never taken down.
    static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// - Parameter authorities: a file of certificates (PEM) of those who are trusted to sign the server's; nil for those of the system.
    package init(_ limits: HTTPLimits = HTTPLimits(), authorities: String? = nil) throws(HTTPFailure) {
        guard HTTPClient.isReady, let handle = curl_easy_init() else { throw HTTPFailure(kind: .notSent, message: "libcurl cannot be used") }
        self.handle = handle
        self.limits = limits
        guard configure(authorities) else { throw HTTPFailure(kind: .notSent, message: "libcurl lacks what herald needs") }
    }

    deinit { curl_easy_cleanup(handle) }

    /// The whole answer, whatever its status.
    package func send(_ request: HTTPRequest) throws(HTTPFailure) -> HTTPResponse {
        var body: [UInt8] = []
        let limit = limits.body
        var isTooLong = false
        do throws(HTTPFailure) {
            var response = try send(request) { part in
                isTooLong = body.count + part.count > limit
                if !isTooLong { body += part }
                return !isTooLong
            }
            response.body = body
            return response
        } catch {
            throw isTooLong ? HTTPFailure(kind: .tooLong, message: "the answer is longer than \(limit) bytes") : error
        }
    }

    /// Hands the body on as it comes, in pieces of any length; `receive` returns false to end the call. The answer counts only if this returns: before, it may be cut off.
    package func send(_ request: HTTPRequest, receive: (UnsafeRawBufferPointer) -> Bool) throws(HTTPFailure) -> HTTPResponse {
        // libcurl calls while this runs, and not afterwards.
        let result = withoutActuallyEscaping(receive) { receive -> Result<HTTPResponse, HTTPFailure> in
            self.receive = receive
            defer { self.receive = { _ in true } }
            return perform(request)
        }
        return try result.get()
    }

    private func perform(_ request: HTTPRequest) -> Result<HTTPResponse, HTTPFailure> {
        (head, isBegun, isStopped) = (HTTPHead(), false, false)
        // Without `Expect`, for which some servers make one wait.
        var lines = curl_slist_append(nil, "Expect:")
        defer { curl_slist_free_all(lines) }
        for header in request.headers {
            guard !(header.name + header.value).utf8.contains(where: { $0 < 0x20 && $0 != 9 || $0 == 0x7F }) else {
                return .failure(HTTPFailure(kind: .notSent, message: "the header \(header.name) holds a control character"))
            }
            lines = curl_slist_append(lines, "\(header.name): \(header.value)")
        }
        let code = request.body.withUnsafeBytes { bytes -> CURLcode in
            _ = herald_curl_set_text(handle, CURLOPT_URL, request.url)
            _ = herald_curl_set_pointer(handle, CURLOPT_HTTPHEADER, lines)
            _ = herald_curl_set_long(handle, CURLOPT_FRESH_CONNECT, request.isRepeatable ? 0 : 1)
            _ = herald_curl_set_long(handle, CURLOPT_FORBID_REUSE, request.isRepeatable ? 0 : 1)
            _ = herald_curl_set_long(handle, CURLOPT_HTTPGET, 1)
            _ = herald_curl_set_text(handle, CURLOPT_CUSTOMREQUEST, nil)
            if request.method != .get {
                _ = herald_curl_set_long(handle, CURLOPT_POST, 1)
                _ = herald_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
                _ = herald_curl_set_pointer(handle, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
                _ = herald_curl_set_text(handle, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
            }
            defer { _ = herald_curl_set_pointer(handle, CURLOPT_POSTFIELDS, nil) }
            return BrokenPipe.ignored { withExtendedLifetime(self) { curl_easy_perform(handle) } }
        }
        _ = herald_curl_set_pointer(handle, CURLOPT_HTTPHEADER, nil)
        guard code == CURLE_OK else { return .failure(failure(code)) }
        return .success(HTTPResponse(status: herald_curl_status(handle), headers: head.headers))
    }

    private func failure(_ code: CURLcode) -> HTTPFailure {
        if isStopped { return HTTPFailure(kind: .stopped, message: "the answer was not taken to its end") }
        let message =
            switch code {
            case CURLE_COULDNT_RESOLVE_HOST: "its name is not known"
            case CURLE_COULDNT_CONNECT: "it takes no connection"
            case CURLE_OPERATION_TIMEDOUT: isBegun ? "it did not answer in time" : "it was not reached in time"
            case CURLE_PEER_FAILED_VERIFICATION: "its certificate is not one that is trusted for this host"
            case CURLE_SSL_CACERT_BADFILE: "the certificates of those who are trusted (SSL_CERT_FILE) cannot be read"
            case CURLE_SSL_CONNECT_ERROR: "it does not speak TLS as it should"
            case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: "the address is not one of http or https"
            case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING, CURLE_HTTP2_STREAM: "the connection was lost"
            default: "the call failed (libcurl \(code.rawValue))"
            }
        return HTTPFailure(kind: isBegun ? .unknown : .notSent, message: message)
    }

    private func configure(_ authorities: String?) -> Bool {
        let user = Unmanaged.passUnretained(self).toOpaque()
        var codes = [
            herald_curl_set_receiver(
                handle,
                { buffer, size, count, user in
                    guard let user else { return 0 }
                    return HTTPClient.of(user).take(UnsafeRawBufferPointer(start: buffer, count: size * count)) ? size * count : 0
                }, user),
            herald_curl_set_listener(
                handle,
                { buffer, size, count, user in
                    if let user { HTTPClient.of(user).head.hear(UnsafeRawBufferPointer(start: buffer, count: size * count)) }
                    return size * count
                },
                { user, _, _, _, _ in
                    if let user { HTTPClient.of(user).isBegun = true }
                    return CURL_PREREQFUNC_OK
                }, user),
            herald_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https"), herald_curl_set_text(handle, CURLOPT_PROXY, ""),
            herald_curl_set_long(handle, CURLOPT_NOSIGNAL, 1), herald_curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0), herald_curl_set_long(handle, CURLOPT_NETRC, 0),
            herald_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT, limits.connecting), herald_curl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1),
            herald_curl_set_long(handle, CURLOPT_LOW_SPEED_TIME, limits.silence), herald_curl_set_long(handle, CURLOPT_TIMEOUT, limits.total),
            herald_curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1), herald_curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2),
            herald_curl_set_long(handle, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)), herald_curl_set_long(handle, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)),
            herald_curl_set_long(handle, CURLOPT_BUFFERSIZE, 1 << 18),
            herald_curl_set_text(handle, CURLOPT_USERAGENT, "herald"),
        ]
        if let authorities { codes.append(herald_curl_set_text(handle, CURLOPT_CAINFO, authorities)) }
        return codes.allSatisfy { $0 == CURLE_OK }
    }

    private func take(_ part: UnsafeRawBufferPointer) -> Bool {
        if !receive(part) { isStopped = true }
        return !isStopped
    }

    private static func of(_ pointer: UnsafeMutableRawPointer) -> HTTPClient { Unmanaged<HTTPClient>.fromOpaque(pointer).takeUnretainedValue() }
}

/// The lines before the body; of several heads (`100 Continue`) the last.
private struct HTTPHead {
    private(set) var headers: [(name: String, value: String)] = []

    mutating func hear(_ line: UnsafeRawBufferPointer) {
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") { headers = [] }
        guard let colon = text.firstIndex(of: ":"), headers.count < 200 else { return }
        let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        headers.append((text[..<colon].lowercased(), String(value.prefix { $0 != "\r\n" && $0 != "\n" && $0 != "\r" })))
    }
}

/// A server that goes away must not end the process: OpenSSL writes to its socket without asking that no signal be sent.
enum BrokenPipe {
    static func ignored<T>(_ body: () -> T) -> T {
        var (pipe, former, pending) = (sigset_t(), sigset_t(), sigset_t())
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        sigpending(&pending)
        let wasPending = sigismember(&pending, SIGPIPE) == 1
        pthread_sigmask(SIG_BLOCK, &pipe, &former)
        defer {
            var moment = timespec()
            if !wasPending { while sigtimedwait(&pipe, nil, &moment) == -1 && errno == EINTR {} }
            pthread_sigmask(SIG_SETMASK, &former, nil)
        }
        return body()
    }
}
