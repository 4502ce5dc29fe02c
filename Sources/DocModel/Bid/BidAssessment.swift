public import FoundationEssentials

/// The state of everything in a bid on one day.
///
///     let assessment = BidAssessment(bid, in: DiskFolder("our-bid", today: day))
///     assessment.confirmations[.yes]
public struct BidAssessment: Sendable {
  /// The bid that was looked at.
  public let bid: Bid
  /// The day for which it holds.
  public let today: Day
  /// The digest of the tender's content; `nil` where the host did not compute it.
  public let digest: String?
  /// The states of evidence of each checkpoint and requirement, by their identifiers, in the order of
  /// the file.
  public let evidence: [String: [EvidenceState]]
  /// Of files that are not there the paths that were probably meant.
  let neighbours: [ExactText: String]
  /// How each offer stands to what is asked for, in the order of the tender.
  public let offers: [OfferComparison]
  /// How each offer stands to what the bidder's own hosting provider promises; `nil` where nothing is
  /// said of that.
  public let upstream: [OfferComparison?]

  /// Looks at a bid on a world's day.
  ///
  /// The world is asked once for each path that the bid names as evidence.
  /// - Parameters:
  ///   - bid: The bid.
  ///   - world: Where its evidence is kept.
  ///   - digest: The digest of `bid.tender.content`, which the host computes, as tenders state it.
  public init(_ bid: Bid, in world: some World, digest: String? = nil) {
    self.bid = bid
    self.digest = digest
    today = world.today
    var lookup = EvidenceLookup(world: world, today: world.today)
    var evidence: [String: [EvidenceState]] = [:]
    for checkpoint in bid.tender.checkpoints {
      guard let response = bid.responses[checkpoint.id] else { continue }
      evidence[checkpoint.id] = response.evidence.map { lookup.state(of: $0) }
    }
    for requirement in bid.tender.requirements {
      guard let proof = bid.proofs[requirement.id] else { continue }
      evidence[requirement.identifier] = proof.evidence.map { lookup.state(of: $0) }
    }
    self.evidence = evidence
    neighbours = lookup.neighbours
    offers = bid.tender.serviceLevels.map { level in
      OfferComparison(level, asked: level.target, offered: bid.offers[level.id]?.offer)
    }
    upstream = bid.tender.serviceLevels.map { level in
      guard let offer = bid.offers[level.id], let upstream = offer.upstream, upstream.isGiven else {
        return nil
      }
      return OfferComparison(level, asked: upstream, offered: offer.offer)
    }
  }

  /// How many checkpoints are confirmed in which way.
  public var confirmations: [Bid.Confirmation: Int] {
    var counts: [Bid.Confirmation: Int] = [:]
    for checkpoint in bid.tender.checkpoints {
      if let word = bid.responses[checkpoint.id]?.confirmation { counts[word, default: 0] += 1 }
    }
    return counts
  }

  /// The people who hold each skill of the tender, in the order of both.
  public var holders: [[Team.Person]] {
    bid.tender.skills.map { skill in bid.team.people.filter { $0.skills[skill.id] != nil } }
  }

  /// The people who count as engineers: those in a role that says so, or everybody where none does.
  public var engineers: [Team.Person] {
    let roles = Set(bid.tender.roles.filter(\.isEngineering).map(\.id))
    if roles.isEmpty { return bid.team.people }
    return bid.team.people.filter { !roles.isDisjoint(with: $0.roles) }
  }

  /// The months over which costs are totalled; 12 where the tender states no period.
  public var months: Decimal { bid.tender.months ?? 12 }

  /// What it takes to be there at the hours offered, for the first service level that offers hours.
  public var supportHours: SupportHours? {
    for level in bid.tender.serviceLevels {
      guard let word = bid.offers[level.id]?.offer?.value.asText,
        let hours = level.hours()[word]
      else { continue }
      return SupportHours(
        level: level.level.identifier, hours: hours, fullTime: bid.team.fullTime,
        people: bid.team.fullTimePeople)
    }
    return nil
  }

  /// The hosting option that costs least, of those that are priced.
  public var cheapest: HostOption? {
    let priced = bid.costs.options.filter(\.isPriced)
    guard var least = priced.first else { return nil }
    for option in priced where option.total(months: months) < least.total(months: months) {
      least = option
    }
    return least
  }

  /// What to call what an identifier names, in a language.
  public func title(of id: String, in language: Language = .english) -> String {
    let tender = bid.tender
    switch tender.place(of: id) {
    case .checkpoint(let index)?:
      return tender.checkpoints[index].title ?? tender.checkpoints[index].id
    case .serviceLevel(let index)?: return tender.serviceLevels[index].title
    case .requirement(let index)?: return tender.requirements[index].title
    case .role(let index)?: return tender.roles[index].title
    case .skill(let index)?: return tender.skills[index].title
    case nil: return named(id) ?? language.word("field", id)
    }
  }

  /// What a name of the bid's own stands for: a hosting option, a line of it, a person, a reference.
  private func named(_ id: String) -> String? {
    let parts = id.split(separator: ".").map(String.init)
    guard parts.count > 1 else { return nil }
    switch parts[0] {
    case "costs":
      guard let option = bid.costs.options.first(where: { $0.id == parts[1] }) else { return nil }
      let line = parts.count > 2 ? option.lines.first { $0.id == parts[2] } : nil
      return option.host + (line.map { ": \($0.item)" } ?? "")
    case "team": return bid.team.people.first { $0.id == parts[1] }?.name
    case "references": return bid.references.first { $0.id == parts[1] }?.organisation
    default: return nil
    }
  }
}

/// What it takes to be there at some hours of each week, against the people that there are.
public struct SupportHours: Sendable {
  /// The identifier of the service level that offers the hours.
  public let level: String
  /// The hours of a week.
  public let hours: Decimal
  /// The hours of a week that full time has.
  public let fullTime: Decimal
  /// How many full-time people there are.
  public let people: Decimal

  /// How many full-time people it takes for one to be there at all those hours.
  public var needed: Decimal { hours / fullTime }
  /// Whether the people suffice.
  public var suffices: Bool { people * fullTime >= hours }
}

extension Tender.Requirement {
  /// Its identifier, such as `requirements.personnel`.
  public var identifier: String { "requirements.\(id)" }
}

extension Tender.Skill {
  /// Its identifier, such as `skills.fabric`.
  public var identifier: String { "skills.\(id)" }
}
