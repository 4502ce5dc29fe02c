// swift-tools-version: 6.2

import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// libarchive, what its readers and writers of ZIP and gzipped tar rest on, and what deflates.
let archiveLibraries: [LinkerSetting] = [
  "archive", "deflate", "lzma", "bz2", "zstd", "z", "nettle", "crypto",
].map { .linkedLibrary(":lib\($0).a") }

let package = Package(
  name: "rfpgen",
  products: [
    .library(name: "DocModel", targets: ["DocModel"]),
    .library(name: "Renderers", targets: ["Renderers"]),
    .library(name: "EvidencePacks", targets: ["EvidencePacks"]),
    .library(name: "Spreadsheets", targets: ["Spreadsheets"]),
    .executable(name: "rfpgen", targets: ["rfpgen"]),
  ],
  targets: [
    // C libraries from Debian, each behind a module map of its own.
    .systemLibrary(
      name: "CCMark", providers: [.apt(["libcmark-dev"])]),
    .systemLibrary(
      name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CLinux"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
    .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
    .target(name: "CArchive", path: "Sources/CArchive"),

    // Guides, document templates and page layout: data, compiled in with Clang's `#embed`.
    .target(
      name: "Templates", path: "Templates",
      exclude: ["guides", "documents", "languages", "layout", "ready"], publicHeadersPath: "include"
    ),

    .target(
      name: "DocModel", dependencies: ["CYAML", "CLinux", "Templates"],
      swiftSettings: swiftSettings,
      linkerSettings: [.linkedLibrary(":libyaml.a")]),
    .target(
      name: "Renderers", dependencies: ["DocModel", "CCMark", "Templates"],
      swiftSettings: swiftSettings,
      linkerSettings: [.linkedLibrary(":libcmark.a")]),
    .target(
      name: "Archives", dependencies: ["DocModel", "CArchive", "CDeflate", "CLinux", "CZlib"],
      swiftSettings: swiftSettings, linkerSettings: archiveLibraries),
    .target(
      name: "EvidencePacks",
      dependencies: ["DocModel", "Renderers", "Archives", "CCrypto", "CLinux"],
      swiftSettings: swiftSettings, linkerSettings: [.linkedLibrary(":libcrypto.a")]),
    .target(
      name: "Spreadsheets", dependencies: ["DocModel", "Archives", "CExpat"],
      swiftSettings: swiftSettings, linkerSettings: [.linkedLibrary(":libexpat.a")]),
    .executableTarget(
      name: "rfpgen",
      dependencies: ["DocModel", "Renderers", "EvidencePacks", "Spreadsheets", "CMalloc"],
      swiftSettings: swiftSettings),

    // Makes the ready forms in Templates/ready (`sh dev ready`); no part of what is shipped.
    .executableTarget(
      name: "ready", dependencies: ["DocModel", "Renderers"], swiftSettings: swiftSettings),

    .testTarget(
      name: "DocModelTests", dependencies: ["DocModel", "EvidencePacks"], exclude: ["Fixtures"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "RenderersTests", dependencies: ["DocModel", "Renderers"], exclude: ["Fixtures"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "ArchivesTests", dependencies: ["Archives", "DocModel"], swiftSettings: swiftSettings),
    .testTarget(
      name: "EvidencePacksTests", dependencies: ["EvidencePacks", "DocModel", "Renderers"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "SpreadsheetsTests", dependencies: ["Spreadsheets", "DocModel"], exclude: ["Fixtures"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "rfpgenTests", dependencies: ["rfpgen", "DocModel", "Renderers"],
      swiftSettings: swiftSettings),
    // What libFuzzer searches in (Tests/fuzz/Package.swift), tried with a few inputs.
    .testTarget(
      name: "FuzzTests", dependencies: ["CCMark", "DocModel", "Renderers", "Spreadsheets"],
      path: "Tests/fuzz", exclude: ["Package.swift", "corpus", "Sources/CFuzz", "Sources/fuzz"],
      sources: ["Sources/targets", "Tests"], swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c2x
)
