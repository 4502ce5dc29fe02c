import Glibc
import Testing

@testable import DocModel

/// What is taken for a leak in a text, and what is not.
@Suite struct LeakScannerTests {
  /// A line, with what is found in it as `kind: text`.
  static let cases: [(String, [String])] = [
    ("write to ada.lovelace@example.org, please", ["email: ada.lovelace@example.org"]),
    ("<Ada.Lovelace+it@MAIL.example.co.uk>", ["email: Ada.Lovelace+it@MAIL.example.co.uk"]),
    ("[mail](mailto:a@b.example.org)", ["email: a@b.example.org"]),
    (#"ada\_l@example.org"#, ["email: ada_l@example.org"]),
    ("ada@**example.org**", ["email: ada@example.org"]),
    ("https://example.org/?to=ada%40example.org", ["email: ada@example.org"]),
    ("two: a@example.org;b@example.org", ["email: a@example.org", "email: b@example.org"]),
    ("josé@exámple.org", ["email: josé@exámple.org"]),
    ("call +999 20 555 0141 at night", ["phone: +999 20 555 0141"]),
    ("(+44) 20 7946 0958", ["phone: +44) 20 7946 0958"]),
    ("+1 (202) 555-0147.", ["phone: +1 (202) 555-0147"]),
    ("+49301234567", ["phone: +49301234567"]),
    ("0044 20 7946 0958", ["phone: 0044 20 7946 0958"]),
    ("020 7946 0958", ["phone: 020 7946 0958"]),
    ("(202) 555-0147", ["phone: (202) 555-0147"]),
    ("202-555-0147", ["phone: 202-555-0147"]),
    ("Tel.: 555014", ["phone: 555014"]),
    ("+999\u{A0}20\u{A0}555\u{A0}0141", ["phone: +999 20 555 0141"]),
    ("+999\u{202F}20\u{2009}555\u{2011}0141", ["phone: +999 20 555-0141"]),
    ("+999–20–555–0141", ["phone: +999-20-555-0141"]),
    ("the server 10.20.30.40 answers", ["address: 10.20.30.40"]),
    ("10.20.*30*.40", ["address: 10.20.30.40"]),
    ("http://192.168.1.7:8080/x", ["address: 192.168.1.7"]),
    ("196.201.214.5/24", ["address: 196.201.214.5"]),
    ("fe80::1ff:fe23:4567:890a", ["address: fe80::1ff:fe23:4567:890a"]),
    (
      "[2a02:908:1:2:3:4:5:6]:443", ["address: 2a02:908:1:2:3:4:5:6"]
    ),
    ("fd12:3456:789a::1", ["address: fd12:3456:789a::1"]),
    ("192.0.2.7 and 2001:db8::1", ["address: 192.0.2.7", "address: 2001:db8::1"]),
    ("ssh admin at db1.health.internal", ["host: db1.health.internal"]),
    ("https://jira.moh.local/browse/1", ["host: jira.moh.local"]),
    ("http://intranet/plan", ["host: intranet"]),
    (#"\\\\fileserver\\share"#, ["host: fileserver"]),
    ("nas.lan and x.corp", ["host: nas.lan", "host: x.corp"]),
    ("-----BEGIN OPENSSH PRIVATE KEY-----", ["key: -----BEGIN OPENSSH PRIVATE KEY-----"]),
    ("-----BEGIN PRIVATE KEY-----", ["key: -----BEGIN PRIVATE KEY-----"]),
    (#"\-----BEGIN RSA PRIVATE KEY-----"#, ["key: -----BEGIN RSA PRIVATE KEY-----"]),
    ("AKIA" + "IOSFODNN7EXAMPLE", ["key: AKIA" + "IOSFODNN7EXAMPLE"]),
    (
      "token ghp_" + "abcdefghijklmnopqrstuvwxyz0123456789",
      ["key: ghp_" + "abcdefghijklmnopqrstuvwxyz0123456789"]
    ),
    ("glpat-" + "0123456789abcdefghij", ["key: glpat-" + "0123456789abcdefghij"]),
    (
      "eyJ" + "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLW9m",
      ["key: eyJ" + "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLW9m"]
    ),
    ("password: hunter2hunter", ["key: password: hunter2hunter"]),
    ("API_KEY=\"a1b2c3d4e5\"", ["key: API_KEY=\"a1b2c3d4e5"]),
    ("DB_PASSWORD=hunter2hunter", ["key: PASSWORD=hunter2hunter"]),
    (
      "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG",
      ["key: ACCESS_KEY=wJalrXUtnFEMI/K7MDENG"]
    ),
    ("SECRET_KEY: a1b2c3d4e5", ["key: SECRET_KEY: a1b2c3d4e5"]),
    ("sk_live_" + "abcdefghijklmnopqrstuvwx", ["key: sk_live_" + "abcdefghijklmnopqrstuvwx"]),
    ("https://admin:s3cret@db.example.org/", ["key: admin:s3cret"]),
  ]

  @Test(arguments: cases) func leakIsFound(text: String, expected: [String]) {
    #expect(LeakScanner.leaks(in: text).map { "\($0.kind): \($0.text)" } == expected)
    let inTable = LeakScanner.leaks(in: "| x | \(text) | y |")
    #expect(inTable.map { "\($0.kind): \($0.text)" } == expected)
  }

  static let harmless: [String] = [
    "version 1.2.3.4", "release 10.0.0.1", "v1.2.3.4", "§ 1.2.3.4", "section 4.3.2.1", "1.2.3.4.5",
    "127.0.0.1 and 0.0.0.0", "mask 255.255.255.0", "300.1.2.3", "01.02.03.04",
    "2026-11-21", "2026-11-21T17:00+03:00", "21.11.2026", "17:00 (UTC+03:00)", "12:30:45",
    "EUR 1,250,000.50", "1 250 000", "12 000 000 users", "XOF 1 000 000 000", "2 000 045 678",
    "1\u{202F}000\u{202F}000\u{202F}000 forms", "1990–2030", "2.5 + 3", "+20 per cent", "99.9 %",
    "MOH-DDH-2026-041", "NDC-27001-0093", "ISO 27001:2022", "RFC 8493", "978-3-16-148410-0",
    "be3f0b6869e6e232d810a744ca2bfb4047e36ebf19772d50001f9c66964930e5", "@mention", "a @ b", "x@y",
    "std::string", "a::b", "12:34", "00:1A:2B:3C:4D:5E", "localhost:8080", "http://localhost/x",
    "https://docs.health.example.org/chw/v4", "rfp.md.jinja", "local", "internal",
    "the local network",
    "internal. External", "password: yes", "token: none", "The secret: keep it",
    "sk-learn", "skilled-people-with-experience-of-years", "eyJoin", "-----BEGIN CERTIFICATE-----",
    "system-assessment.architecture-diagram", "0.5 1.5 2.5", "1/2/3", "100-200-300", "5, 7 and 9",
    "project.yaml:31:7", "2027-06-30 | 1,200", "0–100", "10.0.0", "3.14159265358979",
  ]

  @Test(arguments: harmless) func whatIsNoLeakIsNotFound(text: String) {
    #expect(LeakScanner.leaks(in: text).map { "\($0.kind): \($0.text)" } == [])
    #expect(LeakScanner.leaks(in: "a `\(text)`, b").map { "\($0.kind): \($0.text)" } == [])
  }

  @Test func linesAndColumnsAreTold() throws {
    let leak = try #require(LeakScanner.leaks(in: "one\n\n  ü a@example.org\n").first)
    #expect((leak.line, leak.column) == (3, 6))
  }

  @Test("a leak is found wherever pieces and long lines are cut")
  func cuts() {
    let address = Array("ada@example.org".utf8)
    for lead in [0, 1, 65_520, 65_530, 65_536, 70_000, 131_070] {
      var scanner = LeakScanner()
      let text = [UInt8](repeating: 0x2E, count: lead) + [0x20] + address + [0x20]
      for start in stride(from: 0, to: text.count, by: 1000) {
        Array(text[start..<min(start + 1000, text.count)]).withUnsafeBytes { scanner.feed($0) }
      }
      scanner.finish()
      #expect(scanner.leaks.map(\.text) == ["ada@example.org"], "\(lead)")
      #expect(scanner.leaks.map(\.column) == [lead + 2])
    }
  }

  static let pieces: [String] = [
    "@", "a@", "a.", "1", "1.", "1.1.1.", "+1", "0 ", "(", ":", "f:", "fe80:", "-----BEGIN ",
    "ghp_",
    "sk-a", "eyJ", "password:", "://", "://a:", "\\", "\\\\", "a@b.", ".local", "\u{2060}", "é",
    "a@example.org ", "+49301234567 ",
  ]

  /// The processor's seconds that looking at so many bytes takes on this thread.
  private func seconds(_ piece: String, _ count: Int) -> Double {
    func now() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    let text = String(repeating: piece, count: count / piece.utf8.count)
    let start = now()
    _ = LeakScanner.leaks(in: text)
    return now() - start
  }

  @Test("time grows as the text does", arguments: pieces)
  func hostile(piece: String) {
    #expect(seconds(piece, 20_000) < 10 * seconds(piece, 5_000) + 0.05)
  }
}
