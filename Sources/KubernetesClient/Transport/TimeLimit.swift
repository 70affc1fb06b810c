/// Runs `operation` and cancels it when `limit` has passed.
/// - Throws: what the operation throws; `expired` at the limit.
func withTimeLimit<Value: Sendable, Failure: Error>(
    _ limit: Duration, orThrow expired: Failure, _ operation: @escaping @Sendable () async throws(Failure) -> Value
) async throws(Failure) -> Value {
    let result = await withTaskGroup(of: Result<Value, Failure>.self) { group in
        group.addTask {
            do throws(Failure) {
                return .success(try await operation())
            } catch {
                return .failure(error)
            }
        }
        group.addTask {
            try? await Task.sleep(for: limit)
            return .failure(expired)
        }
        let first = await group.next()
        group.cancelAll()
        return first ?? .failure(expired)
    }
    return try result.get()
}
