/// The version of the program, and so of both services.
public enum Version {
    public static let current = "0.1.0"
}
