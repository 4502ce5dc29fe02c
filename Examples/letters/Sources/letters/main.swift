import DocModel
import Renderers

// What templates may name; a misspelt name is found before a letter is written.
let names = Shape.record(
  RecordShape(
    "letter", "What a letter is about.",
    [
      .init("reader", .text(.line), "Who has borrowed the books."),
      .init(
        "loans",
        .list(
          .record(
            RecordShape(
              "loan", "A book that somebody has borrowed.",
              [
                .init("title", .text(.line), "The book's title."),
                .init("due", .text(.line), "The day it was due."),
                .init("days", .integer(0...10_000), "How many days ago that was."),
              ]))), "The books that are late."),
    ]))

// Templates come from wherever the host keeps them.
let files = [
  "reminder.md": """
  {% extends "letter.md" %}
  {% block body %}
  These books are late:

  | Book | Due | Fee |
  | --- | --- | ---: |
  {% for loan in loans|sort(attribute="days", reverse=true) %}
  | *{{ loan.title }}* | {{ loan.due|date }} | {{ loan.days|fee }} |
  {% endfor %}

  Together {{ loans|sum(attribute="days")|fee }}. Please bring {{ "it" if loans|length == 1 else "them" }} back.
  {% endblock %}
  """,
  "letter.md": """
  # Dear {{ reader }}

  {% block body required %}{% endblock %}

  *Your library*
  """,
  "broken.md": "Dear {{ raeder }}, {{ loans|fees }}\n",
]

var environment = Environment(names: names) { (name) throws(InvalidInput) -> Source? in
  guard let text = files[name] else { return nil }
  return try Source(name: name, text: text)
}

// A filter of the library's own: ten cents for each day.
environment.filters["fee"] = Filter { value, _ throws(Problem) in
  guard case .int(let days) = value, days >= 0 else {
    throw Problem("a fee is for a number of days, not for '\(value.shown)'")
  }
  let cents = days * 10
  return .text("€ \(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)")
}

func loan(_ title: String, _ due: String, _ days: Int) -> Value {
  .record(["title": .text(title), "due": .text(due), "days": .int(days)])
}

do throws(InvalidInput) {
  let reminder = try environment.template(named: "reminder.md")
  let letter = try reminder.render([
    "reader": .text("Zoë | <b>Quill</b>"),
    "loans": .list([
      loan("C*: A Memoir", "2026-11-01", 20), loan("[Loops](javascript:x)", "2026-10-12", 40),
    ]),
  ])
  print(letter)
  print(try HTMLFragment(markdown: letter).html)
} catch {
  print(error)
}

// What is wrong with a template is said with its place, all at once.
do throws(InvalidInput) {
  _ = try environment.template(named: "broken.md")
} catch {
  for diagnostic in error.diagnostics { print(diagnostic) }
}
