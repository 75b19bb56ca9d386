import Foundation
import Testing

@testable import HeraldStore

@Suite("herald's own JSON")
struct JSONTextTests {
    @Test(
        "Reads what RFC 8259 allows of it, and nothing else",
        arguments: [
            (#"{"a":[1,-2,true,false,null,"x"],"b":{}}"#, true), (" [ ] ", true), (#""\u00e9\ud83d\ude00\n\/""#, true), ("12", true),
            ("", false), ("{", false), (#"{"a"}"#, false), (#"{"a":1,}"#, false), ("[1 2]", false), ("1.5", false), ("tru", false), ("truex", false),
            ("\"\u{1}\"", false), (#""\ud83d""#, false), (#""\q""#, false), (#""\u12g4""#, false), ("[1]x", false), ("+1", false), ("\"a", false),
            ("99999999999999999999", false),
        ])
    func reads(_ text: String, _ isValid: Bool) {
        #expect(((try? JSONText(Array(text.utf8))) != nil) == isValid)
    }

    @Test("Escapes are read as what they mean, and written so that others read them alike")
    func escapes() throws {
        let text = "a\"b\\c\n\t\u{1}é\u{1F600}/\u{2028}"
        let bytes = JSONText.array([.string(text)]).bytes()
        #expect(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String] == [text])
        #expect(try JSONText(bytes).items().first?.string() == text)
        #expect(try JSONText(Array(#"["\u00e9\ud83d\ude00\b\f\r"]"#.utf8)).items().first?.string() == "é\u{1F600}\u{8}\u{C}\r")
    }

    @Test("Invalid UTF-8 and deep nesting are damage")
    func hostile() {
        #expect(throws: JSONText.Damage.self) { try JSONText([0x22, 0xFF, 0x22]) }
        #expect(throws: JSONText.Damage.self) { try JSONText([0x22, 0x5C, 0x6E, 0xFF, 0x22]) }
        #expect(throws: JSONText.Damage.self) { try JSONText([UInt8](repeating: 0x5B, count: 1_000_000)) }
    }
}
