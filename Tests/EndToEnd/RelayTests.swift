import Foundation
import HeraldFakes
import Testing

/// herald's mails through a real server: TLS with a certificate that is checked, a log-in, and an independent reader at the other end.
@Suite("A relay with TLS and a log-in (Exim)", .serialized, .enabled(if: EximRelay.isPossible, "exim4-daemon-light is not installed; make test installs it"))
struct RelayTests {
    private func shop(_ relay: EximRelay, people: Int) throws -> HeraldWorkspace {
        let rows = (1...people).map { "\($0),p\($0)@example.org,\($0 % 2 == 0 ? "Jürgen \($0)" : "."),DE,subscribed,2026-01-01\n" }.joined()
        let shop = try HeraldWorkspace.shop(
            people: "id,email,first_name,country,consent,consented_at\n" + rows,
            transport: "{smtp: {host: localhost, port: \(relay.port), user: \"${SMTP_USER}\", password: \"${SMTP_PASSWORD}\", connections: 3}}")
        // A line that is nothing but a dot, and one that is longer than any server takes.
        try shop.write("campaigns/welcome.html", HeraldWorkspace.template + "<p>\n.\n..\n</p><p>" + String(repeating: "long line ", count: 300) + "</p>\n")
        shop.variables["SMTP_USER"] = EximRelay.user
        shop.variables["SMTP_PASSWORD"] = EximRelay.password
        shop.variables["SSL_CERT_FILE"] = relay.certificate
        return shop
    }

    @Test("everybody's mail arrives once, and is right") func arrives() throws {
        let sink = FakeSMTPServer(extensions: ["8BITMIME"])
        let relay = try EximRelay(sink: sink)
        let shop = try shop(relay, people: 100)
        let sent = try shop.sendAll()
        #expect(sent.code == 0 && sent.out.contains("sent to 100 people, 0 failed, 0 unknown"), "\(sent.all) \(relay.log)")
        #expect(EximRelay.wait { sink.mails.count >= 100 }, "\(sink.mails.count) \(relay.log)")
        #expect(sink.counts == HeraldWorkspace.once(100))
        for (number, mail) in sink.mails.enumerated() { try shop.write("sink/\(number).eml", mail.text) }
        let read = try shop.run("python3", "-c", RelayTests.reader, "sink", program: "/usr/bin/env")
        #expect(read.code == 0 && read.out == "100 mails\n", "\(read.all)")
    }

    @Test("a certificate of nobody, a password that is wrong, an address of the server that is not the certificate's") func refused() throws {
        let sink = FakeSMTPServer()
        let relay = try EximRelay(sink: sink)
        let shop = try shop(relay, people: 3)
        try shop.prepareSend()
        shop.variables["SSL_CERT_FILE"] = nil
        let stranger = try shop.herald(HeraldWorkspace.sending)
        #expect(stranger.code == 1 && stranger.err.contains("is not one that is trusted"), "\(stranger.all)")
        shop.variables["SSL_CERT_FILE"] = relay.certificate
        shop.variables["SMTP_PASSWORD"] = "wrong-canary"
        try shop.herald("plan")
        let wrong = try shop.herald(HeraldWorkspace.sending)
        #expect(wrong.code == 4 && wrong.err.contains("refused the log-in (535"), "\(wrong.all)")
        try shop.write("herald.yaml", shop.read("herald.yaml").replacing("host: localhost", with: "host: 127.0.0.1"))
        shop.variables["SMTP_PASSWORD"] = EximRelay.password
        try shop.herald("plan")
        let other = try shop.herald(HeraldWorkspace.sending)
        #expect(other.code == 1 && other.err.contains("is not one that is trusted"), "\(other.all)")
        #expect(sink.mails.isEmpty)
        try shop.write("herald.yaml", shop.read("herald.yaml").replacing("host: 127.0.0.1", with: "host: localhost"))
        try shop.herald("plan")
        #expect(try shop.herald(HeraldWorkspace.sending).code == 0)
    }

    /// Python's `email` reads each mail, and this says what is against RFC 5322, 2045, 2047 and 8058.
    private static let reader = #"""
        import email, email.policy, email.utils, os, re, sys
        ids, links, bad, count = set(), set(), [], 0
        for name in sorted(os.listdir(sys.argv[1])):
            raw = open(os.path.join(sys.argv[1], name), "rb").read()
            mail = email.message_from_bytes(raw, policy=email.policy.default)
            count += 1
            def need(what, is_so):
                if not is_so: bad.append(f"{name}: {what}")
            for part in mail.walk(): need(f"defects {part.defects}", not part.defects)
            for header in ("From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post", "X-Herald-Email", "MIME-Version"):
                need(f"one {header}", len(mail.get_all(header, [])) == 1)
            # RFC 8058, 3.1: one HTTPS URI, and exactly this in the other.
            link = re.fullmatch(r"<(https://[!-;=?-~]+)>", re.sub(r"\s", "", str(mail["List-Unsubscribe"])))
            need("List-Unsubscribe", link is not None)
            need("List-Unsubscribe-Post", str(mail["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click")
            need("the link is its own", link and link.group(1) not in links and link.group(1) in mail.get_body(("html",)).get_content())
            if link: links.add(link.group(1))
            need("Message-ID is its own", mail["Message-ID"] not in ids)
            ids.add(mail["Message-ID"])
            need("Date", email.utils.parsedate_to_datetime(mail["Date"]) is not None)
            need("X-Herald-Email", mail["X-Herald-Email"] == "welcome-mail")
            number = int(re.match(r"p(\d+)@", mail["To"].addresses[0].addr_spec).group(1))
            need("subject", mail["Subject"] == (f"Welcome, Jürgen {number}" if number % 2 == 0 else "Welcome, ."))
            html = mail.get_body(("html",)).get_content().replace("\r\n", "\n")
            need("dots", "<p>\n.\n..\n</p>" in html and "long line " * 300 in html)
            lines = raw.split(b"\r\n")
            need("CRLF", b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b""))
            # Those that the relay adds are not ours.
            ours = lines[next(i for i, line in enumerate(lines) if line.startswith(b"Date: ")):]
            need("long lines", max(map(len, ours)) <= 78 or max(map(len, ours)) <= 998 and not [l for l in ours if len(l) > 78 and not l.startswith((b"List-Unsubscribe", b"Message-I"))])
            need("ASCII", all(byte < 128 for byte in raw))
        print("\n".join(bad) if bad else f"{count} mails")
        sys.exit(bool(bad))
        """#
}
