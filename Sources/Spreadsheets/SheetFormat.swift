public import DocModel

/// A format that matrices are written in.
///
///     for file in try SheetFormat.xlsx.files(matrices, named: "checkpoint-matrix") {
///       // file.name is checkpoint-matrix.xlsx
///     }
public struct SheetFormat: Sendable {
  /// Its name on the command line, and what its files' names end in.
  public let id: String
  /// Writes matrices to one file or several, whose names begin with a name.
  private let write: @Sendable ([Matrix], String) throws(InvalidInput) -> [File]

  /// A file that was written.
  public struct File: Sendable {
    /// Its name.
    public let name: String
    /// What it holds.
    public let bytes: [UInt8]
  }

  /// Comma-separated values (RFC 4180) in UTF-8: a file for each matrix.
  public static let csv = SheetFormat(id: "csv") { matrices, name throws(InvalidInput) in
    matrices.map { matrix in
      File(
        name: matrices.count == 1 ? "\(name).csv" : "\(name)-\(matrix.name).csv",
        bytes: CSV.written(matrix))
    }
  }

  /// A workbook (ECMA-376) with a sheet for each matrix.
  public static let xlsx = SheetFormat(id: "xlsx") { matrices, name throws(InvalidInput) in
    [File(name: "\(name).xlsx", bytes: try XLSXWriter.written(matrices))]
  }

  /// All formats.
  public static let all = [csv, xlsx]

  /// Writes matrices, of which there is at least one.
  ///
  /// - Throws: `InvalidInput` where a sheet cannot hold what a matrix has.
  public func files(_ matrices: [Matrix], named name: String) throws(InvalidInput) -> [File] {
    try write(matrices, name)
  }
}
