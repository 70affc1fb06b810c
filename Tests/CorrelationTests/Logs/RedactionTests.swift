import ClusterModel
import Testing

/// What is shown of free text from a cluster.
@Suite struct RedactionTests {
    @Test(arguments: [
        ("dial postgres://cart:hunter2@db:5432/cart failed", "dial postgres://cart:***@db:5432/cart failed"),
        ("redis://:hunter2@cache:6379/0", "redis://:***@cache:6379/0"),
        ("clone https://ghp_16C7e42F292c6912E7710c838347Ae178B4a@github.com/acme/x", "clone https://***@github.com/acme/x"),
        ("DB_PASSWORD=hunter2 MODE=fast", "DB_PASSWORD=*** MODE=fast"),
        (#"{"user":"cart","password":"hunter2","port":5432}"#, #"{"user":"cart","password":"***","port":5432}"#),
        (#"{\"password\":\"hunter2\"}"#, #"{\"password\":\"***\"}"#),
        ("--api-key=abc123 --port=80", "--api-key=*** --port=80"),
        ("Authorization: Bearer abcdef123456", "Authorization: Bearer ***"),
        ("authorization: Basic Y2FydDpodW50ZXIy", "authorization: Basic ***"),
        ("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N back", "got *** back"),
        ("key AKIAIOSFODNN7EXAMPLE is disabled", "key *** is disabled"),
        ("slack xoxb-2048-4096-abcdefghijkl", "slack ***"),
        ("secret: hunter2", "secret: ***"),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMIIEvQ\n-----END RSA PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY-----"
        ),
        ("-----BEGIN PRIVATE KEY-----MIIEvQIBADAN", "-----BEGIN PRIVATE KEY-----***"),
        // Cut within its closing line, and a whole one behind it.
        (
            #"{"a":"-----BEGIN PRIVATE KEY-----MIIEvQ-----END RS","b":"-----BEGIN PRIVATE KEY-----MIIEzz-----END PRIVATE KEY-----"}"#,
            #"{"a":"-----BEGIN PRIVATE KEY-----***-----END RS","b":"-----BEGIN PRIVATE KEY-----***-----END PRIVATE KEY-----"}"#
        ),
        // Behind a certificate in the same file.
        (
            "-----BEGIN CERTIFICATE-----\nMIIDazCC\n-----END CERTIFICATE-----\n-----BEGIN EC PRIVATE KEY-----\nMIIEvQ\n-----END EC PRIVATE KEY-----",
            "-----BEGIN CERTIFICATE-----\nMIIDazCC\n-----END CERTIFICATE-----\n-----BEGIN EC PRIVATE KEY-----***-----END EC PRIVATE KEY-----"
        ),
        ("--password hunter2 --verbose", "--password *** --verbose"), ("--token --verbose x", "--token --verbose x"),
        ("…aB3+/MIIEvQ==-----END EC PRIVATE KEY----- of cart", "…***-----END EC PRIVATE KEY----- of cart"),
        ("jdbc:postgresql://db/cart?user=cart&password=hunter2&ssl=true", "jdbc:postgresql://db/cart?user=cart&password=***&ssl=true"),
    ])
    func `credentials are hidden and the rest stays`(_ text: String, _ shown: String) {
        #expect(CredentialMask.inText(text) == shown)
    }

    @Test func `a text is cut where no number and no key is cut through`() {
        let text = "the card 4111 1111 1111 1111 was refused by the gateway of the shop"
        #expect(CredentialMask.cut(text, to: 22) == "the card…")
        #expect(CredentialMask.cut(text, to: 60, tail: 44) == "the card…was refused by the gateway of the shop")
        #expect(CredentialMask.cut(text, to: 200) == text)
        #expect(CredentialMask.cut("abcdefghijklmnopqrstuvwxyz", to: 10) == "abcdefghi…")
    }

    @Test(arguments: [
        #"Error: secret "cart-credentials" not found"#,
        "couldn't find key DB_PASSWORD in Secret shop/cart-credentials",
        "Back-off pulling image \"acme/token-service:1.9\"",
        "dial tcp: lookup secret-store:8200: no such host",
        "connect to token-service:8080 refused",
        "KeyError: 'API_KEY'",
        "password authentication failed for user \"cart\"",
        "MountVolume.SetUp failed for volume \"db-credentials\" : secret \"x\" not found",
        "Missing required environment variable: STRIPE_API_KEY",
        "yaml: line 4: found character that cannot start any token",
        "SyntaxError: Unexpected token } in JSON at position 40",
        "token: expected ',' but got 'x'",
        "0/3 nodes are available: 1 node(s) had untolerated taint {key: value}",
        "Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed.",
        "2026-11-23T18:00:00Z max_tokens: 512",
        "x509: certificate has expired or is not yet valid: current time 2026-11-23T18:00:00Z is after 2026-11-01T00:00:00Z",
        "sk-learn-service-7d8f9c6b5-abcde is not ready",
    ])
    func `ordinary words stay as they are`(_ text: String) {
        #expect(CredentialMask.inText(text) == text)
    }
}
