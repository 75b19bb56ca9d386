/// The files of a new workspace. Small, and working as they stand.
struct StarterKit {
    let id: String
    let zone: String
    let senderName: String
    let senderEmail: String

    var files: [(path: String, text: String)] {
        [
            ("herald.yaml", settings), ("lists/newsletter.yaml", list), ("campaigns/welcome.yaml", campaign),
            ("campaigns/welcome.html", template), ("data/contacts.csv", contacts),
        ]
    }

    /// YAML in double quotes, whatever stands in it.
    private func quoted(_ text: String) -> String {
        "\""
            + text.unicodeScalars.map { scalar -> String in
                switch scalar {
                case "\"", "\\": "\\\(scalar)"
                case let control where control.value < 0x20 || control.value == 0x7F: " "
                default: String(scalar)
                }
            }.joined() + "\""
    }

    private var settings: String {
        """
        herald: 1
        workspace: \(id)
        timezone: \(zone)
        defaults:
          from: {name: \(quoted(senderName)), email: \(quoted(senderEmail))}
          postal_address: Our shop, 1 Main Street, Springfield
        sources:
          crm: {csv: data}
        entities:
          contact:
            from: crm.contacts
            key: id
            email: email
            consent: {column: consent, at: consented_at}
        providers:
          local: {transport: {outbox: .herald/outbox}, public_url: https://mail.shop.example}

        """
    }

    private var list: String {
        """
        list: newsletter
        name: Newsletter
        description: Everybody in the countries we deliver to
        entity: contact
        where: {country: {in: [DE, AT, CH]}}
        columns: [first_name, country]
        ---
        test: newsletter-is-for-where-we-deliver
        list: newsletter
        people:
          - {id: 1, email: ada@example.org, country: DE, consent: subscribed, expect: in}
          - {id: 2, email: ben@example.org, country: FR, consent: subscribed, expect: {out: where}}
          - {id: 3, email: eve@example.org, country: AT, consent: unsubscribed, expect: {out: unsubscribed}}

        """
    }

    private var campaign: String {
        """
        campaign: welcome
        name: Welcome
        code: welcome
        ---
        email: welcome-mail
        campaign: welcome
        list: newsletter
        via: local
        subject: "Welcome, {{ contact.first_name | default: 'friend' }}"
        preheader: What we sell, and how to reach us
        template: welcome.html
        schedule: manual
        ---
        test: welcome-without-a-name
        email: welcome-mail
        people:
          - {id: 1, email: ada@example.org, first_name: Ada, country: DE, consent: subscribed, expect: {subject: "Welcome, Ada"}}
          - {id: 2, email: ben@example.org, country: DE, consent: subscribed, expect: {subject: "Welcome, friend", html_lacks: ["Hello ,"]}}

        """
    }

    private var template: String {
        """
        <h1>Hello {{ contact.first_name | default: 'friend' }}</h1>
        <p>Good to have you with us. We write about once a month.</p>
        <p><small>{{ postal_address }} · <a href="{{ unsubscribe_url }}">Unsubscribe</a></small></p>

        """
    }

    private var contacts: String {
        """
        id,email,first_name,country,consent,consented_at
        1,ada@example.org,Ada,DE,subscribed,2026-03-01
        2,ben@example.org,Ben,AT,subscribed,2026-03-02
        3,cleo@example.org,,CH,subscribed,2026-03-03
        4,dan@example.org,Dan,FR,subscribed,2026-03-04
        5,eve@example.org,Eve,DE,unsubscribed,2026-03-05
        6,finn@example.org,Finn,DE,,
        7,gwen@example.org,Gwen,DE,subscribed,2026-03-07

        """
    }
}
