import Glibc
import Synchronization

/// A server on loopback that answers each request with the bytes that a test says, whether or not they are HTTP.
package final class FakeHTTPServer: Sendable {
    package struct Request: Sendable {
        /// From 1.
        package let connection: Int
        /// From 1, over all connections.
        package let number: Int
        /// The first line and those of the headers.
        package let lines: [String]
        package let body: String
    }

    package struct Answer: Sendable {
        let bytes: String
        let closes: Bool

        /// As it stands.
        package static func raw(_ bytes: String, closes: Bool = true) -> Answer { Answer(bytes: bytes, closes: closes) }
        package static func ok(_ body: String, _ headers: String = "") -> Answer {
            Answer(bytes: "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)", closes: false)
        }
        /// Goes without a word.
        package static let none = Answer(bytes: "", closes: true)
    }

    package let port: Int
    private let socket: Int32
    private let answer: @Sendable (Request) -> Answer
    private let seen = Mutex<[Request]>([])

    package init(_ answer: @escaping @Sendable (Request) -> Answer) {
        self.answer = answer
        (socket, port) = Loopback.listen()
        Detached.run { [self] in accept() }
    }

    package func stop() { shutdown(socket, Int32(SHUT_RDWR)) }
    package var requests: [Request] { seen.withLock { $0 } }
    package var url: String { "http://127.0.0.1:\(port)/" }

    private func accept() {
        defer { close(socket) }
        var connection = 0
        while true {
            let descriptor = Glibc.accept(socket, nil, nil)
            guard descriptor >= 0 else { return }
            connection += 1
            let number = connection
            Detached.run { [self] in serve(descriptor, number) }
        }
    }

    private func serve(_ descriptor: Int32, _ connection: Int) {
        defer { close(descriptor) }
        var buffer: [UInt8] = []
        while true {
            var lines: [String] = []
            var (end, length) = (0, 0)
            while true {
                let text = String(decoding: buffer, as: UTF8.self)
                if let found = text.firstRange(of: "\r\n\r\n") {
                    lines = text[..<found.lowerBound].split(separator: "\r\n").map(String.init)
                    end = text[..<found.upperBound].utf8.count
                    length = lines.first { $0.lowercased().hasPrefix("content-length:") }.flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
                    if buffer.count >= end + length { break }
                }
                var part = [UInt8](repeating: 0, count: 1 << 16)
                let count = recv(descriptor, &part, part.count, 0)
                guard count > 0 else { return }
                buffer += part[..<count]
            }
            let body = String(decoding: buffer[end..<end + length], as: UTF8.self)
            buffer.removeFirst(end + length)
            let request = seen.withLock { seen in
                let request = Request(connection: connection, number: seen.count + 1, lines: lines, body: body)
                seen.append(request)
                return request
            }
            let answer = answer(request)
            let bytes = Array(answer.bytes.utf8)
            var sent = 0
            while sent < bytes.count {
                let count = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress?.advanced(by: sent), $0.count - sent, Int32(MSG_NOSIGNAL)) }
                guard count > 0 else { return }
                sent += count
            }
            if answer.closes { return }
        }
    }
}

/// A socket that listens on a port of loopback that was free.
enum Loopback {
    static func listen() -> (socket: Int32, port: Int) {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let size = length
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, size) == 0 && Glibc.listen(socket, 64) == 0 && getsockname(socket, $0, &length) == 0 }
        }
        precondition(bound, "no port could be had")
        return (socket, Int(UInt16(bigEndian: address.sin_port)))
    }
}
