"""What Helm adds: documents read and written, and durations."""

YAML = ['"a: 1\\nb: [x, 2.5, true, null]\\n"', '""', '"a: {b: {c: d}}"', '"- 1\\n- x\\n"', '"x"', '"5"', '"null"', '"a: 1\\na: 2"', '"a: [1"', '"yes: no"', '"\\"1\\": 2"', '"1: 2"', '"a: |\\n  l1\\n  l2\\n"', '"a: >\\n  l1\\n  l2\\n"', '"x: &a {b: 1}\\ny: *a\\n"', '"a: 0x1f\\nb: 017\\nc: 1_000\\nd: .inf\\ne: 1e3\\nf: 2024-01-02\\n"', '"a: on\\nb: Off\\nc: y\\nd: ~\\n"', '"# only\\n"', '"---\\na: 1\\n"', '"a: \\"\\\\u00e9 \\\\n\\"\\n"', '"a: é\\n"', '"true: 1"', '"- - 1\\n  - 2\\n- {a: b}\\n"', '"[]"', '"{}"', '"[1, two, 3.0]"']
JSON = ['`{"a":1,"b":[1,2.5,"x",null,true],"c":{"d":"e"}}`', '""', '`[1,"x",{"a":2}]`', '`5`', '`"x"`', '`null`', '`{"a":}`', '`[1`', '`{"a":1e3,"b":12345678901234567890}`', '`true`']
TOML = ['"a = 1\\nb = \\"x\\"\\n[t]\\nc = 1.5\\nd = true\\n"', '""', '"a = [1, 2]\\n[[l]]\\nx = 1\\n[[l]]\\nx = 2\\n"', '"a ="', '"a = 1\\na = 2"', '"a.b.c = 0x1f\\nd = 1_000\\n"', '"a = \'\'\'\\nx\'\'\'\\nb = {c = 1}"']
VALUES = [".m", ".mix", ".l", ".em", ".el", ".users", "nil", ".missing", '"x"', "5", "1.5", "true", '"multi\\nline\\n"', '"1"', '(dict "b" 1 "a" (list 1 (dict "c" "d")))', '"%s"' % ("word " * 30), '(toDate "2006-01-02" "2024-02-29")', "1e21", "100000000.0", '"<&>"', '(dict "yes" "no" "1" 2)', "(list (list 1 2) (list))"]
SPANS = ["90", "0", "-5", '"1h30m"', '"90"', '"2.5"', '" 3s "', '""', '"x"', '"1h30"', '"-1m"', "nil", ".missing", "1.5", ".f", "true", ".l", '"1e3"', '"500ms"', '"1us"', '"inf"', "9223372036", "9223372037", "-9223372037", "1e300", "(int64 7)", '"36h"', '"252h"', "(mustToDuration 5)", '"1ns"']


def add(case):
    for names, values in [
        (["fromYaml", "fromYamlArray"], YAML), (["fromJson", "fromJsonArray"], JSON), (["fromToml"], TOML),
        (["toYaml", "mustToYaml", "toJson", "mustToJson"], VALUES), (["toToml", "mustToToml"], [".m", ".em", '(dict "a" (list 1 2))', "5"]),
        (["mustToDuration", "durationSeconds", "durationMinutes", "durationHours", "durationDays", "durationWeeks", "durationMilliseconds", "durationMicroseconds", "durationNanoseconds"], SPANS),
    ]:
        for name in names:
            for value in values:
                # an error of a reader has a text of its own: whether there is one is what counts
                if name.startswith("from") and not name.endswith("Array"):
                    case("{{ $d := %s %s }}{{ if $d.Error }}error{{ else }}{{ $d }}{{ range $k, $v := $d }} {{ typeOf $v }}{{ end }}{{ end }}" % (name, value), "helm")
                elif name.startswith("from"):
                    case("{{ $d := %s %s }}{{ len $d }}{{ range $d }} {{ typeOf . }}{{ end }}" % (name, value), "helm")
                else:
                    case("{{ %s %s }}" % (name, value), "helm")
            case("{{ %s }}" % name, "helm")
            case("a\n{{ %s 1 2 3 }}" % name, "helm")
    for name in ["durationRoundTo", "durationTruncateTo"]:
        for value in ["93", '"2h13m"', "-93", '"x"', "1.5"]:
            for unit in ["60", '"1m"', '"30s"', '"x"', "0", "-5", '"1h"', "nil"]:
                case("{{ %s %s %s }}" % (name, value, unit), "helm")
        case("{{ %s 1 }}" % name, "helm")
    case('{{ typeOf (mustToDuration "1m") }} {{ (mustToDuration "90m").Hours }} {{ kindOf (durationSeconds 1) }} {{ typeOf (durationMilliseconds 1) }}', "helm")
    case('{{ (fromYaml "a: {b: 1}").a.b }} {{ (fromYaml "a: {b: 1}") | toYaml | nindent 2 }} {{ fromYaml "a: 1.0" | toJson }}', "helm")
