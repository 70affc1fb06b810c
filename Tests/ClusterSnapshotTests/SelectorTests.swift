import ClusterModel
import FastJSON
import KubernetesClient
import Testing

@testable import ClusterSnapshot

@Suite struct SelectorTests {
    @Test(arguments: [
        ("app=cart", true), ("app==cart", true), ("app!=cart", false), ("app!=shop", true), ("missing!=x", true),
        ("app", true), ("!app", false), ("!missing", true), ("app in (a, cart)", true), ("app notin (cart)", false),
        ("missing notin (cart)", true), ("app=cart,tier=web", true), (" app = cart , tier in (web) ", true), ("app=cart,tier=db", false),
        ("app.kubernetes.io/name=cart", true), ("size>3", true), ("size<3", false), ("", true), ("empty=", true), ("in=x", true),
    ]) func `a label selector selects as the API server does`(text: String, isMatch: Bool) throws {
        let labels = ["app": "cart", "tier": "web", "app.kubernetes.io/name": "cart", "size": "5", "empty": "", "in": "x"]
        #expect(try LabelSelectorSyntax.parse(text).matches(labels) == isMatch)
    }

    @Test(arguments: [
        "=x", "app=a=b", "app in a", "app in (a", "app in", ",", "app,,b", "app=cart,", "a b", "app ~ x", "!", "a/b/c=x", "size>x",
        "app=-x", "-app=x", "app=(x)", String(repeating: "a", count: 64), "app=\u{1B}", "/x=y",
    ]) func `a malformed label selector is refused`(text: String) {
        #expect(throws: LabelSelectorSyntax.Failure.self) { try LabelSelectorSyntax.parse(text) }
    }

    @Test(arguments: [
        ("metadata.name=cart-0", true), ("metadata.name==cart-0", true), ("metadata.name!=cart-0", false), ("spec.nodeName=", true),
        ("spec.nodeName!=", false), ("status.phase=Running,metadata.namespace=shop", true), ("status.phase!=Running", false),
        ("involvedObject.uid=1", false), ("spec.hostNetwork=true", true), ("spec.priority=5", true), ("", true),
        (#"metadata.annotations.note=a\,b\=c\\"#, true), ("source=kubelet", true),
    ]) func `a field selector compares any dotted path`(text: String, isMatch: Bool) throws {
        let pod = try JSONValue(
            parsing: #"""
                {"metadata": {"name": "cart-0", "namespace": "shop",
                "annotations": {"note": "a,b=c\\"}}, "source": {"component": "kubelet"},
                "spec": {"hostNetwork": true, "priority": 5}, "status": {"phase": "Running"}}
                """#)
        #expect(try FieldSelector(parsing: text).matches(pod) == isMatch)
    }

    @Test(arguments: ["metadata.name", "=x", "metadata..name=x", "a=b=c", #"a=\x"#, #"a=b\"#, "a b=c"])
    func `a malformed field selector is refused`(text: String) {
        #expect(throws: FieldSelector.Failure.self) { try FieldSelector(parsing: text) }
    }

    @Test func `both kinds of malformed selectors are bad requests`() {
        for selection in [ListSelection(labels: "=="), ListSelection(fields: "nope")] {
            #expect { try ObjectSelection(selection) } throws: { if case ClusterReadError.badRequest = $0 { true } else { false } }
        }
    }
}
