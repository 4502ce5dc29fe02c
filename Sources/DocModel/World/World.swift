/// Where a project's files are kept, and which day it is: all that the library asks of its host.
///
/// `DiskFolder` keeps files in a folder and `Files` in memory; a host with storage of its own writes
/// one function and one property:
///
///     struct Rows: World {
///       let rows: [String: String]
///       let today: Day
///
///       func source(of path: String) throws(InvalidInput) -> Source? {
///         guard let text = rows[path] else { return nil }
///         return try Source(name: path, text: text)
///       }
///     }
///
/// Paths are relative to the project's folder, with `/` between their parts: `project.yaml`,
/// `guides/NAME.yaml`, `templates/NAME` and whatever a project names as evidence. A path comes from
/// somebody's file: a world must answer for what belongs to the project alone.
public protocol World: Sendable {
  /// The day for which everything holds.
  var today: Day { get }

  /// The file at a path, or `nil` where there is none.
  ///
  /// - Throws: `InvalidInput` where there is something that cannot be read.
  func source(of path: String) throws(InvalidInput) -> Source?

  /// What is known of the file at a path; an evidence file is not read for it.
  ///
  /// A world that does not say how is asked for the file itself.
  func state(of path: String) -> FileState

  /// The path of a file whose name was probably meant where there is none at a path.
  ///
  /// A world that does not say how knows none.
  func neighbour(of path: String) -> String?
}

/// A world that holds all that it is asked for: it always answers the same, and asking again costs nothing.
package protocol SettledWorld: World {}

extension World {
  /// What is known of the file at a path, by reading it.
  public func state(of path: String) -> FileState {
    do throws(InvalidInput) {
      return try source(of: path).map { .present(size: $0.bytes.count) } ?? .absent
    } catch {
      return .unreadable(error.diagnostics[0].message)
    }
  }

  /// No other path.
  public func neighbour(of path: String) -> String? { nil }
}

/// What is known of an evidence file before it is read.
public enum FileState: Hashable, Sendable {
  /// It is there, with so many bytes.
  case present(size: Int)
  /// There is nothing at the path.
  case absent
  /// The path leads outside the project's folder, by itself or through a link.
  case outside
  /// There is something else than a file, such as a folder or a device.
  case notAFile
  /// The system refuses to show it; the text says why.
  case unreadable(String)
}

/// Files that are texts in memory.
///
///     let world = Files(["project.yaml": text, "templates/rfp.md.jinja": mine], today: day)
public struct Files: World {
  /// The texts by their paths.
  public var texts: [String: String]
  /// The day for which everything holds.
  public var today: Day

  /// Takes texts by their paths.
  public init(_ texts: [String: String] = [:], today: Day) {
    self.texts = texts
    self.today = today
  }

  /// The text at a path as a file, or `nil` where there is none.
  ///
  /// - Throws: `InvalidInput` where the text is too large or holds a NUL.
  public func source(of path: String) throws(InvalidInput) -> Source? {
    guard let text = texts[path] else { return nil }
    return try Source(name: path, text: text)
  }

  /// Whether there is a text at a path, and how many bytes it has.
  public func state(of path: String) -> FileState {
    texts[path].map { .present(size: $0.utf8.count) } ?? .absent
  }
}
