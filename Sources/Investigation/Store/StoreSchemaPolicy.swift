/// What opening a durable store does where an older version wrote it.
public enum StoreSchemaPolicy: Sendable, Hashable {
    case bringUpToDate
    /// Leaves it as it is, and opens nothing but an up-to-date one.
    case leave
}

extension StoreError {
    /// That a store was to be left as it is, and an older version wrote it.
    /// - Parameter place: the file or database.
    public static func older(_ place: String) -> StoreError {
        .corrupt("\(place) was written by an older version; `sre store migrate` brings it up to date, as does an orchestrator that starts")
    }
}
