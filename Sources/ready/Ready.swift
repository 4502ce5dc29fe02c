internal import DocModel
private import Glibc
internal import Renderers

/// Makes the ready forms in `Templates/ready` anew from the files that the program carries.
///
///     ready Templates/ready
@main
enum Ready {
  static func main() {
    let folder = CommandLine.arguments.dropFirst().first ?? "Templates/ready"
    write(Guide.readyNodes(), to: folder, "guides.nodes")
    write(BuiltInTemplates.readySyntax(), to: folder, "documents.syntax")
    write(BuiltInTemplates.readyPlaces(), to: folder, "documents.places")
  }

  /// Writes a form, unless it is the one that is there.
  private static func write(_ bytes: [UInt8], to folder: String, _ name: String) {
    if EmbeddedFiles.bytes(of: "ready/\(name)") == bytes { return }
    let path = "\(folder)/\(name)"
    guard let file = fopen(path, "wb"), fwrite(bytes, 1, bytes.count, file) == bytes.count,
      fclose(file) == 0
    else {
      perror("ready: \(path)")
      exit(2)
    }
  }
}
