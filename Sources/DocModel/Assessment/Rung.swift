/// How far a claim has got.
///
/// A question stands on the highest rung all of whose conditions hold. Where evidence is `none`, or
/// `optional` and none is given, an answered question counts as `current`: nothing can be out of date.
public enum Rung: String, CaseIterable, Comparable, Sendable {
  /// There is no answer, or none that counts.
  case unanswered
  /// There is an answer.
  case answered
  /// There is evidence for it that exists.
  case evidenced
  /// There is evidence that holds today, or none is needed.
  case current
  /// Somebody has reviewed what holds today: nothing has changed since, and no review is overdue.
  case reviewed

  /// The position from 0 for `unanswered` to 4 for `reviewed`.
  public var height: Int {
    switch self {
    case .unanswered: 0
    case .answered: 1
    case .evidenced: 2
    case .current: 3
    case .reviewed: 4
    }
  }

  /// Orders rungs from `unanswered` to `reviewed`.
  public static func < (left: Rung, right: Rung) -> Bool { left.height < right.height }
}

/// Whether something counts for a project on a day.
///
/// One function decides: `Assessment.init`.
public enum Applicability: Sendable {
  /// It counts.
  case applies
  /// Its condition does not hold.
  case excluded
  /// It belongs to something optional that is neither taken nor waived.
  case undecided
  /// It is waived; the waiver is the one at this position of the project.
  case waived(Int)

  /// Whether it counts.
  public var isApplicable: Bool { if case .applies = self { true } else { false } }
  /// Whether it is waived.
  public var isWaived: Bool { if case .waived = self { true } else { false } }
}

/// The state of a phase's gate: «do not proceed» before it is open.
public enum Gate: String, Sendable {
  /// Every checkpoint is met or waived, or does not apply.
  case open
  /// A checkpoint is neither.
  case closed
  /// The whole phase is waived.
  case waived
}

/// The state of a piece of evidence on a day.
public enum EvidenceState: Hashable, Sendable {
  /// It is there and holds today.
  case current
  /// It is there and holds today, but ends on a day within the next `Assessment.expiryNotice` days.
  case expiring(Day)
  /// It is there, but ended on a day.
  case expired(Day)
  /// It is there, but begins or was collected on a day that lies ahead.
  case future(Day)
  /// It is there, but its bytes are not those that were recorded.
  case changed
  /// The file is there, but holds nothing.
  case empty
  /// The file is not there, or is no file that may be used.
  case missing(FileState)

  /// Whether there is something to look at.
  public var exists: Bool {
    switch self {
    case .current, .expiring, .expired, .future, .changed: true
    case .empty, .missing: false
    }
  }

  /// Whether it holds today.
  public var isCurrent: Bool {
    switch self {
    case .current, .expiring: true
    default: false
    }
  }
}
