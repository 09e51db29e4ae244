#!/usr/bin/env python3
"""Writes the cases of the corpus as JSON lines; the recorder adds what Go says to them.

    python3 cases.py | go run . > ../tests/engine/data/corpus.jsonl
"""

import json

import corners
import drawn
import helm
import language
import times

DATA = {
    "s": "Hello, World", "u": "héllo wörld 日本", "e": "", "n": 42, "neg": -7, "z": 0, "f": 3.75, "big": 1e21,
    "t": True, "no": False, "nul": None, "l": ["b", "a", "c", "a"], "nums": [3, 1, 2], "mix": [1, "a", None, 2.5, True, ["x"], {"k": "v"}],
    "m": {"a": 1, "b": {"c": {"d": "deep"}, "l": [1, 2]}, "e": "", "nul": None}, "em": {}, "el": [],
    "users": [{"name": "Ann", "age": 31}, {"name": "Bob", "age": 25, "tags": ["x", "y"]}],
}
seen = set()
# What these answer depends on the day.
SKIPPED = {"a\n{{ .missing | date \"2006-01-02\" }}", "a\n{{ .missing | htmlDate  }}"}
print(json.dumps({"shared": DATA}, ensure_ascii=False))


def case(t, s="sprig", d=DATA, o=None):
    key = (t, s, json.dumps(o))
    if key in seen or t in SKIPPED:
        return
    seen.add(key)
    record = {"t": t}
    if d is not DATA:
        record["d"] = d
    if s:
        record["s"] = s
    if o:
        record["o"] = o
    print(json.dumps(record, ensure_ascii=False))


# Arguments by parameter type; the first one is the ordinary one.
S = ['"Hello World"', '""', ".u", '"  a, b ,c  "', '"foo_bar-Baz2Qux HTTPServer"', '"l1\\nl2\\n"', '"\\xff\\x00é"', "nil", ".missing", ".nul", "3", "true", ".l", "1.5", '(list "a")']
SEP = ['"o"', '""', '","', '"é"', "nil", "7"]
I = ["3", "0", "1", "-1", "5", "100", "nil", ".missing", '"3"', "2.5", ".f", "(int64 2)", "true", "'a'", "2.0", "1e2"]
A = [".n", '"abc"', "nil", ".missing", ".nul", '""', ".z", ".f", ".neg", ".t", ".no", ".l", ".el", ".m", ".em", ".mix", ".u", '"12"', '"0x1f"', '"1.50"', "(until 3)", '(splitList "," "q,r")', '(split "," "q,r")', "(semver \"1.2.3\")", "1.0", "'x'", "(int64 5)"]
NUM = ["7", "0", "-3", "2.5", '"12"', '"0x1f"', '"08"', '"1_000"', '"1.0"', '"abc"', '""', "nil", ".missing", "true", ".f", "9223372036854775807", "-9223372036854775808", "1e18", "1e19", '"9223372036854775808"', ".l", "0.1", '"1e3"', '" 5"', '"0b11"', '"0o17"', '"-0"', "'a'"]
L = [".l", ".el", ".nums", ".mix", "(list)", '(list "x")', "(list 1 nil 2)", "(until 4)", '(splitList "," "b,a,b")', "(tuple 1 2)", "nil", ".missing", ".nul", '"str"', "5", ".m", "(list (list 1) (list 1))", "(rest (list))"]
M = [".m", ".em", "(dict)", '(dict "a" 1 "b" 2)', '(dict "a" (dict "b" 2))', "nil", ".missing", ".nul", '"str"', "5", ".l", '(split "," "a,b")']
K = ['"a"', '"b"', '"zz"', '""', "nil", "3", '"nul"', '"e"']
B = ["true", "false", "nil", '"x"', "1", ".t", ".no", ".missing", "(eq 1 1)"]
F = ["0.5", "1", "0.1", "0.9", "nil", '"x"', "2"]
R = ['"[a-z]+"', '"o"', '"(l+)(o)"', '""', '"["', '"^\\\\w+$"', '"\\\\d*"', '"(?i)HELLO"', '"é|l"', '"a**"', '"(?P<x>l)l"', '"[[:alpha:]]+"', '"\\\\pL+"', '"x*"', "nil", '"\\\\bW"', '"a{1001}"', '"(?=a)"', '"[^\\\\s]+"', '"\\\\Qa.b\\\\E"', '"[\\\\d-]"', '"l{2}"', '"{,2}"', '"(?s).+"', '"\\\\z"', '"\\\\x{e9}"', '"\\\\101"', '"[]a]"', '"[z-a]"', '")"', '"("', '"(?<n>o)"', '"(?U)l+"', '"\\\\8"', '"\\\\C"']
LAY = ['"2006-01-02"', '"Mon Jan _2 15:04:05 MST 2006"', '"02/01/06 03:04:05.000 PM"', '"2006-01-02T15:04:05Z07:00"', '"Monday, January 2 __2 002"', '""', '"3:4pm .999 ,000 -07 -07:00:00 Z0700"', '"1 2 5 _2006 xJan Janx"', "nil", "5", '"é06"']
T = ["1700000000", "0", "-1", '(toDate "2006-01-02" "2024-02-29")', "(int64 253402300800)", '(toDate "2006-01-02 15:04:05.000" "1999-12-31 23:59:59.123")', "-62135596801"]
TT = ['(toDate "2006-01-02" "2024-02-29")', '(toDate "2006-01-02T15:04:05Z07:00" "2024-06-30T10:11:12+05:30")', '(toDate "x" "y")', "nil", '"x"', "5", ".missing"]
Z = ['"UTC"', '"America/New_York"', '"Asia/Kolkata"', '"Nope/Zone"', '""', '"Local"', '"Europe/Berlin"', "nil"]
V = ['"1.2.3"', '"v1.2.3-beta.1+b5"', '"1.2"', '"1"', '"01.2.3"', '"1.2.3-01"', '""', '"x"', '"1.2.3.4"', '"1.2.3-alpha.10"', "nil", "3", '"99999999999999999999.0.0"', '"1.2.3+m.1"', '"2.0.0-0.a-b"']
C = ['">=1.2"', '"^1.2.3"', '"~1.2"', '"1.x"', '"*"', '""', '"1.2 - 1.4"', '">1 <2 || =3.0.0"', '"!=1.2.3"', '">= 1.2.3, < 2"', '"=> 1"', '"~>1.2.3"', '"^0.2"', '"bad"', '"<1.2.x"', '"^1.2.3-0"', '"!=1.x"', '"<=1.2"', '">1.2.x"', '"||"', '"1.2.3 1.2.3"', '"~0"', '"^0.0"', '"v1.2.3"', "nil"]
U = ['"http://user:p%40ss@host.example:8080/a%20b/c;d?x=1&y=2#frag%21"', '"mailto:a@b.c"', '"/rel/path?q"', '""', '"//host/p"', '"http://[::1]:80/"', '"http://a b/"', '"://x"', '"a:b:c"', '"1a:b"', '"http://h:x/"', '"%zz"', '"http://h/%41"', '"*"', '"x:///p"', '"http://é.com/ü?ö#ä"', '"host:80/x"', "nil", '"http://h?"', '"http://h/a?b?c#d#e"']
P = ['"/a/b/../c.tar.gz"', '""', '"."', '".."', '"/"', '"//a//b//"', '"a/b/"', '"../../x"', '"/../x"', '"a/./b"', '"noext"', '".bashrc"', '"a.b/c"', '"日本/語.txt"', "nil", "5"]
J = ["'{\"a\":[1,2.5,\"x\",null,true],\"b\":{\"c\":\"<&>\"}}'", "'[]'", "'\"\\\\u00e9\\\\n\"'", "'1e3'", "'{bad'", "''", "'nul'", "'[1,]'", "'{\"a\":1,\"a\":2}'", "' 5 '", "'01'", "'\"\\\\ud83d\\\\ude00 \\\\ud800\"'", "'-0'", "'1 2'", "'\"a'"]
J = ["`" + j[1:-1].replace("\\\\", "\\") + "`" for j in J] + ["nil", "3"]
B64 = ['"aGVsbG8="', '""', '"!!"', '"aGVsbG8"', '"aGVs\\nbG8="', '"=aGV"', '"aGV="', '"aG=="', '"aG==x"', '"a"', '"////"', '"aG=x"', '"NBSWY3DP"', '"NBSWY3A="', '"N======="', '"NB======"', '"NBS====="', '"nbsw"', '"NBSWY3DPNBSWY==="', "nil"]
D = ['"1h30m"', '"-5m"', '"x"', '""', '"1.5s"', '"100"', '"1d"', '"1h1h"', '".5h"', '"+3s"', '"3us"', '"9999999999h"', "nil", '"0"', '"1µs"', '"-"', '"1.s"', '"."']
DUR = ['"3661"', "3661", "(int64 3661)", '"-5"', '"x"', "nil", "1.5", '"99999999999999999999"', "(int64 0)", "(int64 1)", "(int64 9223372036854775807)", '"2h10m5s"', '"800h"', '"8000h"', '"100000h"', '"-90m"', "(int64 500000000)", "(int64 1500000000)"]

FUNCTIONS = {
    # strings
    "abbrev": [I[3:5] + ["8", "5", "4", "3", "0", "-1"] + I[6:9], S], "abbrevboth": [["4", "0", "5", "8", "100", "-1"], ["9", "7", "6", "4", "3", "100"], S[:4]],
    "trim": [S], "trimAll": [SEP, S], "trimall": [['" a"', '"é"'], S[:4]], "trimPrefix": [['"Hello"', '""', "nil"], S], "trimSuffix": [['"World"', '""'], S],
    "upper": [S + ['"ßǆŉ"', '"ᾳ"', '"ıİ"']], "lower": [S + ['"İΣ"', '"ǅ"']], "title": [S + ['"it\'s o\'neill-foo bar_baz ǆ"', '"1st ünder"']], "untitle": [S], "swapcase": [S + ['"ǅ aB c"']],
    "substr": [I[:6], ["5", "0", "-1", "2", "100"], S[:5]], "trunc": [I[:8] + ["-3", "-100"], S], "repeat": [["3", "0", "1", "-1", "nil"], S[:5]],
    "contains": [SEP, S], "hasPrefix": [['"He"', '""', '"é"'], S], "hasSuffix": [['"ld"', '""'], S], "nospace": [S], "initials": [S],
    "replace": [SEP[:4] + ['"l"'], ['"0"', '""', '"ll"'], S[:6]], "plural": [['"one"', "nil"], ['"many"'], ["0", "1", "2", "-1", "nil", '"1"']],
    "snakecase": [S + ['"HTTPServerID2"', '"fooBar"', '"a1B2c3"', '"ABC"', '"foo bar  baz"', '"_x_Y_"', '"HTTP2xx"', '"Bld4Floor"', '"日本Foo"', '"x.y-z"', '"1A2b3C"', '"aB1"', '"A"', '"É1é"', '"v1beta1API2Go"', '"ab12CD34ef"', '"X9"', '"$5Foo"']],
    "camelcase": [S + ['"foo_bar-baz"', '"http_server"', '"HTTP_SERVER"', '"_foo__bar_"', '"--"', '"a"', '"aB_cD"', '"fooBar"', '"ABC def"', '"x  y"', '"é_é"']],
    "kebabcase": [S + ['"FooBar2Baz"', '"a_b c"', '"HTTPServerID2"', '"aBC"', '"12ab34"', '"Foo-Bar_baz"']],
    "wrap": [["5", "0", "-1", "80", "nil"], S[:4] + ['"the quick brown fox jumps over"', '"averyveryverylongword x"', '"a  b   c    d"']], "wrapWith": [["5", "1", "0"], ['"|"', '""', '"<br>"'], S[:4] + ['"the quick brown fox"', '"averyverylongword x"']],
    "quote": [A], "squote": [A], "cat": [A], "indent": [["2", "0", "-1"], S[:6]], "nindent": [["2", "0"], S[:6]], "toString": [A], "toStrings": [L + A[:6]], "join": [SEP[:3] + ["nil"], L + A[:5]], "sortAlpha": [L],
    "split": [SEP[:4] + ['"l"'], S[:7]], "splitList": [SEP[:4] + ['"l"'], S[:7]], "splitn": [SEP[:3] + ['"l"'], ["2", "0", "1", "-1", "10"], S[:4]], "hello": [],
    # numbers
    "atoi": [['"12"', '"0x1"', '"-5"', '"+5"', '"x"', '""', '"99999999999999999999"', '"-99999999999999999999"', '"1_0"', '" 1"', "nil", "3", '"007"']],
    "int": [NUM], "int64": [NUM], "float64": [NUM + ['"inf"', '"-Inf"', '"nan"', '"0x1p-2"', '"1e400"', '"1_000.5"', '".5"', '"5."', '"+1"', '"1e"', '"infinity"']], "toDecimal": [["777", '"0777"', '"8"', "nil", '"-10"', "1.5", ".l", '""']],
    "add": [NUM, ["1", '"2"', "2.9"]], "add1": [NUM], "sub": [NUM, ["1", "-9223372036854775808"]], "mul": [NUM[:17], ["2", "-1", "2.9"]], "div": [["7", "-7", "0", '"9"', "-9223372036854775808", "7.9"], ["2", "0", "-2", "-1", '"x"', "0.5"]], "mod": [["7", "-7", "7.9"], ["3", "-3", "0", "nil"]],
    "max": [NUM[:6], ["5", '"x"', "nil"]], "min": [NUM[:6], ["5", "-1"]], "biggest": [["1"], ["2", "-1"]], "maxf": [["1.5", "nil", '"x"', "-0.0", '"nan"', '"inf"'], ["2.5", "0.0", "1"]], "minf": [["1.5", '"nan"', "-0.0"], ["2.5", "0.0", "-1", '"-inf"']],
    "addf": [["0.1", "1.5", '"2.5"', "nil", '"x"', "1e21", '"inf"', '"nan"'], ["0.2", "1", "-0.1"]], "add1f": [["0.1", "1.7", '"x"', "nil", "-1"]], "subf": [["0.3", "1.1"], ["0.1", "1e-20", "100"]], "mulf": [["0.1", "1.1", "3"], ["3", "1.1", "0", "1e300"]], "divf": [["1", "10", "2", "-2", "0"], ["3", "0", "4", "7", "1e-5", "-3"]],
    "ceil": [["1.1", "-1.1", "5", '"2.5"', "nil", '"x"']], "floor": [["1.9", "-1.1", "5", '"2.5"', "nil"]], "round": [["1.005", "2.5", "-2.5", "123.456", "-1.5", '"3.14159"', "0.5", "nil"], ["0", "2", "-1", "1", "nil"]],
    "until": [["3", "0", "-3", "nil", '"x"', "1"]], "untilStep": [["0", "5", "-3"], ["5", "0", "-6"], ["1", "2", "0", "-1", "7"]], "seq": [["3", "0", "-2", "1", "5", "nil"]],
    # dates
    "date": [LAY, T[:4]], "dateInZone": [LAY[:4], T, Z], "date_in_zone": [LAY[:1], T[:1], Z[:2]], "htmlDate": [T], "htmlDateInZone": [T[:3], Z], "toDate": [LAY[:4], ['"2024-02-29"', '"Thu Feb 29 10:11:12 UTC 2024"', '"x"', '""', '"2023-02-29"', '"2024-13-01"']], "mustToDate": [LAY[:4], ['"2024-02-29"', '"x"', '""', '"Thu Feb  9 10:11:12 PST 2024"', '"01/02/24 11:22:33.444 PM"', '"2024-01-02T03:04:05Z"', '"2024-01-02T03:04:05.678+02:00"']],
    "dateModify": [D, TT[:3]], "date_modify": [D[:3], TT[:1]], "mustDateModify": [D, TT[:1]], "must_date_modify": [D[:3], TT[:4]], "unixEpoch": [TT], "duration": [DUR], "durationRound": [DUR],
    # defaults
    "default": [['"dflt"', "nil", "0"], A], "empty": [A], "coalesce": [A[:10], ["nil", '""', "5"]], "all": [A[:8], ["1", "nil"]], "any": [A[:8], ["0", "nil", "1"]], "ternary": [['"yes"', "nil"], ['"no"'], B], "compact": [L], "mustCompact": [L[:6]], "fail": [['"boom"', '""', "nil", '"é%d"']],
    # encoding
    "b64enc": [S], "b64dec": [B64], "b32enc": [S[:8]], "b32dec": [B64], "toJson": [A + ['"<a>&\\u2028\\x01\\x7f"', "1e21", "1e-7", "123456789.0", "100000000000000000000.0", "0.000001", "-0.0", '(dict "z" 1 "a" (list 1 "x"))', "1i", '(float64 "nan")', '(toDate "2006-01-02" "2024-02-29")']], "toPrettyJson": [A[:20]], "toRawJson": [A[:18] + ['"<a>&\\u2028"']], "mustToJson": [A[:12] + ["1i"]], "mustToPrettyJson": [A[10:16]], "mustToRawJson": [A[10:17] + ["1i"]],
    "fromJson": [J], "mustFromJson": [J],
    # lists
    "first": [L], "mustFirst": [L[:4]], "last": [L], "mustLast": [L[9:14]], "rest": [L], "mustRest": [L[9:14]], "initial": [L], "mustInitial": [L[9:14]], "reverse": [L], "mustReverse": [L[9:14]], "uniq": [L], "mustUniq": [L[9:14]], "append": [L, ["9", "nil"]], "mustAppend": [L[9:14], ["9"]], "push": [L[:3], ["9"]], "mustPush": [L[9:14], [".m"]], "prepend": [L, ["9", '"p"']], "mustPrepend": [L[9:14], ["9"]],
    "without": [L, ['"a"', "1", "nil"]], "mustWithout": [L[9:14], ["1"]], "has": [['"a"', "1", "nil", "(list 1)", "2.5"], L], "mustHas": [["1"], L[9:14]], "concat": [L, L[:5]], "list": [A[:12]], "tuple": [A[:4]], "slice": [L, ["1", "0", "-1", "9", '"1"', "nil"]], "mustSlice": [L[:6], ["0", "1"], ["1", "2", "9", "0"]], "chunk": [["2", "1", "0", "-1", "3", "100", "nil"], L[:14]], "mustChunk": [["2", "0"], L[9:14]],
    # dicts
    "dict": [["1", '"a"', "nil", ".l"], ['"v"', "nil"]], "get": [M, K], "set": [M, K[:3], A[:3]], "unset": [M, K[:3]], "hasKey": [M, K], "pluck": [K[:3], M, M[:4]], "pick": [M, K[:4]], "omit": [M, K[:4]], "deepCopy": [A], "mustDeepCopy": [A[8:18]],
    "merge": [M[:7] + [".l"], M[:7]], "mergeOverwrite": [M[:7], M[:7]], "mustMerge": [M[:6], M[3:5]], "mustMergeOverwrite": [M[:6], M[3:5]], "dig": [K[:4], ['"dflt"', "nil"], M],
    # reflection
    "typeOf": [A], "kindOf": [A], "typeIs": [['"int"', '"string"', "nil"], A[:8]], "typeIsLike": [['"semver.Version"', '"*semver.Version"', '"int"'], A[20:26]], "kindIs": [['"slice"', '"map"', '"invalid"'], A[:16]], "deepEqual": [A[:16], ["nil", ".n", ".l", ".el", ".m", "(list)", "(dict)"]],
    # paths, urls
    "base": [P], "dir": [P], "clean": [P], "ext": [P], "isAbs": [P], "osBase": [P[:8]], "osDir": [P[:8]], "osClean": [P[:8]], "osExt": [P[:8]], "osIsAbs": [P[:4]],
    "urlParse": [U], "env": [['"GREETING"', '"NOPE"', '""', "nil"]], "expandenv": [['"x $GREETING ${GREETING}y $NOPE z"', '"$"', '"${"', '"$$ ${} $1 a$"', '"${GREETING"', '"$GREETINGx"', '"é$-GREETING"', "nil", '""', '"${é} $é"']],
    # semver, regex, hashes, crypto
    "semver": [V], "semverCompare": [C, V[:9]],
    "regexMatch": [R, S[:7]], "mustRegexMatch": [R, S[:2]], "regexFind": [R, S[:4]], "mustRegexFind": [R[:10], S[:2]], "regexFindAll": [R[:12], S[:3] + ['"abaabaccadaaae"'], ["-1", "0", "1", "2"]], "mustRegexFindAll": [R[:6], S[:2], ["-1", "2"]], "regexReplaceAll": [R[:14], S[:3], ['"<$0>"', '"${1}x$2"', '"$1x"', '"$$ $"', '"$x-${x}"', '""']], "mustRegexReplaceAll": [R[:6], S[:2], ['"$1"']], "regexReplaceAllLiteral": [R[:8], S[:2], ['"$0"', '""']], "mustRegexReplaceAllLiteral": [R[:5], S[:2], ['"$1"']], "regexSplit": [R[:14], S[:4], ["-1", "0", "1", "2"]], "mustRegexSplit": [R[:6], S[:2], ["-1", "2"]], "regexQuoteMeta": [S + ['"\\\\.+*?()|[]{}^$-"']],
    "sha1sum": [S[:8]], "sha256sum": [S[:8]], "sha512sum": [S[:8]], "adler32sum": [S[:8]],
    "decryptAES": [['"secret"', '"key"', '""'], ['"MTIzNDU2Nzg5MDEyMzQ1Ng=="', '""', '"bad!"', '"aGVsbG8="', '"MDAwMDAwMDAwMDAwMDAwMDEyMw=="', "nil"]],
    "buildCustomCert": [['"!!"', '""', '"aGVsbG8="'], ['"!!"', '"aGVsbG8="']],
}
for name, pools in FUNCTIONS.items():
    if not pools:
        case("{{ %s }}" % name)
        case("{{ %s 1 }}" % name)
        continue
    first = [pool[0] for pool in pools]
    for i, pool in enumerate(pools):
        for value in pool:
            args = first[:i] + [value] + first[i + 1:]
            case("{{ %s %s }}" % (name, " ".join(args)))
    # the last argument by pipe, with its second value; too few and too many
    case("{{ %s | %s %s }}" % (pools[-1][min(1, len(pools[-1]) - 1)], name, " ".join(first[:-1])))
    case("a\n{{ .missing | %s %s }}" % (name, " ".join(first[:-1])))
    case("\n\n{{ %s }}" % name)
    case("{{ %s %s 1 2 3 4 5 6 }}" % (name, " ".join(first)))
for name, (left, right) in {"regexMatch": (R, S[:7]), "semverCompare": (C, V), "merge": (M[:5], M[:5]), "get": (M[:5], K), "default": (A[:12], A[:12]), "deepEqual": (A, A), "div": (NUM[:8], NUM[:8]), "eq": (A, A), "lt": (A[:12], A[:12]), "regexFind": (R, S[:3])}.items():
    pairs = [(a, b) for a in left for b in right]
    for a, b in pairs[:: max(1, len(pairs) // 60)]:
        case("{{ %s %s %s }}" % (name, a, b))

language.add(case)
corners.add(case)
drawn.add(case)
helm.add(case)
times.add(case)
