import Foundation
import Glibc

/// A server as people run it, in a folder of its own on loopback. Ends with this process, however that ends.
final class KeptServer: Sendable {
    let folder: String
    /// Held open: what starts the server waits for its end.
    private let pipe: Int32

    struct Failed: Error { let what: String }

    /// - Parameter user: whom the server runs as where the tests run as root, which such servers refuse; the folder is theirs.
    init(_ name: String, user: String, _ steps: (_ folder: String) throws -> [[String]]) throws {
        folder = "/tmp/herald-\(name)-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let commands = try steps(folder)
        if geteuid() == 0 { try KeptServer.run("chown", ["-R", user, folder]) }
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0, fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0, fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0 else { throw Failed(what: "no pipe") }
        pipe = ends[1]
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", KeptServer.keeper, folder, user] + commands.map { $0.joined(separator: "\u{1F}") }
        process.standardInput = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit { close(pipe) }

    var log: String { (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "" }

    /// A port that is free now.
    static func freePort() -> Int {
        let (socket, port) = Loopback.listen()
        close(socket)
        return port
    }

    /// Until it is so, for as long as a slow machine may take.
    func wait(_ isSo: () -> Bool) throws {
        for _ in 0..<1_200 {
            if isSo() { return }
            usleep(50_000)
        }
        throw Failed(what: "it did not start: \(log.suffix(2_000))")
    }

    /// Runs a program to its end, and gives what it printed.
    @discardableResult
    static func run(_ program: String, _ arguments: [String], input: Data? = nil) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let path = "/tmp/herald-run-\(UUID().uuidString)"
        for end in [".in", ".out"] { _ = FileManager.default.createFile(atPath: path + end, contents: end == ".in" ? input : nil) }
        defer { for end in [".in", ".out"] { try? FileManager.default.removeItem(atPath: path + end) } }
        let output = FileHandle(forWritingAtPath: path + ".out")
        process.standardInput = FileHandle(forReadingAtPath: path + ".in")
        process.standardOutput = output
        process.standardError = output
        try process.run()
        process.waitUntilExit()
        let text = String(decoding: FileManager.default.contents(atPath: path + ".out") ?? Data(), as: UTF8.self)
        guard process.terminationStatus == 0 else { throw Failed(what: "\(program) \(arguments.joined(separator: " ")): \(text.prefix(2_000))") }
        return text
    }

    /// Runs the commands one after the other, the last one until its input ends; then takes everything away.
    private static let keeper = """
        import os, pwd, signal, subprocess, shutil, sys
        folder, user, *commands = sys.argv[1:]
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        def become():
            os.setsid()
            if os.geteuid() == 0:
                who = pwd.getpwnam(user)
                os.setgroups([]); os.setgid(who.pw_gid); os.setuid(who.pw_uid)
        log = open(folder + "/log", "ab")
        def start(command):
            return subprocess.Popen(command.split(chr(31)), cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=become)
        try:
            for command in commands[:-1]: start(command).wait()
            server = start(commands[-1])
            sys.stdin.buffer.read()
            os.killpg(server.pid, signal.SIGINT)
            try: server.wait(10)
            except subprocess.TimeoutExpired: os.killpg(server.pid, signal.SIGKILL)
        finally: shutil.rmtree(folder, ignore_errors=True)
        """
}
