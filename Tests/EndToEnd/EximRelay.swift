import Foundation
import HeraldFakes

/// Exim, a mail server as people run it: a relay on loopback that wants TLS and a log-in, and hands everything on to a sink. Without systemd, in a folder of its own.
final class EximRelay {
    /// Whether it is installed. `make test` installs it, and sets HERALD_TEST_SERVERS, under which it must be there.
    static let isPossible =
        program != nil || ProcessInfo.processInfo.environment["HERALD_TEST_SERVERS"] != nil

    private static let program = ["/usr/sbin/exim4", "/usr/sbin/exim"].first { FileManager.default.isExecutableFile(atPath: $0) }

    static let (user, password) = ("shop", "hunter2-canary")

    let port: Int
    private let folder: String
    private let process = Process()

    var certificate: String { folder + "/cert.pem" }

    struct Failed: Error { let what: String }

    init(sink: FakeSMTPServer) throws {
        guard let program = EximRelay.program else { throw Failed(what: "exim4-daemon-light is not installed") }
        folder = "/tmp/herald-exim-\(UUID().uuidString)"
        for part in ["", "/spool", "/log"] { try FileManager.default.createDirectory(atPath: folder + part, withIntermediateDirectories: true) }
        // A port that is free now.
        let probe = FakeSMTPServer()
        port = probe.port
        probe.stop()
        try EximRelay.run(
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder + "/key.pem", "-out", folder + "/cert.pem", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost")
        try configuration(sink.port).write(toFile: folder + "/conf", atomically: true, encoding: .utf8)
        // As root it gives its rights up for those of its own user, who may not have written the configuration.
        if geteuid() == 0 { try EximRelay.run("chown", "Debian-exim", folder, folder + "/spool", folder + "/log", folder + "/key.pem") }
        // The thread of a test blocks signals, and its children inherit that; Exim waits for its own by signals.
        let unblock = "import os, signal, sys; signal.pthread_sigmask(signal.SIG_SETMASK, []); os.execv(sys.argv[1], sys.argv[1:])"
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", unblock, program, "-C", folder + "/conf", "-bdf", "-q1s", "-oX", "127.0.0.1.\(port)"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        guard EximRelay.wait({ self.log.contains("daemon started") }) else { throw Failed(what: "exim did not start: \(log)") }
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: folder)
    }

    var log: String { (try? String(contentsOfFile: folder + "/log/mainlog", encoding: .utf8)) ?? "" }

    /// Until it is so, for as long as a slow machine may take.
    static func wait(_ isSo: () -> Bool) -> Bool {
        for _ in 0..<600 {
            if isSo() { return true }
            usleep(100_000)
        }
        return isSo()
    }

    private static func run(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(what: arguments.joined(separator: " ")) }
    }

    private func configuration(_ sink: Int) -> String {
        """
        primary_hostname = relay.example
        spool_directory = \(folder)/spool
        log_file_path = \(folder)/log/%slog
        tls_advertise_hosts = *
        tls_certificate = \(folder)/cert.pem
        tls_privatekey = \(folder)/key.pem
        auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}
        acl_smtp_rcpt = rcpt
        message_size_limit = 1M
        keep_environment =
        begin acl
        rcpt:
          accept authenticated = *
          deny message = log in first
        begin routers
        all:
          driver = manualroute
          route_list = * 127.0.0.1::\(sink)
          self = send
          transport = out
        begin transports
        out:
          driver = smtp
          hosts_avoid_tls = *
        begin authenticators
        plain:
          driver = plaintext
          public_name = PLAIN
          server_prompts = :
          server_condition = ${if and{{eq{$auth2}{\(EximRelay.user)}}{eq{$auth3}{\(EximRelay.password)}}}}

        """
    }
}
