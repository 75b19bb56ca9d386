import HeraldModel
import Testing

@testable import HeraldTemplate

/// What the Liquid subset makes of a template.
@Suite struct LiquidTests {
    @Test(arguments: [
        // values
        ("{{ contact.city }}", "London"), ("{{contact.city}}", "London"), ("{{ 'x' }}", "x"), ("{{ \"it's\" }}", "it&#39;s"), ("{{ 12.50 }}", "12.5"), ("{{ true }}", "true"),
        ("{{ campaign.name }}", "Spring &lt;sale&gt;"), ("{{ campaign.code }}", "spring27"), ("{{ site.shop.url }}", "https://shop.example"),
        ("{{ contact.id }}", "7"), ("{{ contact.spent }}", "1234.5"), ("{{ contact.vip }}", "true"), ("{{ contact.tags }}", "cats, dogs"),
        ("{{ contact.joined }}", "2027-01-05 13:04:05"), ("{{ view_url }}", "https://mail.acme.example/v/T0K3N"),
        // filters
        ("{{ contact.first_name | default: 'friend' }}", "Ada"), ("{{ contact.first_name | default: contact.city }}", "Ada"),
        ("{{ contact.city | upcase }}", "LONDON"), ("{{ contact.city | downcase }}", "london"), ("{{ 'éclair' | capitalize }}", "Éclair"),
        ("{{ contact.city | downcase | capitalize }}", "London"), ("{{ contact.city | truncate: 4 }}", "Lon…"), ("{{ contact.city | truncate: 6 }}", "London"),
        ("{{ contact.city | truncate: 1 }}", "…"), ("{{ 'a & b' | escape }}", "a &amp; b"), ("{{ 'a & b' | escape | upcase }}", "A &amp; B"),
        ("{{ contact.spent | money: 'EUR' }}", "1,234.50 EUR"), ("{{ contact.birthday | default: 'soon' | date: 'd MMMM yyyy' }}", "10 December 1990"),
        ("{{ contact.joined | date }}", "2027-01-05 13:04"), ("{{ contact.joined | date: \"EEEE, d. MMM yy 'at' h:mm a\" }}", "Tuesday, 5. Jan 27 at 1:04 PM"),
        ("{{ contact.joined | date: 'HH:mm:ss' | truncate: 5 }}", "13:0…"), ("{{ contact.city | default: 'a | b: c' }}", "London"),
        // white space
        ("a {{- contact.city -}} b", "aLondonb"), ("a {{- contact.city }} b", "aLondon b"), ("a\n  {%- if contact.vip -%}\n  x\n {%- endif %} b", "ax b"),
        ("{{-5-}}.", "5."), ("x {% comment -%} y {%- endcomment -%} z", "x z"),
        // raw and comment
        ("{% raw %}{{ contact.city }}{% endraw %}", "{{ contact.city }}"), ("a{% comment %}{{ nothing.here }} {% if %}{% endcomment %}b", "ab"),
        ("{% raw %}{% if x %}{% endraw %}", "{% if x %}"),
        // if
        ("{% if contact.vip %}yes{% endif %}", "yes"), ("{% if contact.vip == true %}yes{% else %}no{% endif %}", "yes"),
        ("{% if contact.vip == false %}yes{% else %}no{% endif %}", "no"),
        ("{% if contact.city == 'Paris' %}P{% elsif contact.city == 'London' %}L{% else %}?{% endif %}", "L"),
        ("{% if contact.city == 'Rome' %}R{% elsif contact.city == 'Paris' %}P{% endif %}", ""),
        ("{% if contact.id > 6 and contact.id <= 7 %}in{% endif %}", "in"), ("{% if contact.id < 7 or contact.city contains 'ond' %}in{% endif %}", "in"),
        ("{% if contact.id == 7.0 %}same{% endif %}", "same"), ("{% if contact.spent >= 1234.50 %}much{% endif %}", "much"), ("{% if contact.id > 10 %}text order{% endif %}", ""),
        ("{% if contact.tags contains 'dogs' %}dogs{% endif %}", "dogs"), ("{% if contact.tags contains 'dog' %}dog{% endif %}", ""),
        ("{% if contact.city != 'Paris' %}not{% endif %}", "not"),
        ("{% if contact.first_name != '' %}{{ contact.first_name }}{% endif %}", "Ada"), ("{% if contact.first_name and contact.vip %}{{ contact.first_name }}{% endif %}", "Ada"),
        ("{% if contact.birthday > '1990-01-01' %}{{ contact.birthday }}{% endif %}", "1990-12-10"), ("{% if contact.city | upcase == 'LONDON' %}up{% endif %}", "up"),
        ("{% if contact.vip %}{% if contact.id == 7 %}both{% endif %}{% endif %}", "both"), ("{% if \"%}\" == '%}' %}quoted{% endif %}", "quoted"),
        // case
        ("{% case contact.city %}{% when 'Paris', 'Rome' %}south{% when 'London' or 'Oslo' %}north{% else %}?{% endcase %}", "north"),
        ("{% case contact.id %} {% when 8 %}8{% else %}other{% endcase %}", "other"),
        // for
        ("{% for tag in contact.tags %}[{{ tag | upcase }}]{% endfor %}", "[CATS][DOGS]"),
        ("{% for tag in contact.tags %}{% if tag == 'cats' %}{{ tag }}{% endif %}{% endfor %}", "cats"),
    ]) func renders(_ template: String, _ expected: String) { #expect(body(template) == expected, "\(Mail(template).told)") }

    @Test(arguments: [
        ("{{ contact.first_name | default: 'friend' }}", "friend"), ("{{ contact.first_name | upcase | default: 'friend' }}", "friend"),
        ("{{ contact.first_name | default: contact.city }}", "London"), ("{% if contact.first_name %}{{ contact.first_name }}{% else %}you{% endif %}", "you"),
        ("{% if contact.first_name == '' %}nameless{% endif %}", "nameless"),
        ("{% if contact.birthday < '2000-01-01' or contact.birthday >= '2000-01-01' %}born{% else %}unborn{% endif %}", "unborn"),
        ("{% if contact.vip %}vip{% else %}plain{% endif %}", "plain"), ("{% for tag in contact.tags %}{{ tag }}{% endfor %}", ""), ("{{ contact.first_name | default: '' }}", ""),
    ]) func emptyValues(_ template: String, _ expected: String) {
        #expect(body(template, ["first_name": .empty, "birthday": .empty, "vip": .boolean(false), "tags": .empty]) == expected, "\(Mail(template).told)")
    }

    @Test func aLoopGoesRoundAHundredTimesAtMost() {
        let tags = Value.many((0..<1_000).map { Text("t\($0)") })
        #expect(body("{% for t in contact.tags %}.{% endfor %}", ["tags": tags]) == String(repeating: ".", count: 100))
    }

    @Test(arguments: [
        ("0", "0.00"), ("0.005", "0.00"), ("0.015", "0.02"), ("0.025", "0.02"), ("-0.015", "-0.02"), ("999.999", "1,000.00"), ("1234567.8", "1,234,567.80"), ("-1", "-1.00"),
        ("12345678901234567890123456.78", "12,345,678,901,234,567,890,123,456.78"), ("0.0000000000000000000000000001", "0.00"),
    ]) func moneyIsRoundedHalfToEven(_ number: String, _ expected: String) {
        #expect(Decimal(parsing: number).map(Money.text) == expected)
        #expect(Money.text(Decimal(coefficient: Int128.max)) == Int128.max.description)
    }

    @Test func subjectsMayDiffer() {
        var mail = Mail("")
        mail.subjects = ["Hello {{ contact.first_name | default: 'you' }}", "{% if contact.vip %}For VIPs{% else %}For all{% endif %}"]
        #expect(mail.rendered()?.subject == "Hello Ada")
        #expect(mail.rendered(subject: 1)?.subject == "For VIPs")
    }
}
