import ClusterModel
import Testing

@Suite struct QuantityTests {
    @Test(arguments: [
        ("0", 0), ("1", 1), ("500m", 0.5), ("1.5", 1.5), ("64Mi", 67_108_864), ("1Gi", 1_073_741_824), ("1e3", 1_000), ("1E3", 1_000),
        ("12E", 12e18), ("2k", 2_000), ("100n", 1e-7), ("-5", -5), ("+5", 5), (".5", 0.5), ("3Ki", 3_072), ("1e-3", 0.001), ("7u", 7e-6),
    ]) func `a quantity has a value`(text: String, value: Double) throws {
        let quantity = try #require(Quantity(text))
        #expect(abs(quantity.value - value) <= abs(value) * 1e-12)
        #expect(quantity.description == text)
    }

    @Test(arguments: ["", "Mi", "1Zi", "ten", "1 Gi", "1mi", "--1", "1.2.3", "1e", "∞", "nan"]) func `other text is none`(text: String) {
        #expect(Quantity(text) == nil)
    }

    @Test func `quantities of different units compare`() throws {
        let (small, large) = (try #require(Quantity("900Mi")), try #require(Quantity("1Gi")))
        #expect(small < large && !(large < small))
    }
}
