import HeraldFakes
import Testing

@testable import HeraldTransport

/// What is known of a call over HTTP, whatever the server does with it.
@Suite struct HTTPClientTests {
    private func result(_ client: HTTPClient, _ request: HTTPRequest) -> Result<HTTPResponse, HTTPFailure> {
        do throws(HTTPFailure) { return .success(try client.send(request)) } catch { return .failure(error) }
    }

    private func kind(_ server: FakeHTTPServer, repeatable: Bool = true, limits: HTTPLimits = HTTPLimits()) throws -> HTTPFailure.Kind? {
        let request = HTTPRequest(.post, server.url, body: Array("x".utf8), isRepeatable: repeatable)
        if case .failure(let failure) = result(try HTTPClient(limits), request) { return failure.kind }
        return nil
    }

    @Test(arguments: [HTTPRequest.Method.get, .post, .put, .patch, .delete])
    func whatIsSentArrivesAndWhatIsAnsweredComesBack(method: HTTPRequest.Method) throws {
        let server = FakeHTTPServer {
            .raw("HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\nHTTP/1.1 418 Teapot\r\nX-Kind:  pot \r\nContent-Length: 4\r\n\r\n" + ($0.body.isEmpty ? "none" : "body"))
        }
        let body = method == .get ? "" : "{\"é\": \"\\u0000\"}"
        let response = try HTTPClient().send(HTTPRequest(method, server.url + "a?b=c", headers: [("X-Key", "canary")], body: Array(body.utf8), isRepeatable: true))
        #expect(response.status == 418 && response.header("x-kind") == "pot " && response.header("x-early") == nil)
        #expect(String(decoding: response.body, as: UTF8.self) == (method == .get ? "none" : "body"))
        let request = try #require(server.requests.first)
        #expect(request.lines.first == "\(method.rawValue) /a?b=c HTTP/1.1" && request.body == body && request.lines.contains("X-Key: canary"))
        #expect(!request.lines.contains { $0.hasPrefix("Expect") })
    }

    @Test func connectionsAreKeptForWhatMayBeRepeatedAndForNothingElse() throws {
        let server = FakeHTTPServer { _ in .ok("x") }
        let client = try HTTPClient()
        for isRepeatable in [true, true, false, false, true] { _ = try client.send(HTTPRequest(.post, server.url, isRepeatable: isRepeatable)) }
        #expect(server.requests.map(\.connection) == [1, 1, 2, 3, 1])
    }

    @Test func whatMustNotBeRepeatedIsSentOnceWhereAKeptConnectionDrops() throws {
        for isRepeatable in [true, false] {
            // Answers once on each connection, and goes as the second request comes.
            let server = FakeHTTPServer { $0.number == 2 ? .none : .ok("x") }
            let client = try HTTPClient()
            _ = try client.send(HTTPRequest(.post, server.url, body: Array("first".utf8), isRepeatable: true))
            let second = result(client, HTTPRequest(.post, server.url, body: Array("second".utf8), isRepeatable: isRepeatable))
            if isRepeatable {
                // libcurl tries again by itself.
                #expect(server.requests.filter { $0.body == "second" }.count == 2)
            } else {
                #expect(server.requests.filter { $0.body == "second" }.count == 1)
                if case .failure(let failure) = second { #expect(failure.kind == .unknown) } else { Issue.record("it was taken for done") }
            }
        }
    }

    @Test(
        arguments: [
            "", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "no such protocol\r\n\r\n",
        ])
    func whatIsCutOffIsNoAnswer(bytes: String) throws {
        #expect(try kind(FakeHTTPServer { _ in .raw(bytes) }, repeatable: false) == .unknown)
    }

    @Test func redirectsAreNotFollowedAndLongAnswersNotKept() throws {
        let other = FakeHTTPServer { _ in .ok("x") }
        let server = FakeHTTPServer { [url = other.url] _ in .raw("HTTP/1.1 302 Found\r\nLocation: \(url)\r\nContent-Length: 0\r\n\r\n") }
        #expect(try HTTPClient().send(HTTPRequest(.get, server.url, headers: [("Authorization", "canary")], isRepeatable: true)).status == 302)
        #expect(other.requests.isEmpty)
        var limits = HTTPLimits()
        limits.body = 1_000
        #expect(try kind(FakeHTTPServer { _ in .ok(String(repeating: "x", count: 1_001)) }, limits: limits) == .tooLong)
        #expect(try kind(FakeHTTPServer { _ in .ok(String(repeating: "x", count: 1_000)) }, limits: limits) == nil)
    }

    @Test func whatNeverLeftIsKnownNotToHave() throws {
        let server = FakeHTTPServer { _ in .ok("x") }
        server.stop()
        var limits = HTTPLimits()
        limits.connecting = 1
        let client = try HTTPClient(limits)
        for url in ["http://127.0.0.1:1/", "https://127.0.0.1:\(FakeHTTPServer { _ in .none }.port)/", "ftp://127.0.0.1/", "http://nowhere.invalid/", "file:///etc/passwd"] {
            if case .failure(let failure) = result(client, HTTPRequest(.post, url, isRepeatable: false)) {
                #expect(failure.kind == .notSent, "\(url)")
            } else {
                Issue.record("\(url)")
            }
        }
        if case .failure(let failure) = result(client, HTTPRequest(.get, "http://127.0.0.1:1/", headers: [("X", "a\r\nY: canary")], isRepeatable: true)) {
            #expect(failure.kind == .notSent && !failure.message.contains("canary"))
        }
    }

    @Test func bodiesComeInPiecesAndCanBeEnded() throws {
        let server = FakeHTTPServer { _ in .ok(String(repeating: "0123456789", count: 200_000)) }
        let client = try HTTPClient()
        var (count, pieces) = (0, 0)
        let response = try client.send(HTTPRequest(.get, server.url, isRepeatable: true)) { part in
            count += part.count
            pieces += 1
            return true
        }
        #expect(count == 2_000_000 && pieces > 1 && response.body.isEmpty)
        do throws(HTTPFailure) {
            _ = try client.send(HTTPRequest(.get, server.url, isRepeatable: true)) { _ in false }
            Issue.record("it was not ended")
        } catch { #expect(error.kind == .stopped) }
    }
}
