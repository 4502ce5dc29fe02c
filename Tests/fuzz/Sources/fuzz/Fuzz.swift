import CFuzz

@main
struct Fuzz {
  /// The one that the first argument names.
  static let target: Target = {
    guard CommandLine.arguments.count > 1, let target = Target(rawValue: CommandLine.arguments[1])
    else { fatalError("name what is fuzzed: \(Target.allCases.map(\.rawValue))") }
    return target
  }()

  /// Takes the target's name, and then what libFuzzer takes.
  static func main() {
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    var count = CommandLine.argc
    _ = target
    // The target's name is not for libFuzzer.
    arguments?[1] = arguments?[0]
    arguments = arguments?.advanced(by: 1)
    count -= 1
    LLVMFuzzerRunDriver(&count, &arguments) { data, count in
      let bytes = Array(UnsafeBufferPointer(start: data, count: count))
      if let problem = Fuzz.target.problem(bytes) { fatalError(problem) }
      return 0
    }
  }
}
