public import Foundation

/// Measurements of a small shop as a mesh and a container exporter would record them: requests flow along the calls, a service takes the
/// time of its own work and of those it calls, and noise, a slow wave and single outliers lie over everything.
public struct ShopRecording: Sendable {
    public struct Service: Sendable {
        public var name: String
        public var calls: [String]
        /// Milliseconds of its own work.
        public var work: Double
        /// Cores at rest.
        public var cpu: Double
        /// Bytes at rest.
        public var memory: Double
        /// Datastores speak no HTTP: nobody measures their requests and latency.
        public var isMeshed = true
    }

    public static let cpuLimit = 0.5
    public static let memoryLimit = 256.0 * 1_048_576

    public var services: [Service] = [
        Service(name: "frontend", calls: ["catalog", "cart", "recommendation", "checkout", "currency"], work: 6, cpu: 0.12, memory: 9e7),
        Service(name: "recommendation", calls: ["catalog"], work: 5, cpu: 0.06, memory: 6e7),
        Service(name: "checkout", calls: ["cart", "catalog", "payment", "shipping-rates", "currency"], work: 8, cpu: 0.05, memory: 5e7),
        Service(name: "catalog", calls: ["catalog-db"], work: 3, cpu: 0.05, memory: 4e7),
        Service(name: "cart", calls: ["cart-store"], work: 4, cpu: 0.07, memory: 7e7),
        Service(name: "payment", calls: [], work: 7, cpu: 0.03, memory: 5e7),
        Service(name: "shipping-rates", calls: [], work: 4, cpu: 0.02, memory: 3e7),
        Service(name: "currency", calls: [], work: 2, cpu: 0.08, memory: 3e7),
        Service(name: "cart-store", calls: [], work: 1, cpu: 0.03, memory: 2e7, isMeshed: false),
        Service(name: "catalog-db", calls: [], work: 2, cpu: 0.05, memory: 12e7, isMeshed: false),
    ]
    public var faults: [RecordedFault] = []
    public var end: Date
    public var minutes = 30.0
    public var stepSeconds = 15.0
    public var noise = 0.08
    /// Part by which the load of users swells and falls over the recording.
    public var wave = 0.12
    /// Whether a leaf's latency is measured in front of it, so that its own bad network shows; inside it does not.
    public var isMeasuredByClients = true
    public var seed: UInt64 = 7

    public init(endingAt end: Date, faults: [RecordedFault] = []) {
        self.end = end
        self.faults = faults
    }

    /// The table as text; `measures` keeps only some, by the beginning of their names.
    public func csv(measures: [String]? = nil) -> Data {
        var random = SeededNoise(seed: seed)
        let steps = Int(minutes * 60 / stepSeconds)
        var rows: [[String: Double?]] = []
        for step in 0...steps {
            let left = minutes - Double(step) * stepSeconds / 60
            rows.append(moment(left, progress: Double(step) / Double(steps), &random))
        }
        let names = Set(rows.flatMap(\.keys)).sorted().filter { name in
            measures.map { kept in kept.contains { name.hasSuffix("-" + $0) } } ?? true
        }
        var text = "time," + names.joined(separator: ",") + "\n"
        for (step, row) in rows.enumerated() {
            let time = end.timeIntervalSince1970 - minutes * 60 + Double(step) * stepSeconds
            text += "\(Int(time))" + names.map { name in "," + ((row[name] ?? nil).map { "\($0)" } ?? "") }.joined() + "\n"
        }
        return Data(text.utf8)
    }

    private func active(_ service: String, _ left: Double) -> [(kind: RecordedFault.Kind, age: Double)] {
        faults.filter { $0.service == service }.compactMap { fault in fault.age(minutesBeforeEnd: left).map { (fault.kind, $0) } }
    }

    private func load(_ left: Double) -> Double {
        services.flatMap { active($0.name, left) }.reduce(1) { if case .load(let times) = $1.kind { $0 * times } else { $0 } }
    }

    // MARK: One moment

    private struct State {
        var requests = 0.0
        var median = 0.0
        var tail = 0.0
        var success = 1.0
        var isDown = false
    }

    private func moment(_ left: Double, progress: Double, _ random: inout SeededNoise) -> [String: Double?] {
        let swell = 1 + wave * sin(2 * .pi * progress)
        var states = answers(left, &random)
        // Users wait for answers before they ask again.
        let patience = (40 / max(states["frontend"]?.median ?? 40, 1)).squareRoot()
        flow(&states, users: 60 * swell * min(1, patience), left)
        var row: [String: Double?] = [:]
        for service in services {
            guard let state = states[service.name] else { continue }
            write(service, state, left, &row, &random)
        }
        return row
    }

    // From the called to the callers.
    private func answers(_ left: Double, _ random: inout SeededNoise) -> [String: State] {
        var states: [String: State] = [:]
        var open = services
        while let index = open.firstIndex(where: { $0.calls.allSatisfy { states[$0] != nil } }) {
            let service = open.remove(at: index)
            var state = State()
            // Beyond three times the usual requests, queues grow everywhere.
            var slower = load(left) > 3 ? load(left) / 2 : 1
            var delay = 0.0
            var tailDelay = 0.0
            for (kind, age) in active(service.name, left) {
                switch kind {
                case .cpuStress(let times): slower *= times
                case .memoryLeak(let share): if age > 0.8 * share * 10 { slower *= 1.8 }
                case .networkDelay(let milliseconds): delay += milliseconds
                case .packetLoss(let share):
                    delay += 20 * share * 10
                    tailDelay += 600
                    state.success *= 1 - share / 3
                case .diskStress: slower *= 6
                case .errors(let share): state.success *= 1 - share
                case .killed: state.isDown = true
                case .load: break
                case .busier: break
                }
            }
            let inner = service.calls.compactMap { states[$0] }
            let isLeaf = service.calls.isEmpty
            let seen = isMeasuredByClients || !isLeaf ? delay : 0
            state.median = service.work * slower * random.factor(noise) + seen + inner.reduce(0) { $0 + $1.median }
            state.tail = service.work * 2.4 * slower * random.factor(2 * noise) + seen * 1.2 + tailDelay + inner.reduce(0) { $0 + $1.tail }
            for callee in inner { state.success *= callee.isDown ? 0.6 : 1 - (1 - callee.success) * 0.7 }
            if !isMeasuredByClients {
                // The way to a callee is the caller's to feel.
                for name in service.calls where services.first(where: { $0.name == name })?.calls.isEmpty ?? false {
                    for case (.networkDelay(let milliseconds), _) in active(name, left) {
                        state.median += milliseconds
                        state.tail += 1.2 * milliseconds
                    }
                }
            }
            states[service.name] = state
        }
        return states
    }

    // From the users to the called.
    private func flow(_ states: inout [String: State], users: Double, _ left: Double) {
        states["frontend"]?.requests = users
        for service in services {
            for case (.load(let times), _) in active(service.name, left) { states[service.name]?.requests *= times }
            guard let requests = states[service.name]?.requests else { continue }
            for name in service.calls { states[name]?.requests += requests * (service.name == "checkout" ? 1 : 0.4) }
        }
    }

    private func write(
        _ service: Service, _ state: State, _ left: Double, _ row: inout [String: Double?], _ random: inout SeededNoise
    ) {
        let name = service.name
        let usual = usualRequests[name] ?? 1
        var cpu = service.cpu * (0.3 + 0.7 * state.requests / max(usual, 1)) * random.factor(noise)
        var memory = service.memory * random.factor(noise / 4)
        var throttled = 0.01 * random.uniform()
        var disk = 2e4 * random.factor(3 * noise)
        for (kind, age) in active(name, left) {
            switch kind {
            case .cpuStress:
                cpu = Self.cpuLimit * (0.97 + 0.03 * random.uniform())
                throttled = 0.6 + 0.2 * random.uniform()
            case .memoryLeak(let share): memory += (Self.memoryLimit * share - memory) * min(1, age / 9)
            case .diskStress: disk *= 40
            case .busier(let times): cpu *= times
            default: break
            }
        }
        cpu = min(cpu, Self.cpuLimit)
        row["\(name)-cpu"] = state.isDown ? nil : .some(cpu)
        row["\(name)-cpu_cfs"] = state.isDown ? nil : .some(throttled)
        row["\(name)-mem"] = state.isDown ? nil : .some(memory)
        row["\(name)-disk_io_bytes"] = state.isDown ? nil : .some(disk)
        row["\(name)-network_receive_bytes"] = .some(state.requests * 900 * random.factor(noise))
        guard service.isMeshed else { return }
        row["\(name)-rps"] = .some(state.isDown ? 0 : state.requests * random.factor(noise))
        row["\(name)-success_rate"] = state.isDown ? nil : .some(min(1, state.success + 0.001 * (random.uniform() - 0.5)))
        row["\(name)-p50latency"] = state.isDown ? nil : .some(state.median)
        row["\(name)-p95latency"] = state.isDown ? nil : .some(state.tail)
    }

    private var usualRequests: [String: Double] {
        var usual: [String: Double] = ["frontend": 60]
        for service in services {
            for name in service.calls {
                usual[name, default: 0] += (usual[service.name] ?? 0) * (service.name == "checkout" ? 1 : 0.4)
            }
        }
        return usual
    }
}
