// swift-tools-version: 6.2

import PackageDescription

// A portal that embeds rfpgen as a package of its own: nothing but the two products, no flags.
let package = Package(
  name: "portal",
  dependencies: [.package(name: "rfpgen", path: "../..")],
  targets: [
    .executableTarget(
      name: "portal",
      dependencies: [
        .product(name: "DocModel", package: "rfpgen"),
        .product(name: "Renderers", package: "rfpgen"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
