extension Array where Element: Sendable {
    /// Transforms all elements, `width` at a time; results are in the order of the elements.
    package func concurrentMap<Result: Sendable>(
        width: Int, _ transform: @escaping @Sendable (Element) async -> Result
    ) async -> [Result] {
        await withTaskGroup(of: (Int, Result).self) { group in
            var pending = enumerated().makeIterator()
            for _ in 0..<Swift.max(1, width) {
                guard let (index, element) = pending.next() else { break }
                group.addTask { (index, await transform(element)) }
            }
            var results: [Result?] = .init(repeating: nil, count: count)
            while let (index, result) = await group.next() {
                results[index] = result
                if let (index, element) = pending.next() { group.addTask { (index, await transform(element)) } }
            }
            return results.compactMap { $0 }
        }
    }
}
