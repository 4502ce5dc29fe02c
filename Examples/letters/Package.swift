// swift-tools-version: 6.2

import PackageDescription

// A library's reminder letters: the template engine alone, with templates, data and a filter of its own.
let package = Package(
  name: "letters",
  dependencies: [.package(name: "rfpgen", path: "../..")],
  targets: [
    .executableTarget(
      name: "letters",
      dependencies: [
        .product(name: "DocModel", package: "rfpgen"),
        .product(name: "Renderers", package: "rfpgen"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
