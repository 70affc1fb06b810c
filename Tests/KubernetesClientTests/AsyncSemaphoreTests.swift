import Testing

@testable import KubernetesClient

@Suite struct AsyncSemaphoreTests {
    @Test func `a place goes to the one who waits longest`() async {
        let semaphore = AsyncSemaphore(1)
        #expect(await semaphore.acquire())
        let (order, arrived) = AsyncStream<Int>.makeStream()
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<3 {
                group.addTask {
                    _ = await semaphore.acquire()
                    arrived.yield(index)
                    semaphore.release()
                }
                while semaphore.waitingCount <= index { await Task.yield() }
            }
            semaphore.release()
            await group.waitForAll()
        }
        arrived.finish()
        var seen: [Int] = []
        for await index in order { seen.append(index) }
        #expect(seen == [0, 1, 2])
    }

    @Test func `a cancelled wait takes no place`() async {
        let semaphore = AsyncSemaphore(1)
        #expect(await semaphore.acquire())
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await semaphore.acquire() }
            while semaphore.waitingCount == 0 { await Task.yield() }
            group.cancelAll()
            #expect(await group.next() == false)
        }
        semaphore.release()
        #expect(await semaphore.acquire())
    }

    @Test func `a task cancelled before it asks gets no place`() async {
        let semaphore = AsyncSemaphore(1)
        await withTaskGroup(of: Bool.self) { group in
            group.cancelAll()
            group.addTask { await semaphore.acquire() }
            #expect(await group.next() == false)
        }
        #expect(await semaphore.acquire())
    }

    @Test func `a wait for limited time ends without a place, and leaves none behind`() async {
        let semaphore = AsyncSemaphore(1)
        #expect(await semaphore.acquire(within: .seconds(60)))
        #expect(await semaphore.acquire(within: .milliseconds(5)) == false)
        semaphore.release()
        #expect(await semaphore.acquire(within: .zero))
    }

    @Test func `a place that comes at the last moment is not lost`() async {
        let semaphore = AsyncSemaphore(1)
        for _ in 0..<200 {
            #expect(await semaphore.acquire(within: .seconds(60)))
            async let late = semaphore.acquire(within: .microseconds(200))
            try? await Task.sleep(for: .microseconds(200))
            semaphore.release()
            if await late { semaphore.release() }
        }
        #expect(semaphore.waitingCount == 0)
        #expect(await semaphore.acquire(within: .zero))
    }
}
