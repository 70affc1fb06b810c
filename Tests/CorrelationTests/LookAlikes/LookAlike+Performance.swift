import IncidentModel
import TestSupport

extension LookAlike {
    /// Incidents that only measurements show.
    static let performance: [LookAlike] = [
        LookAlike(
            cause: .cpuThrottled, object: "Deployment shop/cart", details: ["container": "cart", "resource": "cpu", "found": "500m"],
            question: slow,
            fault: { .shop([RecordedFault(.cpuStress(slower: 12), in: "cart")]) },
            twinIs: "packets that come late to a program with CPU to spare", twinCause: .networkDegraded,
            twin: { .shop([RecordedFault(.networkDelay(milliseconds: 200), in: "cart")]) }),
        LookAlike(
            cause: .cpuThrottled, object: "Deployment shop/catalog", details: ["resource": "cpu"], question: slow,
            fault: { .shop([RecordedFault(.cpuStress(slower: 12), in: "catalog")]) },
            twinIs: "a program that is busier within its limit, which nobody feels",
            twin: { .shop([RecordedFault(.busier(times: 3), in: "catalog")]) }),
        LookAlike(
            cause: .cpuThrottled, object: "Deployment shop/payment", details: ["resource": "cpu"], question: slow,
            fault: { .shop([RecordedFault(.cpuStress(slower: 12), in: "payment")]) },
            twinIs: "a program that collects garbage at its memory limit", twinCause: .memoryLimitExceeded,
            twin: { .shop([RecordedFault(.memoryLeak(toShare: 0.97), in: "payment", minutesAgo: 12)]) }),
        LookAlike(
            cause: .loadSpike, object: "Deployment shop/frontend", question: slow,
            fault: { .shop([RecordedFault(.load(times: 5), in: "frontend")]) },
            twinIs: "a program short of CPU without more requests than before", twinCause: .cpuThrottled,
            twin: { .shop([RecordedFault(.cpuStress(slower: 12), in: "frontend")]) }),
        LookAlike(
            cause: .loadSpike, object: "Deployment shop/frontend", question: slow,
            fault: { .shop([RecordedFault(.load(times: 5), in: "frontend")]) },
            twinIs: "more requests that are served as fast as before", twin: { .shop([RecordedFault(.load(times: 1.9), in: "frontend")]) }),
        LookAlike(
            cause: .networkDegraded, object: "Deployment shop/payment", details: ["effect": "latency"], level: .low, question: slow,
            fault: { .shop([RecordedFault(.networkDelay(milliseconds: 200), in: "payment")]) },
            twinIs: "a program that waits for the CPU", twinCause: .cpuThrottled,
            twin: { .shop([RecordedFault(.cpuStress(slower: 12), in: "payment")]) }),
        LookAlike(
            cause: .networkDegraded, object: "Deployment shop/payment", details: ["effect": "loss"], level: .low,
            question: "Checkout is slow for some users and fails for others.",
            fault: { .shop([RecordedFault(.packetLoss(share: 0.1), in: "payment")]) },
            twinIs: "a program that answers some requests with errors, as fast as ever",
            twin: { .shop([RecordedFault(.errors(share: 0.3), in: "payment")]) }),
    ]
}

private let slow = "Users report that the shop is slow."
