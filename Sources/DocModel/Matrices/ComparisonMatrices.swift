internal import FoundationEssentials

/// Bids beside one another as spreadsheets, only to be read; each bid's columns bear its short name.
extension Comparison {
  /// All that is compared; nothing that names a price where these stay out.
  public func matrices() -> [Matrix] {
    let hidesPrices = envelope == .technical
    let all = [
      points,
      answers("checkpoints", "checkpoint", tender.checkpoints.map { ($0.id, $0.statement) }) {
        $0.responses
      },
      levels,
      answers(
        "requirements", "requirement", tender.requirements.map { ($0.id, $0.text ?? $0.title) }
      ) { $0.proofs },
      skills, gaps,
    ]
    return hidesPrices ? all : all + [costs]
  }

  /// What stands for a text that stays closed.
  private static let withheld = "withheld"

  private static func column(_ key: String, _ shape: Shape = .prose, width: Int? = nil)
    -> Matrix.Column
  {
    .init(key, shape, isLocked: true, width: width)
  }

  private static let amount = Shape.number(0 ... .infinity, unit: nil)
  private static let count = Shape.integer(0...Int.max)

  private var points: Matrix {
    let rows = zip(bids, scores).map { bid, score in
      Matrix.Row(
        bid.id,
        [.init(bid.name)] + score.points.map { .init($0.points?.rounded(to: 2) ?? "") }
          + [.init(score.total?.rounded(to: 2) ?? ""), .init(score.rank.map(String.init) ?? "")])
    }
    return Matrix(
      name: "points", title: "Points",
      columns: [Self.column("bidder", width: 24), Self.column("name", width: 32)]
        // No name of a criterion has a colon.
        + criteria.map { Self.column("criterion: \($0.id)", Self.amount, width: 16) }
        + [
          Self.column("total", Self.amount, width: 12), Self.column("place", Self.count, width: 8),
        ],
      rows: rows)
  }

  private func answers(
    _ name: String, _ key: String, _ asked: [(id: String, statement: String)],
    _ answers: (ComparedBid) -> [ComparedBid.Answered]
  ) -> Matrix {
    let answers = bids.map(answers)
    return Matrix(
      name: name, title: name,
      columns: [Self.column(key, width: 36), Self.column("statement", width: 48)]
        + bids.flatMap {
          [Self.column($0.id, width: 12), Self.column("\($0.id): approach", width: 40)]
        },
      rows: asked.enumerated().map { index, item in
        .init(
          item.id,
          [.init(item.statement)]
            + answers.flatMap { own -> [Matrix.Cell] in
              let answer = own[index]
              let isClosed = envelope == .technical && answer.namesPrice
              return [
                .init(answer.confirmation?.rawValue ?? "missing"),
                .init(isClosed ? Self.withheld : answer.approach ?? ""),
              ]
            })
      })
  }

  private var levels: Matrix {
    let rows = tender.serviceLevels.enumerated().flatMap { index, level -> [Matrix.Row] in
      let parts = level.level.type.kind == .parts ? level.level.type.parts.map(\.id) : []
      return (bids.first?.offers[index].items ?? []).enumerated().map { position, item in
        let title = item.label.map { "\(level.title): \($0)" } ?? level.title
        return .init(
          parts.isEmpty ? level.id : "\(level.id)#\(parts[position])",
          [.init(title), .init(item.type.line(item.asked) ?? "")]
            + bids.flatMap { bid -> [Matrix.Cell] in
              let own = bid.offers[index].items[position]
              let isClosed = envelope == .technical && bid.pricedOffers.contains(index)
              return [
                .init(isClosed ? Self.withheld : own.type.line(own.offered) ?? ""),
                .init(own.verdict.rawValue),
              ]
            })
      }
    }
    return Matrix(
      name: "service-levels", title: "Service levels",
      columns: [
        Self.column("service-level", width: 36), Self.column("title", width: 40),
        Self.column("asked", width: 24),
      ]
        + bids.flatMap {
          [Self.column($0.id, width: 24), Self.column("\($0.id): verdict", width: 12)]
        }, rows: rows)
  }

  private var skills: Matrix {
    Matrix(
      name: "skills", title: "Skills",
      columns: [Self.column("skill", width: 36), Self.column("title", width: 48)]
        + bids.map { Self.column($0.id, Self.count, width: 12) },
      rows: tender.skills.enumerated().map { index, skill in
        .init(
          skill.id,
          [.init((skill.area + [skill.title]).joined(separator: ": "))]
            + bids.map { .init("\($0.holders[index])") })
      })
  }

  private var gaps: Matrix {
    let rows = bids.flatMap { bid in
      bid.gaps.filter { envelope != .technical || !$0.isAboutPrices }.enumerated().map {
        index, gap in
        Matrix.Row(
          "\(bid.id).\(index + 1)",
          [.init(bid.name), .init(gap.severity.rawValue), .init(gap.id), .init(gap.message)])
      }
    }
    return Matrix(
      name: "gaps", title: "Gaps",
      columns: [
        Self.column("gap", width: 24), Self.column("name", width: 32),
        Self.column("severity", width: 12), Self.column("of", width: 36),
        Self.column("message", width: 60),
      ], rows: rows)
  }

  private var costs: Matrix {
    let rows = bids.flatMap { bid in
      bid.options.enumerated().map { index, option in
        Matrix.Row(
          "\(bid.id).\(index + 1)",
          [
            .init(bid.name), .init(option.host), .init(bid.currency ?? ""),
            .init(option.isPriced ? option.once.rounded(to: 2) : ""),
            .init(option.isPriced ? option.total.rounded(to: 2) : ""),
          ])
      }
    }
    return Matrix(
      name: "costs", title: "Costs",
      columns: [
        Self.column("option", width: 24), Self.column("name", width: 32),
        Self.column("host", width: 32), Self.column("currency", width: 10),
        Self.column("once-with-taxes", Self.amount, width: 18),
        Self.column("total-with-taxes", Self.amount, width: 18),
      ], rows: rows)
  }
}
