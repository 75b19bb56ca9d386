import Foundation

/// A small shop for tests: people in a CSV file, a list, a campaign and an email that is sent by hand.
extension HeraldWorkspace {
    static func shop(people: String = HeraldWorkspace.people, transport: String = "{outbox: .herald/outbox}") throws -> HeraldWorkspace {
        let workspace = HeraldWorkspace()
        workspace.variables["HERALD_NOW"] = "2026-11-24T12:00:00Z"
        try workspace.write(
            "herald.yaml",
            """
            herald: 1
            workspace: shop
            timezone: Europe/Berlin
            defaults:
              from: {name: Our Shop, email: news@shop.example}
              postal_address: Our Shop, 1 Main Street, Springfield
            sources:
              crm: {csv: data}
            entities:
              contact:
                from: crm.contacts
                key: id
                email: email
                consent: {column: consent, at: consented_at}
            providers:
              local: {transport: \(transport), public_url: https://mail.shop.example}
            """)
        try workspace.write("lists/newsletter.yaml", list)
        try workspace.write("campaigns/welcome.yaml", campaign)
        try workspace.write("campaigns/welcome.html", template)
        try workspace.write("data/contacts.csv", people)
        return workspace
    }

    static let list = """
        list: newsletter
        name: Newsletter
        entity: contact
        where: {country: {in: [DE, AT]}}
        columns: [first_name, country]
        """

    static let campaign = """
        campaign: welcome
        name: Welcome
        code: welcome
        ---
        email: welcome-mail
        campaign: welcome
        list: newsletter
        via: local
        subject: "Welcome, {{ contact.first_name | default: 'friend' }}"
        template: welcome.html
        schedule: manual
        """

    static let template = """
        <h1>Hello {{ contact.first_name | default: 'friend' }}</h1>
        <p>{{ postal_address }} <a href="{{ unsubscribe_url }}">Unsubscribe</a></p>
        """

    static let people = """
        id,email,first_name,country,consent,consented_at
        1,ada@example.org,Ada,DE,subscribed,2026-03-01
        2,ben@example.org,Ben,AT,subscribed,2026-03-02
        3,cleo@example.org,,DE,subscribed,2026-03-03
        4,dan@example.org,Dan,FR,subscribed,2026-03-04
        5,eve@example.org,Eve,DE,unsubscribed,2026-03-05
        6,finn@example.org,Finn,DE,,
        7,ADA@example.org,Ada again,DE,subscribed,2026-03-01

        """

    /// Mails in the outbox, in the order of their names.
    var mails: [String] { files(below: ".herald/outbox").filter { $0.hasSuffix(".eml") }.map(read) }

    /// Runs a line of words, for tests that run many.
    @discardableResult
    func herald(_ line: String, with more: [String: String] = [:], input: String? = nil) throws -> HeraldRun {
        try run(arguments: line.split(separator: " ").map(String.init), input: input, with: more)
    }

    /// `state init`, plan and apply; returns what apply said.
    @discardableResult
    func applyAll() throws -> HeraldRun {
        if !exists(".herald/state.json") { try herald("state init") }
        try herald("plan")
        return try herald("apply output/plan.json")
    }
}
