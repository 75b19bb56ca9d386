import ArgumentParser

struct Version: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Tell the version of this tool, of the YAML language, and of its files.")

    /// Of the tool; also stands in plans.
    static let tool = "0.2.0"

    func run() { Terminal.data("herald \(Version.tool)\nlanguage 1\nplan herald.plan/1\nstate 1\n") }
}
