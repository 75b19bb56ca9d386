import Foundation
import Testing

/// What Python's `email`, an independent reader, makes of the mails in a folder.
enum MailReading {
    struct Mail: Decodable {
        let file: String
        /// Whatever is against the rules, of the mail, its parts and its headers.
        let defects: [String]
        let headers: [String: [String]]
        let types: [String]
        let plain: String
        let html: String
        let fromName: String
        let fromAddress: String
        let toAddress: String
        let longestLine: Int
        /// Bytes outside ASCII, controls, and line breaks that are not CRLF.
        let strayBytes: Int

        func header(_ name: String) -> String? { headers[name]?.first }
    }

    static let isPossible = (try? run(["-c", "import email, json"], at: "/")) != nil

    static func read(_ folder: String) throws -> [Mail] { try JSONDecoder().decode([Mail].self, from: run(["-c", script], at: folder)) }

    private static func run(_ arguments: [String], at folder: String) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.standardError
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        struct Failed: Error {}
        guard process.terminationStatus == 0 else { throw Failed() }
        return data
    }

    private static let script = #"""
        import email, email.header, email.policy, email.utils, json, os, re
        # Python's newer reader of addresses leaves spaces between encoded words, against RFC 2047, 6.2.
        def display_name(raw):
            sender = email.message_from_bytes(raw, policy=email.policy.compat32)["From"]
            return str(email.header.make_header(email.header.decode_header(email.utils.parseaddr(sender)[0])))
        mails = []
        for name in sorted(os.listdir(".")):
            raw = open(name, "rb").read()
            message = email.message_from_bytes(raw, policy=email.policy.strict)
            defects = [repr(d) for part in message.walk() for d in part.defects]
            defects += [f"{k}: {d!r}" for part in message.walk() for k, v in part.items() for d in v.defects]
            headers = {}
            for key, value in message.items():
                headers.setdefault(key, []).append(str(value))
            parts = message.get_body(("plain",)), message.get_body(("html",))
            text = lambda part: part.get_content().replace("\r\n", "\n")
            mails.append({
                "file": name, "defects": defects, "headers": headers,
                "types": [p.get_content_type() + "; " + str(p.get_content_charset()) for p in message.iter_parts()],
                "plain": text(parts[0]), "html": text(parts[1]),
                "fromName": display_name(raw), "fromAddress": message["From"].addresses[0].addr_spec,
                "toAddress": message["To"].addresses[0].addr_spec,
                "longestLine": max(len(line) for line in raw.split(b"\r\n")),
                "strayBytes": len(re.findall(rb"[^\x20-\x7e\t\r\n]|\r(?!\n)|(?<!\r)\n", raw)),
            })
        print(json.dumps(mails))
        """#
}
