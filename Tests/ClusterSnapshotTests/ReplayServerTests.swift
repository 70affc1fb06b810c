import ClusterModel
import FastJSON
import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite struct ReplayServerTests {
    private static func cluster() -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.namespace("other")
        cluster.deployment("cart", pods: [.running, .crashLooping(), .waiting("ImagePullBackOff", "no such image")])
        cluster.deployment("web", TemplateShape([ContainerShape("web"), ContainerShape("proxy")]), in: "other")
        cluster.service("cart", port: 8080)
        cluster.log("cart", "one\ntwo\nthree")
        cluster.removeList(.secrets, reason: "forbidden: secrets is forbidden")
        cluster.removeList(.ingresses)
        cluster.raw("ConfigMap", #"{"metadata":{"name":"a \u001b[31m<b>","namespace":"shop"},"data":{"k":"v"}}"#)
        return cluster
    }

    @Test func `discovery names what was recorded or refused, and nothing else`() async throws {
        try await withReplay(of: Self.cluster().evidence()) { replay in
            #expect(try await replay.get("/api").json["versions"].strings == ["v1"])
            let groups = try await replay.get("/apis").json["groups"].array
            #expect(groups.contains { $0["name"].string == "apps" && $0["preferredVersion", "groupVersion"].string == "apps/v1" })
            #expect(try await replay.get("/apis/apps").json["kind"].string == "APIGroup")
            let core = try await replay.get("/api/v1").json["resources"].array
            #expect(core.contains { $0["name"].string == "secrets" })
            let pods = try #require(core.first { $0["name"].string == "pods" })
            #expect(pods["namespaced"].bool == true && pods["shortNames"].strings == ["po"])
            #expect(pods["verbs"].strings == ["get", "list", "watch"])
            #expect(core.contains { $0["name"].string == "pods/log" })
            let networking = try await replay.get("/apis/networking.k8s.io/v1").json["resources"].array
            #expect(!networking.contains { $0["name"].string == "ingresses" })
            #expect(try await replay.get("/version").json["gitVersion"].string == "v1.36.2")
            #expect(try await replay.get("/version").json["minor"].string == "36")
            for path in ["/healthz", "/livez", "/readyz", "/readyz/ping"] {
                let answer = try await replay.get(path)
                #expect(answer.status == 200 && answer.text == "ok")
            }
        }
    }

    @Test func `lists hold items without kinds, single objects carry theirs`() async throws {
        try await withReplay(of: Self.cluster().evidence()) { replay in
            let list = try await replay.get("/api/v1/namespaces/shop/pods").json
            #expect(list["kind"].string == "PodList" && list["apiVersion"].string == "v1")
            #expect(list["items"].count == 3)
            #expect(list["items"].array.allSatisfy { $0["kind"].isMissing })
            #expect(list["metadata", "resourceVersion"].string?.isEmpty == false)
            #expect(try await replay.get("/api/v1/pods").json["items"].count == 4)
            let deployment = try await replay.get("/apis/apps/v1/namespaces/shop/deployments/cart").json
            #expect(deployment["kind"].string == "Deployment" && deployment["apiVersion"].string == "apps/v1")
            #expect(try await replay.get("/apis/apps/v1/namespaces/shop/deployments/cart/status").status == 200)
            #expect(try await replay.get("/api/v1/namespaces/shop").json["kind"].string == "Namespace")
            #expect(try await replay.get("/api/v1/namespaces").json["items"].count == 2)
            #expect(try await replay.get("/api/v1/nodes/worker-1").json["kind"].string == "Node")
        }
    }

    @Test func `pages add up to the list`() async throws {
        try await withReplay(of: Self.cluster().evidence()) { replay in
            var names: [String] = []
            var token = ""
            var remaining: [Int?] = []
            repeat {
                let page = try await replay.get("/api/v1/pods?limit=2&continue=\(token)").json
                names += page["items"].array.compactMap { $0["metadata", "name"].string }
                token = page["metadata", "continue"].string ?? ""
                remaining.append(page["metadata", "remainingItemCount"].int)
            } while !token.isEmpty
            let all = try await replay.get("/api/v1/pods").json["items"].array.compactMap { $0["metadata", "name"].string }
            #expect(names == all && all.count == 4)
            #expect(remaining == [2, nil])
            let selected = try await replay.get("/api/v1/pods?limit=1&labelSelector=app%3Dcart").json
            #expect(selected["metadata", "remainingItemCount"].isMissing && selected["metadata", "continue"].string != nil)
        }
    }

    @Test func `selectors narrow the list`() async throws {
        try await withReplay(of: Self.cluster().evidence()) { replay in
            let labelled = try await replay.get("/api/v1/pods?labelSelector=app+in+(web)")
            #expect(labelled.json["items"].count == 1)
            let running = try await replay.get("/api/v1/pods?fieldSelector=status.phase%3DRunning%2Cmetadata.namespace%3Dshop")
            #expect(running.json["items"].count == 2)
        }
    }

    @Test(arguments: [
        ("/api/v1/namespaces/shop/pods/nope", 404, "NotFound"),
        ("/api/v1/namespaces/nope/pods/nope", 404, "NotFound"),
        ("/apis/networking.k8s.io/v1/ingresses", 404, "NotFound"),
        ("/apis/metrics.k8s.io/v1beta1/pods", 404, "NotFound"),
        ("/api/v1/namespaces/shop/nodes", 404, "NotFound"),
        ("/api/v1/pods/nope", 404, "NotFound"),
        ("/api/v2", 404, "NotFound"),
        ("/", 404, "NotFound"),
        ("/openapi/v3", 404, "NotFound"),
        ("/api/v1/namespaces/shop/pods/..%2F..%2Fsecrets", 404, "NotFound"),
        ("/api/v1/namespaces/shop/pods/%2e%2e", 404, "NotFound"),
        ("/api/v1/namespaces/..%2f..%2fetc/pods", 404, "NotFound"),
        ("/api/v1/namespaces/shop/pods/%ff", 404, "NotFound"),
        ("/api/v1/namespaces/shop/pods/%0", 404, "NotFound"),
        ("/api/v1/namespaces/shop/pods/%00", 404, "NotFound"),
        ("/api/v1/namespaces/shop/secrets", 403, "Forbidden"),
        ("/api/v1/pods?labelSelector=%3D%3D", 400, "BadRequest"),
        ("/api/v1/pods?fieldSelector=nope", 400, "BadRequest"),
        ("/api/v1/pods?limit=many", 400, "BadRequest"),
        ("/api/v1/pods?limit=-1", 400, "BadRequest"),
        ("/api/v1/pods?continue=forged", 400, "BadRequest"),
        ("/api/v1/pods?continue=replay-999", 400, "BadRequest"),
        ("/api/v1/pods?watch=1&timeoutSeconds=soon", 400, "BadRequest"),
        ("/api/v1/namespaces/shop/pods/nope/log", 404, "NotFound"),
    ]) func `a request that cannot be served gets a Status`(path: String, status: Int, reason: String) async throws {
        try await withReplay(of: Self.cluster().evidence()) { replay in
            let answer = try await replay.get(path)
            #expect(answer.status == status)
            #expect(answer.json["kind"].string == "Status" && answer.json["status"].string == "Failure")
            #expect(answer.json["code"].int == status && answer.json["reason"].string == reason)
            #expect(answer.json["message"].string?.isEmpty == false)
            #expect(answer.type == "application/json")
        }
    }

    @Test(arguments: ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) func `nothing can be written`(method: String) async throws {
        try await withReplay(of: Self.cluster().evidence()) { replay in
            for path in ["/api/v1/namespaces/shop/pods", "/api/v1/namespaces/shop/pods/x", "/nowhere"] {
                let answer = try await replay.get(path, method: method, body: "{}")
                #expect(
                    answer.status == 405 && answer.json["reason"].string == "MethodNotAllowed" && answer.json["kind"].string == "Status")
            }
            #expect(try await replay.get("/api/v1/pods").json["items"].count == 4)
        }
    }

    @Test func `logs take the options of the API`() async throws {
        try await withReplay(of: Self.cluster().evidence()) { replay in
            let pods = try await replay.get("/api/v1/namespaces/shop/pods").json["items"].array
            let pod = "/api/v1/namespaces/shop/pods/\(pods.first?["metadata", "name"].string ?? "")/log"
            #expect(try await replay.get(pod).text == "one\ntwo\nthree\n")
            #expect(try await replay.get(pod).type.hasPrefix("text/plain"))
            #expect(try await replay.get(pod + "?tailLines=1&container=cart").text == "three\n")
            #expect(try await replay.get(pod + "?tailLines=1&timestamps=true").text == "2026-11-23T18:59:00.002Z three\n")
            #expect(try await replay.get(pod + "?limitBytes=5").text == "one\nt")
            #expect(try await replay.get(pod + "?sinceSeconds=30").text == "")
            #expect(try await replay.get(pod + "?sinceTime=2026-11-23T18:59:00.001Z").text == "two\nthree\n")
            let previous = try await replay.get(pod + "?previous=true")
            #expect(previous.status == 400 && previous.json["message"].string?.contains("previous terminated container") == true)
            #expect(try await replay.get(pod + "?container=nope").status == 400)
            for odd in ["tailLines=x", "sinceTime=yesterday", "limitBytes=0", "sinceSeconds=-4"] {
                #expect(try await replay.get(pod + "?" + odd).status == 400, "\(odd)")
            }
            let web = try await replay.get("/api/v1/namespaces/other/pods").json["items"].array.first?["metadata", "name"].string ?? ""
            let several = try await replay.get("/api/v1/namespaces/other/pods/\(web)/log")
            #expect(several.status == 400 && several.json["message"].string?.contains("[web proxy]") == true)
        }
    }

    @Test func `a watch sends what is there, then bookmarks, and ends in time`() async throws {
        try await withReplay(of: Self.cluster().evidence()) { replay in
            let start = ContinuousClock.now
            let answer = try await replay.get("/api/v1/namespaces/shop/pods?watch=true&allowWatchBookmarks=true&timeoutSeconds=1")
            #expect(ContinuousClock.now - start > .milliseconds(900))
            let events = try answer.text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
            #expect(events.map { $0["type"].string } == ["ADDED", "ADDED", "ADDED", "BOOKMARK"])
            #expect(events.first?["object", "kind"].string == "Pod")
            let version = events.last?["object", "metadata", "resourceVersion"].string ?? ""
            let later = try await replay.get("/api/v1/namespaces/shop/pods?watch=true&resourceVersion=\(version)&timeoutSeconds=0")
            #expect(later.status == 200 && later.text.isEmpty)
            let initial = try await replay.get(
                "/api/v1/pods?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=7&timeoutSeconds=0")
            #expect(initial.text.contains(#""k8s.io/initial-events-end":"true""#))
        }
    }

    @Test func `names with control characters are served as JSON escapes`() async throws {
        try await withReplay(of: Self.cluster().evidence()) { replay in
            let text = try await replay.get("/api/v1/configmaps").text
            #expect(!text.contains("\u{1B}"))
            let table = try await replay.get("/api/v1/configmaps", accept: "application/json;as=Table;v=v1;g=meta.k8s.io").text
            #expect(!table.contains("\u{1B}") && table.contains("PartialObjectMetadata"))
        }
    }

    @Test func `custom resources in a snapshot are served by their own kind`() async throws {
        var evidence = Self.cluster().evidence()
        evidence.lists["apis/example.com/v1/widgets"] = [
            try JSONValue(parsing: #"{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"w","namespace":"shop"}}"#)
        ]
        try await withReplay(of: evidence) { replay in
            let widget = try await replay.get("/apis/example.com/v1/namespaces/shop/widgets/w").json
            #expect(widget["kind"].string == "Widget" && widget["apiVersion"].string == "example.com/v1")
            #expect(widget.members.filter { $0.key == "kind" }.count == 1)
        }
    }
}
