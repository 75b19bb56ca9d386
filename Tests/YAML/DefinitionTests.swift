import HeraldModel
import Testing

@testable import HeraldYAML

/// What definitions decode to where it is more than copying.
@Suite struct DefinitionTests {
    @Test func theFirstOfTheKindsThatADocumentHasIsItsKind() {
        let file = decodeDefinitions(
            "email: e\nlist: vips\nvia: local\nsubject: S\ntemplate: t.html\nschedule: manual\n---\ntest: t\nemail: e\npeople: [{id: 1}]\n", in: .campaigns)
        #expect(file.documents.map(\.address.description) == ["email.e", "test.t"])
        #expect(file.tests.first?.subject.value == Address(.email, "e"))
    }

    @Test func idsAndNamesAreTheTextAsWritten() throws {
        let list = try #require(decodeDefinitions("list: 2027\nname: 0x10\nentity: contact\ntags: [007, true]\n", in: .lists).lists.first)
        #expect(list.id.value == "2027" && list.name.value == "0x10" && list.tags.map(\.value) == ["007", "true"])
    }

    @Test func whatIsNotSaidHasItsDefault() throws {
        let list = try #require(decodeDefinitions("list: vips\nname: VIPs\nentity: contact\n", in: .lists).lists.first)
        #expect(list.kind == .dynamic && list.condition == nil && list.columns.isEmpty && list.removals == nil && list.sync.isEmpty)
        let email = try #require(
            decodeDefinitions("email: e\nlist: vips\nvia: local\nsubject: S\ntemplate: t.html\nschedule: {at: 2027-03-01 09:00}\n", in: .campaigns).emails.first)
        #expect(email.audience.members == .live && email.audience.change == 10 && email.folder == "campaigns")
        guard case .at(let at, .workspace) = email.schedule, case .inherited = email.layout else { return #expect(Bool(false)) }
        #expect(at.value.description == "2027-03-01 09:00")
        let site = try #require(decodeDefinitions("site: s\nname: S\nurl: https://s.example\ncollect: https://t.example\n", in: .campaigns).sites.first)
        #expect(site.mode == .log && site.privacy.consent == .required && site.privacy.respectDoNotTrack && site.privacy.anonymiseIP == 2 && site.bots == .split)
    }

    // MARK: sync

    private static func targets(_ sync: String, providers: [String: ProviderKind]) -> (told: [String], targets: [String]) {
        let diagnostics = Diagnostics()
        let trees = YAMLParser.parse(Array("list: vips\nname: VIPs\nentity: contact\nsync: \(sync)\n".utf8), file: FileID(0), diagnostics)
        let file = DefinitionDecoder(folder: .lists, directory: "lists", providers: providers, diagnostics).decode(trees)
        let targets = file.lists.first?.sync.flatMap(\.targets) ?? []
        return (
            diagnostics.sorted.map(\.rule.code),
            targets.map { target in
                switch target {
                case .mailchimpSegment(let name): "segment \(name?.value ?? "-")"
                case .dotdigitalBook(let name, let visibility): "book \(name?.value ?? "-") \(visibility)"
                case .dotdigitalProgram(let name): "program \(name.value)"
                case .existingSegment(let name): "existing \(name.value)"
                }
            }
        )
    }

    /// Which vendor a provider is, its declaration says, not its name or the keys that somebody wrote.
    @Test func syncIsReadByTheDeclaredProvider() {
        let providers: [String: ProviderKind] = ["mailchimp": .dotdigital, "news": .mailchimp, "own": .local]
        #expect(Self.targets("{mailchimp: {}}", providers: providers).targets == ["book - private"])
        #expect(Self.targets("{mailchimp: {existing_segment: Gold}}", providers: providers).targets == ["existing Gold"])
        #expect(Self.targets("{news: {}}", providers: providers).targets == ["segment -"])
        #expect(Self.targets("{news: {address_book: A}}", providers: providers).told == ["unknown-key"])
        #expect(Self.targets("{mailchimp: {segment: A}}", providers: providers).told == ["unknown-key"])
        // That a local provider has nothing to sync is said where references are followed.
        #expect(Self.targets("{own: {}}", providers: providers) == ([], []))
    }

    @Test func anUndeclaredProviderIsReadAsWhatItSeemsToBe() {
        #expect(Self.targets("{dotdigital: {}}", providers: [:]).targets == ["book - private"])
        #expect(Self.targets("{other: {address_book: A}}", providers: [:]).targets == ["book A private"])
        #expect(Self.targets("{other: {segment: A}}", providers: [:]).targets == ["segment A"])
        #expect(Self.targets("{other: ~}", providers: [:]).told == ["wrong-type"])
    }

    @Test func anAddressBookAndAProgramMayStandTogether() {
        #expect(Self.targets("{dotdigital: {address_book: A, visibility: public, program: 7}}", providers: [:]).targets == ["book A public", "program 7"])
        #expect(Self.targets("{dotdigital: {program: Welcome}}", providers: [:]).targets == ["program Welcome"])
    }

    // MARK: herald.columns.yaml

    @Test func columnsComeBackAsTheyWereWritten() {
        var columns = PinnedColumns()
        columns.tables[TableName(source: "crm", table: "con: tacts.2027")] = [
            PinnedColumn(name: "id", type: .integer, mayBeEmpty: false), PinnedColumn(name: "NO", type: .text),
            PinnedColumn(name: "\"quoted\"\\ \n\t\r#", type: .date, format: "d. 'of' MMMM yyyy", mayBeEmpty: true, ambiguity: "1, 2: both"),
            PinnedColumn(name: "true", type: .boolean, mayBeEmpty: false), PinnedColumn(name: "12", type: .decimal), PinnedColumn(name: "é\u{2028}", type: .datetime),
        ]
        let text = ColumnsFile.encode(columns)
        let diagnostics = Diagnostics()
        let tree = YAMLParser.parse(Array(text.utf8), file: FileID(0), diagnostics).first
        #expect(tree.map { ColumnsFile.decode($0, diagnostics) } == columns)
        #expect(diagnostics.sorted.map(\.told) == [])
    }
}
