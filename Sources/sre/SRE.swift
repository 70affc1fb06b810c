import ArgumentParser

@main
struct SRE: AsyncParsableCommand {
}
