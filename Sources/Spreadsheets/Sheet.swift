internal import DocModel

/// A sheet as it stands in a file, before anybody knows what its columns mean.
struct Sheet {
  /// Its name; `nil` where the file has no sheets, as CSV.
  let name: String?
  /// The rows in which something stands.
  var rows: [Row] = []
  /// The ranges of cells that are merged to one.
  var merged: [Range] = []

  /// A row in which something stands.
  struct Row {
    /// Its number as people count, from 1.
    let number: Int
    /// The cells in which something stands, by columns counted from 0.
    var cells: [Int: Cell] = [:]
    /// What makes it unreadable as a whole.
    var damage: String?
  }

  /// What stands in a cell.
  enum Cell {
    case text(String)
    /// A number, as it is read and as many decimals as it is shown with.
    case number(Double, Display)
    case boolean(Bool)
    /// A formula, whatever its result was.
    case formula
    /// An error such as `#REF!`.
    case error(String)
    /// Something that no cell holds, in words.
    case damage(String)
  }

  /// How a number is shown, which says what it means.
  enum Display: Hashable {
    case plain(decimals: Int)
    case percent
    /// A day, or a day with a time; numbers count days from that day.
    case date(epoch: Day)
    case time
  }

  /// A range of cells; rows are counted from 1, columns from 0.
  struct Range {
    let rows: ClosedRange<Int>
    let columns: ClosedRange<Int>
  }
}

/// The letters of a column that is counted from 0: A, B, …, Z, AA.
func columnLetters(_ column: Int) -> String {
  var letters: [UInt8] = []
  var rest = column
  repeat {
    letters.insert(UInt8(ascii: "A") + UInt8(rest % 26), at: 0)
    rest = rest / 26 - 1
  } while rest >= 0
  return String(decoding: letters, as: UTF8.self)
}

/// The column and row of a cell such as `AB12`, or `nil` for anything else.
func cellReference(_ text: some StringProtocol) -> (column: Int, row: Int)? {
  var column = 0
  var row = 0
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "$"): continue
    case UInt8(ascii: "A")...UInt8(ascii: "Z") where row == 0 && column < 20_000:
      column = column * 26 + Int(byte - UInt8(ascii: "A")) + 1
    case UInt8(ascii: "0")...UInt8(ascii: "9") where row < 10_000_000:
      row = row * 10 + Int(byte - UInt8(ascii: "0"))
    default: return nil
    }
  }
  return column > 0 && row > 0 ? (column - 1, row) : nil
}
