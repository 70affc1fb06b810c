internal import ClusterModel

/// Pods that serve Ingresses, told by the images of the common controllers.
enum IngressControllers {
    private static let images = [
        "ingress-nginx", "nginx-ingress", "traefik", "haproxy-ingress", "kubernetes-ingress", "ingress-controller",
    ]

    static func pods(_ context: CaseContext) -> [Pod] {
        guard !context.view.ingresses.isEmpty else { return [] }
        return context.view.pods.items.filter { pod in
            !pod.isFinished
                && pod.spec.containers.contains { container in
                    images.contains { container.image.contains($0) } && !container.image.contains("certgen")
                }
        }
    }
}
