import ArgumentParser
import Glibc
import HeraldContract
import HeraldModel
import HeraldPipeline
import HeraldStore

struct Init: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a small workspace that works at once: a list, a campaign with an email, made-up people, and the state.",
        discussion: "Asks nothing. Files that are there already are never overwritten.")

    @Argument(help: "The folder; it is made where it is missing.")
    var folder = "."

    @Option(name: .long, help: "The id of the workspace; otherwise the folder's name.")
    var workspace: String?

    @Option(name: .long, help: "The zone of every date, such as Europe/Berlin; otherwise this machine's.")
    var timezone: String?

    @Option(name: .long, help: "The sender's name.")
    var fromName = "Our shop"

    @Option(name: .long, help: "The sender's address.")
    var fromEmail = "news@shop.example"

    @Flag(name: .long, help: "Say nothing but errors.")
    var quiet = false

    func run() throws {
        let root = folder.hasPrefix("/") ? folder : "\(Self.currentFolder)/\(folder)"
        let kit = StarterKit(
            id: try id(of: root), zone: try zone(), senderName: fromName, senderEmail: try sender())
        try ending { () throws(StoreFailure) in try DurableFile.makeFolder(root) }
        let files = kit.files
        let there = files.map(\.path).filter { access("\(root)/\($0)", F_OK) == 0 }
        guard there.isEmpty else {
            throw ApprovedPlan.refuse("\(there.joined(separator: ", ")) \(there.count == 1 ? "is" : "are") there already", "choose another folder; nothing was written")
        }
        for file in files { try ending { () throws(StoreFailure) in try DurableFile.write(Array(file.text.utf8), to: "\(root)/\(file.path)", mode: 0o644) } }
        try ignore(["/.herald/", "/data/", "/output/"], in: "\(root)/.gitignore")
        let opened = try OpenedWorkspace.open(CommonOptions.parse([]), root: root)
        try opened.pinColumns()
        try StateMaking.make(opened, quiet: quiet)
        guard !quiet else { return }
        Terminal.data(
            """
            made a workspace in \(root):
              herald.yaml                who you are, where contact data comes from, who sends
              lists/newsletter.yaml      who gets mail, and a test of it
              campaigns/welcome.yaml     a campaign and its email; the text is in welcome.html
              data/contacts.csv          made-up people; put your own here (git ignores this folder)
            next\(folder == "." ? "" : " (first: cd \(folder))"):
              herald validate && herald test
              herald plan
              herald apply output/plan.json

            """)
    }

    private static var currentFolder: String {
        guard let path = getcwd(nil, 0) else { return "." }
        defer { free(path) }
        return String(cString: path)
    }

    private func id(of root: String) throws -> String {
        if let workspace {
            guard Address.isID(workspace) else { throw ValidationError("--workspace is small letters, digits and -, such as acme-shop") }
            return workspace
        }
        let parts = root.split(separator: "/").filter { $0 != "." && $0 != ".." }
        let name = (parts.last.map(String.init) ?? "").lowercased()
        let letters = name.unicodeScalars.map { scalar in ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) ? Character(scalar) : "-" }
        let id = String(String(letters).drop { $0 == "-" }.prefix(64))
        return Address.isID(id) ? id : "shop"
    }

    private func zone() throws -> String {
        let name = timezone ?? Self.systemZone
        let diagnostics = Diagnostics()
        let span = SourceSpan(file: FileID(0), line: 1, column: 1)
        guard ZoneLoader(variables: [:]).load(Located(name, span), diagnostics) != nil else {
            let finding = diagnostics.sorted.first
            throw ValidationError("\(finding?.message ?? "unknown time zone")\(finding?.suggestion.map { "; \($0)" } ?? "")")
        }
        return name
    }

    /// From the link /etc/localtime.
    private static var systemZone: String {
        let folder = "/usr/share/zoneinfo/"
        guard let real = ReadFile.resolved("/etc/localtime"), real.hasPrefix(folder) else { return "UTC" }
        let name = String(real.dropFirst(folder.count))
        return name == "Etc/UTC" ? "UTC" : name
    }

    private func sender() throws -> String {
        guard let address = EmailAddress(fromEmail) else { throw ValidationError("--from-email is an email address, such as news@shop.example") }
        return address.text
    }

    /// Adds the lines that are missing; what stands there stays.
    private func ignore(_ lines: [String], in path: String) throws {
        let bytes = try ending { () throws(StoreFailure) in try DurableFile.read(path) } ?? []
        var text = String(decoding: bytes, as: UTF8.self)
        let present = Set(text.split(whereSeparator: \.isNewline).map(String.init))
        let missing = lines.filter { !present.contains($0) }
        guard !missing.isEmpty else { return }
        if !text.isEmpty, !text.hasSuffix("\n") { text += "\n" }
        text += missing.map { $0 + "\n" }.joined()
        let content = Array(text.utf8)
        try ending { () throws(StoreFailure) in try DurableFile.write(content, to: path, mode: 0o644) }
    }
}
