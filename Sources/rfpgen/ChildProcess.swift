internal import DocModel
private import Glibc

/// Another program that is run and waited for.
enum ChildProcess {
  enum Outcome: Equatable {
    /// It ended with a status; 128 and the number for a signal.
    case ended(Int32)
    /// It was ended because it took too long.
    case tookTooLong
    /// It could not be begun; the text says why.
    case notBegun(String)
  }

  /// What this process was told by the one that began it.
  static var environment: [String: String] {
    var variables: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
      let parts = String(cString: entry).split(separator: "=", maxSplits: 1)
      if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
      next += 1
    }
    return variables
  }

  /// Runs a program with everything that it starts itself, and waits for it.
  ///
  /// What it writes is read all the time, so that it never waits for us; the end of it is returned.
  static func run(
    _ program: String, _ words: [String], environment: [String: String], seconds: Int
  ) -> (outcome: Outcome, said: String) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return (.notBegun(systemMessage(errno)), "") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let reading = ends[0]
    defer { close(reading) }
    let begun = spawn(program, words, environment, output: ends[1])
    close(ends[1])
    guard case .success(let child) = begun else {
      if case .failure(let problem) = begun { return (.notBegun(systemMessage(problem.code)), "") }
      return (.notBegun(""), "")
    }
    var said = Tail()
    let deadline = now() + seconds * 1000
    var status: Int32 = 0
    var hasEnded = false
    while !hasEnded, now() < deadline {
      let isOpen = said.read(reading, milliseconds: 50)
      hasEnded = waitpid(child, &status, isOpen ? WNOHANG : 0) == child
    }
    // What it started has no reason to stay, however it ended itself.
    kill(-child, SIGKILL)
    if !hasEnded { waitpid(child, &status, 0) }
    while said.read(reading, milliseconds: 0) {}
    guard hasEnded else { return (.tookTooLong, said.text) }
    let signal = status & 0x7F
    return (.ended(signal == 0 ? (status >> 8) & 0xFF : 128 + signal), said.text)
  }

  private struct SpawnFailure: Error {
    let code: Int32
  }

  private static func spawn(
    _ program: String, _ words: [String], _ environment: [String: String], output: Int32
  ) -> Result<pid_t, SpawnFailure> {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setpgroup(&attributes, 0)
    var none = sigset_t()
    sigemptyset(&none)
    var pipes = sigset_t()
    sigemptyset(&pipes)
    sigaddset(&pipes, SIGPIPE)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &pipes)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    posix_spawnattr_setflags(&attributes, Int16(flags))
    var child = pid_t()
    let code = withStrings([program] + words) { arguments in
      withStrings(environment.map { "\($0)=\($1)" }) { variables in
        posix_spawn(&child, program, &actions, &attributes, arguments, variables)
      }
    }
    return code == 0 ? .success(child) : .failure(SpawnFailure(code: code))
  }

  private static func withStrings<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = texts.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return body(copies + [nil])
  }

  private static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  /// The last of what a program wrote.
  private struct Tail {
    private var bytes: [UInt8] = []
    private static let limit = 1 << 12

    /// Reads what is there, waiting for so long; `false` once there is no more.
    mutating func read(_ descriptor: Int32, milliseconds: Int32) -> Bool {
      var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard Glibc.poll(&poll, 1, milliseconds) > 0 else { return milliseconds > 0 }
      var count = 0
      bytes += [UInt8](unsafeUninitializedCapacity: 1 << 14) { buffer, filled in
        count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        filled = max(0, count)
      }
      bytes.removeFirst(max(0, bytes.count - Self.limit))
      return count > 0
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }
  }
}

/// A folder for what is needed while something is done; it goes with all that is in it.
struct TemporaryFolder: ~Copyable {
  let path: String
  /// The most bytes of a path to make it in: a browser puts sockets into it, whose paths may have no
  /// more than 107.
  private static let longest = 32

  /// Makes one in the folder that the system has for such things.
  init() throws(Failure) {
    let stated = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    let parent = (1...Self.longest).contains(stated.utf8.count) ? stated : "/tmp"
    let pattern = Disk.join(parent, "rfpgen-XXXXXX")
    guard let name = strdup(pattern) else {
      throw Failure("memory is full", hint: "end other programs, then try again")
    }
    defer { free(name) }
    guard mkdtemp(name) != nil else {
      let code = errno
      throw Failure(
        "no folder can be made in '\(parent)': \(systemMessage(code))",
        hint: "name another folder in TMPDIR")
    }
    path = String(cString: name)
  }

  deinit { remove(path) }

  private func remove(_ path: String) {
    if let folder = opendir(path) {
      while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name == "." || name == ".." { continue }
        let item = "\(path)/\(name)"
        if unlink(item) != 0 { remove(item) }
      }
      closedir(folder)
    }
    rmdir(path)
  }
}
