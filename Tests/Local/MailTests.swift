import Foundation
import HeraldModel
import Testing

@testable import HeraldLocal

@Suite struct MailTests {
    static let links = RecipientLinks(unsubscribe: "https://mail.shop.example/u/t0k3n", view: "https://mail.shop.example/v/v13w")

    @Test func aMailAsItIsWritten() throws {
        let mail = RenderedMail(subject: "Grüße aus Köln", preheader: "", html: "<p>Grüße</p>", text: "Grüße\nbye.\n")
        let message = try compose(mail, from: Sender(name: "Müller & Co.", email: "hello@shop.example"), replyTo: "answers@shop.example")
        #expect(
            message
                == """
                Date: Tue, 24 Nov 2026 09:30:05 +0000
                From: =?UTF-8?B?TcO8bGxlciAmIENvLg==?= <hello@shop.example>
                Reply-To: answers@shop.example
                X-Herald-Email: spring-teaser
                MIME-Version: 1.0
                To: anna@shop.example
                Subject: =?UTF-8?B?R3LDvMOfZSBhdXMgS8O2bG4=?=
                Message-ID: <m3ss4ge@shop.example>
                List-Unsubscribe: <https://mail.shop.example/u/t0k3n>
                List-Unsubscribe-Post: List-Unsubscribe=One-Click
                Content-Type: multipart/alternative;
                 boundary="=_m3ss4ge"

                --=_m3ss4ge
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: quoted-printable

                Gr=C3=BC=C3=9Fe
                bye.

                --=_m3ss4ge
                Content-Type: text/html; charset=utf-8
                Content-Transfer-Encoding: quoted-printable

                <p>Gr=C3=BC=C3=9Fe</p>
                --=_m3ss4ge--

                """.replacingOccurrences(of: "\n", with: "\r\n"))
    }

    @Test(arguments: [
        (#"Bob"#, #"Bob"#), (#"Bob Smith"#, #"Bob Smith"#), (#"Bob "x" <script>"#, #""Bob \"x\" <script>""#), (#"a\b"#, #""a\\b""#), ("Dr. Bob", "\"Dr. Bob\""),
        ("Bob\r\nBcc: all@shop.example", "\"Bob  Bcc: all@shop.example\""), ("=?UTF-8?B?Qm9i?=", "=?UTF-8?B?PT9VVEYtOD9CP1FtOWk/PQ==?="),
        ("Bob\u{0}\u{7}\u{202E}\u{200F}\u{2066}", "Bob"), ("\u{202E}\r\n ", ""), ("Bob\u{2028}X", "Bob X"),
    ])
    func aNameStaysInItsHeader(_ name: String, _ written: String) throws {
        let address = try #require(EmailAddress("b@shop.example").flatMap(MailAddress.init))
        #expect(HeaderText.mailbox("From", name, address) == (written.isEmpty ? "From: b@shop.example" : "From: \(written) <b@shop.example>"))
    }

    @Test(arguments: [
        ("", "Subject:"), ("\r\n\t \u{200E}", "Subject:"), ("Sale", "Subject: Sale"),
        ("Hi\r\nBcc: a@shop.example\r\n\r\nbody", "Subject: =?UTF-8?B?SGkgIEJjYzogYUBzaG9wLmV4YW1wbGUgICAgYm9keQ==?="),
        ("one\ntwo", "Subject: one two"),
        (String(repeating: "word ", count: 20), "Subject: word word word word word word word word word word word word word\r\n word word word word word word word"),
    ])
    func aSubjectIsOneHeaderWhateverStandsInIt(_ subject: String, _ written: String) {
        #expect(HeaderText.unstructured("Subject", subject) == written)
    }

    @Test(arguments: [
        String(repeating: "ü", count: 200), String(repeating: "👩‍👩‍👧‍👦", count: 40), "a" + String(repeating: "𝒳é", count: 90), String(repeating: "x", count: 300),
        String(repeating: " a", count: 100) + "  b", "नमस्ते दुनिया " + String(repeating: "ि", count: 60),
    ])
    func encodedWordsAreShortAndEndBetweenCharacters(_ subject: String) throws {
        let lines = HeaderText.unstructured("Subject", subject).components(separatedBy: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 76 })
        var decoded = ""
        for (index, line) in lines.enumerated() {
            let word = index == 0 ? String(line.dropFirst("Subject: ".count)) : String(line.dropFirst())
            #expect(word.utf8.count <= 75)
            let bytes = try #require(Data(base64Encoded: String(word.dropFirst("=?UTF-8?B?".count).dropLast(2))))
            // Whole characters in every word.
            decoded += try #require(String(data: bytes, encoding: .utf8))
        }
        #expect(decoded == subject.trimmingCharacters(in: .whitespaces))
    }

    @Test(arguments: [
        ("", ""), ("a=b", "a=3Db"), ("a \nb\t", "a=20\r\nb=09"), ("a\r\nb\rc\nd", "a\r\nb\r\nc\r\nd"), (".\n..\nFrom me\nFrom", "=2E\r\n=2E.\r\n=46rom me\r\nFrom"),
        ("a\u{0}b", "ab"), ("a\u{1}\u{7F}", "a=01=7F"), ("é", "=C3=A9"),
        (String(repeating: "x", count: 80), String(repeating: "x", count: 75) + "=\r\nxxxxx"),
        (String(repeating: "x", count: 74) + "ü", String(repeating: "x", count: 74) + "=\r\n=C3=BC"),
        (String(repeating: "x", count: 75) + ".", String(repeating: "x", count: 75) + "=\r\n=2E"),
    ])
    func quotedPrintableAsItIsWritten(_ text: String, _ written: String) {
        var bytes: [UInt8] = []
        QuotedPrintable.append(text, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == written)
    }

    /// Names as they come out of databases.
    static let hostile = [
        "Anna", "", "Bob \"x\" <script>alert(1)</script>", "Jörg Müßig", "Line\r\nBcc: everybody@shop.example\r\n\r\nbody", "\u{202E}evil\u{202C}\u{200F}", "🎉🎉 👩‍👩‍👧‍👦",
        String(repeating: "N", count: 200), String(repeating: "名", count: 200), "=?UTF-8?Q?nested?=", "a, b; c: d (e) <f@shop.example>", "tab\there", "nul\u{0}l",
        "\u{2028}\u{2029}\u{85}",
        "--=_boundary", ".", "\\\"", "'; DROP TABLE member; --",
    ]

    @Test(.enabled(if: MailReading.isPossible))
    func anIndependentReaderFindsWhatWasWritten() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("herald-" + UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let mails = MailTests.hostile.map { name in
            RenderedMail(
                subject: "Hello \(name), read this", preheader: "",
                html: "<html><body><p>Dear \(name),</p>\n<a href=\"\(MailTests.links.unsubscribe)\">x</a>\n"
                    + String(repeating: "long & 50% = \u{20AC} ", count: 100) + "</body></html>",
                text: "Dear \(name),\n\n.\nFrom here on\n \nend \n")
        }
        for (index, mail) in mails.enumerated() {
            let message = try compose(mail, from: Sender(name: MailTests.hostile[index], email: "hello@bücher.example"), replyTo: nil)
            try Data(message.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(padded(index, 2)).eml"))
        }
        let read = try MailReading.read(folder)
        #expect(read.count == mails.count)
        for ((found, mail), name) in zip(zip(read, mails), MailTests.hostile) { check(found, mail, name) }
    }

    private func check(_ read: MailReading.Mail, _ mail: RenderedMail, _ name: String) {
        #expect(read.defects == [])
        #expect(read.header("Subject") == HeaderText.line("Hello \(name), read this"))
        #expect(read.fromName == HeaderText.line(name))
        #expect(read.fromAddress == "hello@xn--bcher-kva.example")
        #expect(read.toAddress == "anna@shop.example")
        func asRead(_ text: String) -> String { text.replacingOccurrences(of: "\0", with: "").replacingOccurrences(of: "\r\n", with: "\n") }
        #expect(read.plain == asRead(mail.text))
        #expect(read.html == asRead(mail.html))
        #expect(read.types == ["text/plain; utf-8", "text/html; utf-8"])
        #expect(read.header("List-Unsubscribe") == "<https://mail.shop.example/u/t0k3n>")
        #expect(read.longestLine <= 76)
        #expect(read.strayBytes == 0)
        #expect(
            Set(read.headers.keys) == [
                "Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type", "List-Unsubscribe", "List-Unsubscribe-Post", "X-Herald-Email",
            ])
        #expect(read.headers.values.allSatisfy { $0.count == 1 })
    }

    private func compose(_ mail: RenderedMail, from sender: Sender, replyTo: String?) throws -> String {
        let composer = try #require(MailComposer(emailID: "spring-teaser", from: sender, replyTo: replyTo, date: LocalRoom.now))
        let to = try #require(EmailAddress("anna@shop.example").flatMap(MailAddress.init))
        return String(decoding: composer.compose(mail, to: to, links: MailTests.links, id: "m3ss4ge"), as: UTF8.self)
    }
}
