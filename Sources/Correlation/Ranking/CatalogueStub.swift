internal import IncidentModel
struct StubEntry { func fix(details: [String: String], object: ObjectReference) -> String { "" }; func verify(details: [String: String], object: ObjectReference) -> [String] { [] } }
enum CauseCatalogue { static func entry(for code: CauseCode) -> StubEntry { StubEntry() } }
