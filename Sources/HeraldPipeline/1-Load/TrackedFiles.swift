import Glibc
import HeraldModel

/// Which files of a folder git tracks, asked of git itself: it knows every form that an index may have.
enum TrackedFiles {
    enum Answer {
        /// Paths relative to the workspace.
        case tracked(Set<String>)
        /// No git, or no repository: nothing is tracked.
        case noRepository
        /// There is a repository, and git could not answer.
        case unknown
    }

    static func list(in root: String, below paths: [String]) -> Answer {
        guard isInRepository(root) else { return .noRepository }
        let arguments = ["git", "--literal-pathspecs", "-C", root, "ls-files", "-z", "--cached", "--"] + paths
        guard let output = run(arguments) else { return .unknown }
        return .tracked(Set(output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }))
    }

    private static func isInRepository(_ root: String) -> Bool {
        var folder = Substring(root)
        while true {
            if access("\(folder)/.git", F_OK) == 0 { return true }
            guard let slash = folder.lastIndex(of: "/") else { return false }
            folder = folder[..<slash]
        }
    }

    /// What a program prints; nil where it cannot be run or fails.
    private static func run(_ arguments: [String]) -> [UInt8]? {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process = pid_t()
        let started = posix_spawnp(&process, "git", &actions, nil, &words, environ)
        close(ends[1])
        guard started == 0 else { return nil }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(ends[0], &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            output += buffer[..<count]
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 { guard errno == EINTR else { return nil } }
        return status == 0 ? output : nil
    }
}
