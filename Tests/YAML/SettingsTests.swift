import HeraldModel
import Testing

@testable import HeraldYAML

/// What herald.yaml means: defaults, overlays, variables.
@Suite struct SettingsTests {
    private static let head = "herald: 1\nworkspace: acme\ntimezone: UTC\nsources: {crm: {csv: data}}\nentities: {contact: {from: crm.contacts, key: id}}\n"

    @Test func whatIsNotSaidHasItsDefault() throws {
        let settings = try #require(decodeSettings(Self.head + "providers: {local: {transport: {smtp: {host: h}}}, mailchimp: {api_key: \"${K}\", audience: N}}\n"))
        #expect(settings.policies.massChange == .init(removals: 30, floor: 10))
        #expect(settings.maySend && settings.state == nil && settings.environments.isEmpty)
        guard case .local(let local) = settings.providers[0].settings, case .smtp(let smtp) = local.transport.value else { return #expect(Bool(false)) }
        #expect(local.database == ".herald/local.sqlite" && smtp.port == 587 && smtp.tls == .required && smtp.connections == 4 && smtp.rate == nil)
        guard case .mailchimp(let mailchimp) = settings.providers[1].settings else { return #expect(Bool(false)) }
        #expect(mailchimp.activity == CalendarDuration(90, .day) && mailchimp.conflict == .remote && mailchimp.onRemove == .leave && mailchimp.optIn == nil)
        #expect(mailchimp.apiKey == .environment("K"))
    }

    // MARK: Environments

    private static let environments = """
        providers: {local: {transport: {outbox: out}, public_url: https://a.example}}
        state: {local: .herald}
        environments:
          staging: {send: false, timezone: Europe/Berlin}
          production:
            sources: {crm: {postgres: "${CRM}"}}
            providers: {local: {transport: {smtp: {host: smtp.acme.example}}}}
            state: {git: {}}
            entities: {contact: {email: mail}}

        """

    @Test func anOverlayMergesMapsAndReplacesScalars() throws {
        let plain = try #require(decodeSettings(Self.head + Self.environments))
        #expect(plain.timezone.value == "UTC" && plain.maySend && plain.environment == nil)
        #expect(plain.environments.map(\.value) == ["staging", "production"])
        let staging = try #require(decodeSettings(Self.head + Self.environments, environment: "staging"))
        #expect(staging.timezone.value == "Europe/Berlin" && !staging.maySend && staging.environment == "staging")
        #expect(staging.timezone.span.line == 9)
        #expect(staging.entities.first?.key.value == "id")
    }

    /// An outbox here and a mail server there would be both at once, if they were merged.
    @Test func aChoiceMadeAnewReplacesTheOther() throws {
        let production = try #require(decodeSettings(Self.head + Self.environments, environment: "production"))
        #expect(Reading.settings.problems(Array((Self.head + Self.environments).utf8), environment: "production").isEmpty)
        guard case .local(let local) = production.providers[0].settings, case .smtp = local.transport.value else { return #expect(Bool(false)) }
        #expect(local.publicURL?.value == "https://a.example")
        #expect(production.sources.first?.location.value == .postgres(.environment("CRM")))
        #expect(production.state?.value == .git(remote: "origin", branch: "herald-state"))
        #expect(production.entities.first?.email?.value == "mail" && production.entities.first?.key.value == "id")
    }

    @Test func listsReplace() throws {
        let text = Self.head + "removed: [list.a, list.b]\nenvironments: {staging: {removed: [list.c]}}\n"
        #expect(decodeSettings(text, environment: "staging")?.removed.map(\.value.id) == ["c"])
    }

    @Test func anUnknownEnvironmentIsToldWithTheNearest() {
        let found = Reading.settings.problems(Array((Self.head + Self.environments).utf8), environment: "stagin")
        #expect(found.map(\.rule.code) == ["unknown-environment"] && found.first?.suggestion == "did you mean `staging`?")
    }

    @Test func aMistakeIsToldOnceWhateverTheNumberOfEnvironments() {
        let text = Self.head + "providers: {local: {}}\nenvironments: {a: {}, b: {}, c: {timezone: UTC}}\n"
        #expect(Reading.settings.problems(text).map(\.rule.code) == ["missing-key"])
    }

    // MARK: Variables

    @Test func variablesAreFilledInWhereverTextStands() throws {
        let text =
            Self.head + """
                providers: {local: {database: "${DIR}/local.sqlite", public_url: "https://${HOST}/m", transport: {smtp: {host: "${HOST}", port: "${PORT}", tls: "${TLS}"}}}}

                """
        let variables = ["DIR": "/var/herald", "HOST": "mail.acme.example", "PORT": "2525", "TLS": "none"]
        #expect(Reading.settings.problems(Array(text.utf8), variables: variables).map(\.told) == [])
        guard case .local(let local)? = decodeSettings(text, variables: variables)?.providers.first?.settings, case .smtp(let smtp) = local.transport.value else {
            return #expect(Bool(false))
        }
        #expect(local.database == "/var/herald/local.sqlite" && local.publicURL?.value == "https://mail.acme.example/m")
        #expect(smtp.host.value == "mail.acme.example" && smtp.port == 2525 && smtp.tls == .none)
    }

    @Test func whatAVariableHoldsIsCheckedAndNotTold() {
        let text = Self.head + "providers: {local: {public_url: \"${URL}\", transport: {smtp: {host: h, port: \"${PORT}\"}}}}\n"
        let found = Reading.settings.problems(Array(text.utf8), variables: ["URL": "http://hidden.example", "PORT": "hidden"])
        #expect(found.map(\.rule.code) == ["bad-value", "wrong-type"])
        #expect(found.allSatisfy { !$0.told.contains("hidden") })
    }

    @Test func anUnsetVariableIsACredentialThatLacks() {
        let text = Self.head + "defaults: {from: {name: \"${NAME}\", email: a@acme.example}, postal_address: Here}\n"
        #expect(Reading.settings.problems(text).map(\.rule.exit) == [.credentials])
    }

    @Test func anEnvironmentNotInForceMayLackItsVariables() {
        let text = Self.head + "environments: {production: {providers: {local: {public_url: \"${URL}\", transport: {smtp: {host: \"${HOST}\"}}}}}}\n"
        #expect(Reading.settings.problems(text).map(\.told) == [])
        #expect(Reading.settings.problems(Array(text.utf8), environment: "production").map(\.rule.code) == ["unset-variable", "unset-variable"])
    }

    // MARK: Secrets

    /// Nothing on such a line is shown, whatever else is wrong on it or above it.
    @Test(arguments: [
        "providers: {mailchimp: {api_key: sk-1, audiense: N}}", "providers: {mailchmp: {api_key: sk-1}}", "providers: {mailchimp: {api_kye: sk-1, audience: N}}",
        "providers: {local: {transport: {smtp: {host: 1 2, password: sk-1}}}}", "kye: sk-1",
    ]) func aLineWithASecretIsNeverShown(_ line: String) {
        let found = Reading.settings.problems(Self.head + line + "\n")
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { !$0.showsLine && !$0.told.contains("sk-1") }, "\(found.map(\.told))")
    }

    @Test func secretsAreNamesAndFiles() throws {
        let text =
            Self.head
            + "key: {file: secrets/key}\nproviders: {dotdigital: {user: \"${USER_1}\", password: {file: /run/secrets/dd}, oauth: {client_id: herald, client_secret: \"${S}\"}}}\n"
        let settings = try #require(decodeSettings(text))
        #expect(settings.key?.value == .file("secrets/key"))
        guard case .dotdigital(let dotdigital)? = settings.providers.first?.settings else { return #expect(Bool(false)) }
        #expect(dotdigital.user == .environment("USER_1") && dotdigital.password == .file("/run/secrets/dd"))
        #expect(dotdigital.oauth?.clientID.value == "herald" && dotdigital.oauth?.clientSecret == .environment("S"))
    }

    @Test func theSecretKeysAreThoseOfTheShapes() {
        let shapes = Reference.chapters.flatMap(\.shapes)
        let secret = Set(shapes.flatMap { shape in shape.keys.filter { $0.type == KeyShape.secret }.map(\.name) })
        #expect(secret == Set(SecretLines.keys + ["key"]))
    }
}
