package import HeraldModel

/// The world outside, passed in: nothing below the program asks for time, variables or the terminal by itself.
package struct RunEnvironment: Sendable {
    /// The folder with `herald.yaml`.
    package var root: String
    package var variables: [String: String]
    package var now: Instant
    package var host: String
    package var process: Int

    package init(root: String, variables: [String: String], now: Instant, host: String, process: Int) {
        self.root = root
        self.variables = variables
        self.now = now
        self.host = host
        self.process = process
    }

    /// A path of the files, which are written relative to the workspace.
    package func path(_ relative: String) -> String { relative.hasPrefix("/") ? relative : root + "/" + relative }
}
