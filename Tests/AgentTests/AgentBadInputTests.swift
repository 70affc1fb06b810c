import ClusterModel
import KubernetesAgentService
import TestSupport
import Testing

/// Whatever is sent: the error body, the right status, and a process that lives on.
@Suite(.timeLimit(.minutes(2)))
struct AgentBadInputTests {
    @Test func `every malformed request gets its error body from a process that stays alive`() async throws {
        #expect(BadAgentRequests.all.count >= 60)
        let cluster = FakeCluster(shop().evidence())
        let agent = AgentUnderTest(cluster).agent
        try await withLiveServer({ onListening in try agent.application { onListening($0) } }) { port async throws in
            for request in BadAgentRequests.all {
                let name = Comment(rawValue: request.description)
                do {
                    let answer = try await RawHTTP.send(request.bytes, port: port, closesSending: request.closesSending)
                    #expect(answer.isProblem(request.status), "\(name): \(answer.status) \(answer.body.prefix(300))")
                    #expect(answer.isHardened, name)
                    if request.status == 405 { #expect(answer.header("Allow")?.isEmpty == false, name) }
                } catch {
                    Issue.record(error, name)
                }
                #expect(try await RawHTTP.request("GET", "/health", port: port).status == 200, name)
            }
        }
        // Only the two requests for a pod that is not there were worth a question to the cluster.
        #expect(Set(cluster.podCalls) == [.get(.pods, namespace: "shop", name: "ghost")])
    }
}
