import ClusterModel
import FastJSON
import Testing

@Suite struct LabelSelectorTests {
    private static func selector(_ json: String) throws -> LabelSelector? { LabelSelector(try JSONValue(parsing: json)) }

    @Test func `labels and expressions must all hold`() throws {
        let selector = try #require(
            try Self.selector(
                #"""
                {"matchLabels": {"app": "cart"}, "matchExpressions": [{"key": "tier", "operator": "In", "values": ["a", "b"]},
                {"key": "canary", "operator": "DoesNotExist"}]}
                """#))
        #expect(selector.matches(["app": "cart", "tier": "a"]))
        #expect(!selector.matches(["app": "cart", "tier": "c"]))
        #expect(!selector.matches(["app": "cart"]))
        #expect(!selector.matches(["app": "cart", "tier": "b", "canary": ""]))
        #expect(selector.description == "app=cart,tier in (a,b),!canary")
    }

    @Test(
        arguments: [
            ("In", ["a"], "a", true), ("In", ["a"], nil, false), ("NotIn", ["a"], "a", false), ("NotIn", ["a"], nil, true),
            ("Exists", [], "", true), ("Exists", [], nil, false), ("DoesNotExist", [], nil, true), ("Gt", ["3"], "4", true),
            ("Gt", ["3"], "3", false), ("Lt", ["3"], "2", true), ("Lt", ["3"], "x", false), ("Gt", ["x"], "4", false),
            ("Lt", [], "1", false),
        ] as [(String, [String], String?, Bool)]) func `an operator decides`(name: String, values: [String], value: String?, isMatch: Bool)
        throws
    {
        let `operator` = try #require(LabelSelector.Requirement.Operator(rawValue: name))
        let requirement = LabelSelector.Requirement(key: "k", operator: `operator`, values: values)
        #expect(requirement.matches(value.map { ["k": $0] } ?? [:]) == isMatch)
    }

    @Test func `an empty selector matches everything, an absent one is none`() throws {
        #expect(try Self.selector("{}")?.matches(["a": "b"]) == true)
        #expect(try Self.selector("{}")?.isEmpty == true)
        for text in ["null", "[]", "7"] { #expect(try Self.selector(text) == nil) }
        #expect(LabelSelector(.missing) == nil)
    }

    @Test func `an expression that cannot be understood is passed over`() throws {
        let selector = try Self.selector(
            #"{"matchExpressions":[{"key":"a","operator":"Like"},{"operator":"In"},7,{"key":"b","operator":"Exists"}]}"#)
        #expect(selector?.matchExpressions.map(\.key) == ["b"])
    }
}
