// swift-tools-version: 6.2

import PackageDescription

// A package of its own, so that rfpgen's products hold no program for measuring. It uses rfpgen as
// an outside program would.
let package = Package(
  name: "engine-benchmark",
  dependencies: [.package(name: "rfpgen", path: "../../..")],
  targets: [
    .executableTarget(
      name: "engine-benchmark",
      dependencies: [
        .product(name: "DocModel", package: "rfpgen"),
        .product(name: "Renderers", package: "rfpgen"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
