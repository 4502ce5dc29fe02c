// swift-tools-version: 6.2

import PackageDescription

// A package of its own, since it is built with libFuzzer and reaches into the modules: 'sh dev fuzz'.
let package = Package(
  name: "fuzz",
  dependencies: [.package(name: "rfpgen", path: "../..")],
  targets: [
    .systemLibrary(name: "CFuzz"),
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "CFuzz",
        .product(name: "DocModel", package: "rfpgen"),
        .product(name: "Renderers", package: "rfpgen"),
        .product(name: "Spreadsheets", package: "rfpgen"),
      ],
      path: "Sources", exclude: ["CFuzz"]),
  ],
  swiftLanguageModes: [.v6]
)
