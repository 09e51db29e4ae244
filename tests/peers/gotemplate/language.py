"""The part of the corpus about the language itself: the features, printf, sprig in use, YAML, TOML and Helm."""

def add(case):
    GO = "go"
    LINES = r"""
plain text
{{/* a comment */}}x
a {{- /* trimmed */ -}} b
{{- "x" -}}
a  {{- 1 -}}  b
a {{-1}} b
{{ "quoted \"string\" \n \t \u00e9 \x41 \101" }}
{{ `raw "string" \n` }}
{{ 'a' }}{{ 'é' }}{{ '\n' }}{{ '\'' }}{{ '\x41' }}
{{ 1 }} {{ -1 }} {{ +1 }} {{ 1.5 }} {{ 1e3 }} {{ 1E3 }} {{ 0x1F }} {{ 0b11 }} {{ 0o17 }} {{ 017 }} {{ 1_000 }} {{ 0x1p4 }} {{ .5 }} {{ 1. }}
{{ 1i }} {{ 1+2i }} {{ 1.5e3-2i }} {{ 0i }}
{{ true }} {{ false }}
{{ nil }}
{{ print nil }}
{{ . }}
{{ $ }}
{{ .n }} {{ $.n }} {{ .m.b.c.d }} {{ .m.zz }} {{ .m.zz.yy }} {{ .nul }} {{ .m.nul }}
{{ .nul.x }}
{{ .n.x }}
{{ .l.x }}
{{ .s.x }}
{{ $x := .n }}{{ $x.y }}
{{ $.m.b.c.d.e }}
{{ (index .l 0).x }}
{{ (.m).a }} {{ (.m.b).c.d }} {{ (print "a").x }}
{{ $x := 1 }}{{ $x }}{{ $x = 2 }}{{ $x }}
{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ $x }}{{ end }}{{ $x }}
{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}
{{ $x := "a" | printf "%s-%s" "b" }}{{ $x }}
{{ $x }}
{{ $x = 1 }}
{{ if .t }}yes{{ else }}no{{ end }}
{{ if .no }}yes{{ else }}no{{ end }}
{{ if .e }}1{{ else if .z }}2{{ else if .n }}3{{ else }}4{{ end }}
{{ if .missing }}1{{ end }}{{ if .nul }}2{{ end }}{{ if .el }}3{{ end }}{{ if .em }}4{{ end }}{{ if .f }}5{{ end }}{{ if 0.0 }}6{{ end }}{{ if "" }}7{{ end }}{{ if 1i }}8{{ end }}
{{ if $x := .n }}{{ $x }}{{ end }}
{{ if $x := .z }}{{ $x }}{{ else }}else {{ $x }}{{ end }}
{{ with .m }}{{ .a }}{{ end }}
{{ with .missing }}a{{ else }}b {{ .n }}{{ end }}
{{ with .e }}a{{ else with .n }}b{{ . }}{{ else }}c{{ end }}
{{ with $x := .m }}{{ $x.a }}{{ $.n }}{{ end }}
{{ with .e }}a{{ else with .z }}b{{ end }}
{{ range .l }}{{ . }},{{ end }}
{{ range $i, $e := .l }}{{ $i }}={{ $e }};{{ end }}
{{ range $e := .l }}{{ $e }}{{ end }}
{{ range $k, $v := .m }}{{ $k }}:{{ $v }} {{ end }}
{{ range .el }}x{{ else }}none{{ end }}
{{ range .missing }}x{{ else }}none{{ end }}
{{ range .nul }}x{{ end }}
{{ range 3 }}{{ . }}{{ end }}
{{ range $i := 3 }}{{ $i }}{{ end }}
{{ range $i, $j := 3 }}{{ $i }}{{ end }}
{{ range 0 }}x{{ else }}zero{{ end }}
{{ range -1 }}x{{ else }}neg{{ end }}
{{ range .n }}{{ if gt . 3 }}{{ break }}{{ end }}{{ . }}{{ end }}
{{ range .nums }}{{ if eq . 1 }}{{ continue }}{{ end }}{{ . }}{{ end }}
{{ range .s }}{{ . }}{{ end }}
{{ range .f }}{{ . }}{{ end }}
{{ range .t }}{{ . }}{{ end }}
{{ range $i, $u := .users }}{{ $i }}{{ .name }}{{ range .tags }}{{ . }}{{ end }}{{ else }}no{{ end }}
{{ range .mix }}{{ . }}|{{ end }}
{{ range .mix }}{{ .x }}{{ end }}
{{ $x := 0 }}{{ range $x = .nums }}{{ $x }}{{ end }}{{ $x }}
{{ $i := 0 }}{{ $e := 0 }}{{ range $i, $e = .l }}{{ end }}{{ $i }}{{ $e }}
{{ range $i, $e := .l }}{{ $i = 5 }}{{ $e = "q" }}{{ $i }}{{ $e }}{{ end }}
{{ range .l }}{{ $x := . }}{{ end }}{{ $x }}
{{ break }}
{{ continue }}
{{ range .l }}{{ template "x" }}{{ end }}{{ define "x" }}{{ break }}{{ end }}
{{ define "t1" }}[{{ . }}]{{ end }}{{ template "t1" .n }}{{ template "t1" }}
{{ define "a" }}A{{ template "b" . }}{{ end }}{{ define "b" }}B{{ .n }}{{ end }}{{ template "a" . }}
{{ define "a" }}{{ $ }}{{ end }}{{ template "a" .n }}
{{ define "a" }}x{{ end }}{{ define "a" }}y{{ end }}
{{ define "a" }}x{{ end }}{{ define "a" }}  {{ end }}{{ template "a" }}
{{ define "a" }} {{ end }}{{ define "a" }}y{{ end }}{{ template "a" }}
{{ block "b" .n }}({{ . }}){{ end }}
{{ define "b" }}D{{ end }}{{ block "b" .n }}B{{ end }}
{{ block "b" . }}{{ block "c" .n }}{{ . }}{{ end }}{{ end }}
{{ template "nope" }}
{{ template "nope" . }}
{{ template .n }}
{{ template }}
{{ template "a" 1 2 }}{{ define "a" }}{{ end }}
{{ define "x }}
{{ define x }}{{ end }}
{{ define "x" . }}{{ end }}
{{ define "x" }}
{{ if true }}{{ define "x" }}{{ end }}{{ end }}
{{ block "x" }}{{ end }}
{{ block "x" . }}{{ else }}{{ end }}
{{ define `raw` }}r{{ end }}{{ template `raw` }}
{{ $v := .n }}{{ define "a" }}{{ $v }}{{ end }}
{{ define "rec" }}{{ if gt . 0 }}{{ . }}{{ template "rec" (slice (printf "%d" .) 1) }}{{ end }}{{ end }}{{ template "rec" 3 }}
{{ and 1 0 2 }} {{ or 0 "" "x" }} {{ not 1 }} {{ not .missing }}
{{ and .no (index .l 99) }} {{ or .t (index .l 99) }}
{{ and }}
{{ 1 | and 0 }} {{ 0 | or 1 }} {{ 5 | and 1 }}
{{ and .missing 1 }} {{ or .missing .nul }}
{{ eq 1 1 }} {{ eq 1 2 1 }} {{ eq "a" "b" "a" }} {{ ne 1 2 }} {{ lt 1 2 }} {{ le 2 2 }} {{ gt 2 1 }} {{ ge 1 2 }}
{{ eq 1 1.0 }}
{{ eq 1 "1" }}
{{ eq .l .l }}
{{ eq .m .m }}
{{ eq nil nil }} {{ eq nil 1 }} {{ eq .missing .nul }} {{ eq .missing nil }} {{ ne nil 1 }}
{{ eq 1i 1i }} {{ eq true true }} {{ eq 1.5 1.5 }}
{{ eq 1 }}
{{ eq }}
{{ ne 1 }}
{{ lt "a" "b" }} {{ lt 1.5 2.5 }} {{ lt "B" "a" }}
{{ lt true false }}
{{ lt 1 "a" }}
{{ lt nil 1 }}
{{ lt .l .l }}
{{ gt .missing 1 }}
{{ eq .n 42 }} {{ eq .f 3.75 }} {{ eq (index "abc" 0) 97 }} {{ lt (index "abc" 0) 98 }} {{ gt -1 (index "a" 0) }}
{{ index .l 1 }} {{ index .m "b" "c" "d" }} {{ index .m "zz" }} {{ index .s 1 }} {{ index .mix 6 "k" }} {{ index .l }}
{{ index .l 4 }}
{{ index .l -1 }}
{{ index .l "a" }}
{{ index .l nil }}
{{ index .l 1.0 }}
{{ index .m 1 }}
{{ index .m nil }}
{{ index .n 1 }}
{{ index nil 1 }}
{{ index .missing 1 }}
{{ index .nul 1 }}
{{ index .m "nul" "x" }}
{{ index .s 99 }}
{{ index .m "a" "b" }}
{{ slice .s 1 3 }} {{ slice .l 1 }} {{ slice .l }} {{ slice .l 1 2 }} {{ slice .s }} {{ slice .el 0 0 }}
{{ slice .s 3 1 }}
{{ slice .s 0 99 }}
{{ slice .s 1 2 3 }}
{{ slice .n 1 }}
{{ slice nil 1 }}
{{ slice .l 0 1 2 3 }}
{{ slice .l "a" }}
{{ slice .u 1 3 }}
{{ len .l }} {{ len .m }} {{ len .s }} {{ len .u }} {{ len .el }}
{{ len .n }}
{{ len nil }}
{{ len .missing }}
{{ len .nul }}
{{ len 3 }}
{{ len }}
{{ print 1 2 }} {{ print "a" "b" }} {{ print 1 "a" 2 }} {{ print .l }} {{ print .m }} {{ print nil 1.5 true }} {{ print }}
{{ println 1 "a" }}{{ println }}
{{ html "<a href='x'>&\"" }} {{ "<b>" | html }} {{ html .l 1 }} {{ html nil }} {{ html .missing }} {{ html "\x00" }}
{{ js "it's \"<>&=\\ \n é 日" }} {{ js .l }} {{ js "plain" }} {{ js "\u2028 \u00ad" }}
{{ urlquery "a b&c=d/é?" }} {{ urlquery 1 "x" }} {{ "a+b" | urlquery }}
{{ call .n }}
{{ call nil }}
{{ call .missing }}
{{ call }}
{{ 3 | printf "%d" }}
{{ printf "%d %s" 1 "x" | print "y" | len }}
{{ "x" | printf "%s" | printf "%s-%s" "a" }}
{{ 1 2 }}
{{ .n 2 }}
{{ .m.a 2 }}
{{ 1 | 2 }}
{{ 1 | .n }}
{{ . | print }} 
{{ .n | }}
{{ | .n }}
{{ }}
{{ ( }}
{{ ) }}
{{ (1 }}
{{ ((1)) }} {{ (((.n))) }} {{ ((print 1 (print 2))) }}
{{ (1) 2 }}
{{ print (1 | print) }}
{{ unknown }}
{{ unknown 1 | print }}
{{ .a.b. }}
{{ .. }}
{{ .1 }}
{{ .é }} {{ ._x }}
{{ $é := 1 }}{{ $é }}
{{ 1a }}
{{ 0x }}
{{ 0xg }}
{{ 09 }}
{{ 1__0 }}
{{ 99999999999999999999 }}
{{ 9223372036854775808 }}
{{ 1e400 }}
{{ 'ab' }}
{{ '' }}
{{ 'a }}
{{ "abc }}
{{ `abc }}
{{ "a\qb" }}
{{ "a\400" }}
{{ "\ud800" }}
{{ # }}
{{ a-b }}
{{ .a-b }}
{{ $x+1 }}
{{ "a""b" }}
{{ print "a"(1) }}
{{ print(1) }}
{{ .x(1) }}
{{ 1.x }}
{{ "a".x }}
{{ nil.x }}
{{ true.x }}
{{ ..x }}
{{ (nil).x }}
{{ if }}{{ end }}
{{ if 1 }}
{{ if 1 }}{{ else }}
{{ if 1 }}{{ else }}{{ else }}{{ end }}
{{ else }}
{{ end }}
{{ if 1 }}{{ end }}{{ end }}
{{ end 1 }}
{{ else 1 }}
{{ if 1 }}{{ else 2 }}{{ end }}
{{ if 1 }}{{ else with 2 }}{{ end }}
{{ with 1 }}{{ else if 2 }}{{ end }}{{ end }}
{{ range 1 }}{{ else if 2 }}{{ end }}{{ end }}
{{ range }}{{ end }}
{{ range $x }}{{ end }}
{{ range $x, }}{{ end }}
{{ range $x, $y }}{{ end }}
{{ range $x, $y, $z := .l }}{{ end }}
{{ range $x, 1 := .l }}{{ end }}
{{ $x, $y := 1 }}
{{ if $x, $y := 1 }}{{ end }}
{{ $x := }}
{{ $x : 1 }}
{{ $x := $x }}
{{ $x := 1 | $y := 2 }}
{{ ($x := 1) }}{{ $x }}
{{ with }}{{ end }}
{{ break 1 }}
{{ range 1 }}{{ break 1 }}{{ end }}
{{/* unclosed
{{/* c */ x }}
{{ /* c */ }}
{{- /* c */ -}}
{{-/* c */-}}
{{ "a
{{
{{ .n
x {{ if
{{ range .users }}{{ .name | printf "%-5s|" }}{{ end }}
{{ with .users }}{{ (index . 1).name }}{{ end }}
{{ .users }}
{{ (index .users 0).age }} {{ index .users 0 "age" }}
{{ printf "%v %v" .m.b .nul }}
{{ printf }}
{{ printf 1 }}
{{ printf nil }}
{{ printf .missing }}
{{ printf "%s" }}
{{ nil | print }}
{{ print . | len }}
{{ "\u00e9" | len }}
{{ if and .t (or .no .n) (not .e) }}ok{{ end }}
{{ if eq .s "Hello, World" }}same{{ end }}
{{ template "a" (print 1 2) }}{{ define "a" }}<{{ . }}>{{ end }}
{{ and (eq 1 1) "last" }}
{{ range $i, $_ := .l }}{{ $i }}{{ end }}
{{ define "x" }}a{{ end -}}   b {{ template "x" }}
{{ 1 -}} {{- 2 }}
{{1}}{{- /* */ -}} {{2}}
{{ print -1 - 1 }}
{{ print 1 -1 }}
{{ .l.0 }}
{{ $.missing.x }} {{ $.nul }}
{{ print .big .f 1000000.0 123456.0 1e6 1e20 1e21 1e-4 1e-5 0.1 -0.0 }}
{{ print 100000000 1e100 3.0 2.50 }}
""".strip("\n").split("\n")
    for line in LINES:
        case(line, GO)
        for missing in ("zero", "error"):
            if "missing" in line or ".zz" in line or ".nul" in line or ".x" in line:
                case(line, GO, o={"missingkey": missing})
    for line in LINES[::6]:
        case(line.replace("{{", "[[").replace("}}", "]]"), GO, o={"left": "[[", "right": "]]"})
        case(line.replace("{{", "<").replace("}}", ">"), GO, o={"left": "<", "right": ">"})
        case("one\ntwo\n" + line + "\nfour", GO)
        case("{{ if .t }}\n\n" + line, GO)
    for t in ["a\n{{- if .t }}\n  x\n{{- end }}\nb", "{{ print\n1\n2 }}", "{{ print `a\nb` }}\n{{ .n.x }}", "{{/* a\nb\n*/}}\n{{ .n.x }}", "x\n\n{{-  .n.x }}", "{{ .l -}}\n\n\n{{ .n.x }}", "\n{{ if\n\n.n }}\n{{ .n.y }}{{ end }}", "{{ range .users }}\n{{ .name.first }}\n{{ end }}", "{{ define \"a\" }}\n\n{{ .x.y }}{{ end }}\n{{ template \"a\" 1 }}", "\n\n{{ \"a\nb\" }}", "\n{{ (\n}}", "a\n{{ if 1 }}\nb\n{{ else }}\nc", "{{ print 1\n| print\n| nope }}", "\r\n{{ .n }}\r\n", "\t{{- .n -}}\t", "{{ .n }}\n{{ unknown }}", "{{\n\n/* c */}}", "line1\n{{ \"a\\\n\" }}", "{{ with $x := .m }}{{ range $k, $v := $x }}{{ $k }}{{ end }}{{ end }}\n\n{{ $x }}", "{{ template \"a\" . }}\n{{ define \"a\" }}{{ template \"b\" . }}{{ end }}\n{{ define \"b\" }}\n{{ .n.q }}{{ end }}"]:
        case(t, GO)

    FLAGS = ["%v", "%+v", "%#v", "%T", "%d", "%5d", "%-5d|", "%05d", "%+d", "% d", "%x", "%X", "%#x", "%o", "%#o", "%O", "%b", "%c", "%q", "%U", "%#U", "%e", "%.2e", "%E", "%f", "%.2f", "%8.3f", "%-8.2f|", "%08.2f", "%+.1f", "%g", "%.3g", "%G", "%#g", "%s", "%10s", "%-10s|", "%.3s", "%q", "%+q", "%#q", "%x", "% x", "%# x", "%t", "%p", "%z", "%5t", "%.0d", "%.3d", "%8.3d", "%6.2v", "%b", "%.3x"]
    VALUES = [".n", ".neg", ".s", ".u", ".f", ".t", ".l", ".m", ".nul", "1e21", "'x'", "1i", ".mix"]
    for i, flag in enumerate(FLAGS):
        for j, value in enumerate(VALUES):
            if flag == "%p" and value in (".l", ".m", ".mix"):
                continue
            if (i + j) % 3 == 0 or j in (i % 4, 4):
                case('{{ printf "%s" %s }}' % (flag, value), GO)
    for line in r"""
"%d" 1 2
"%d %d" 1
"%!" 1
"%" 1
"%%" 1
"%[2]d %[1]d" 1 2
"%[3]d" 1
"%[x]d" 1
"%[1]" 1
"%[]d" 1
"%[2]*[1]d" 1 5
"%*d" 5 1
"%-*d|" 5 1
"%.*f" 2 3.14159
"%*d" "x" 1
"%.*d" -1 1
"%6.2f%%" 99.5
"%s %v %d" nil nil nil
"%d" "str"
"%s" 5
"%s" .l
"%q" .l
"%d" .l
"%d" .nums
"%05s" "ab"
"%x" "hello"
"%X" .u
"%.2s" "日本語"
"%5q" 'a'
"%c%c" 65 0x1F600
"%c" -1
"%U" -1
"%v %v" .em .el
"%#v" nil
"%#v" .el
"%v" (print)
"%w" 1
"%10.3v|%-10v|" "abcdef" 12
"%t" 1
"%08b" 5
"%+x" 255
"%#08x" 255
"%x" -255
"%e" 0.0
"%g %g %g" 1e20 1e21 1e-5
"%.10g" 0.1
"%#.3g" 1.0
"%6d|%-6d|%06d" 42 42 -42
"% 05d" 42
"%+.2e" -12345.678
"%.0f %.0f %.0f" 0.5 1.5 2.5
"%3c|%-3c|" 'x' 'y'
"%#q" "a`b"
"%#+v" .m
"%v %s" true false
"%x" 3.5
"%X" -1.0
"%.1x" 1.999
"%b" 1.0
"%[1]d %d %[1]v" 7 8
"%[2]d" 1 2
"%d %s" 1
"\xff%d" 1
"%é" 1
"%#b %#O" 5 8
"%20.5s|" "abcdefgh"
"%-20q|" "x"
"%+q" "é☺"
"%T %T %T %T" 1 "a" 1.5 nil
"%T %T" .l .m
"%6T|" 1
"%.2T|" 1
""".strip("\n").split("\n"):
        case("{{ printf %s }}" % line, GO)

    SPRIG = r"""
{{ $d := dict "a" 1 }}{{ $_ := set $d "b" 2 }}{{ $d }}{{ $_ := unset $d "a" }}{{ $d }}
{{ $a := dict "x" (dict "y" 1) }}{{ $b := merge (dict) $a }}{{ $_ := set $b.x "z" 2 }}{{ $a }}
{{ $a := dict "x" 1 "l" (list 1) }}{{ $b := dict "x" 0 "l" (list) "n" nil }}{{ mergeOverwrite $a $b }}
{{ merge (dict "a" 0 "b" "" "c" false "l" (list)) (dict "a" 1 "b" "x" "c" true "l" (list 1) "d" nil) }}
{{ merge (dict "a" (dict "x" 1)) (dict "a" (dict "x" 2 "y" 3)) (dict "a" (dict "z" 4) "b" 1) }}
{{ mergeOverwrite (dict "a" (dict "x" 1 "w" 0)) (dict "a" (dict "x" 2 "y" 3)) }}
{{ merge (dict "a" "str") (dict "a" (dict "b" 1)) }} {{ merge (dict "a" (dict "b" 1)) (dict "a" "str") }}
{{ mergeOverwrite (dict "a" "str") (dict "a" (dict "b" 1)) }} {{ mergeOverwrite (dict "a" (dict "b" 1)) (dict "a" "str") }}
{{ merge (dict "a" nil) (dict "a" 1) }} {{ mergeOverwrite (dict "a" 1) (dict "a" nil) }} {{ mergeOverwrite (dict "l" (list 1)) (dict "l" (list)) }}
{{ merge (dict "l" "x") (dict "l" (list 1)) }} {{ mergeOverwrite (dict "l" "x") (dict "l" (list 1)) }} {{ merge (dict "k" 1) (dict "l" (list 1 2)) }}
{{ $d := dict "a" (list 1 2) }}{{ $c := deepCopy $d }}{{ $_ := set $d "b" 1 }}{{ $c }}
{{ keys .m | sortAlpha }} {{ keys .m .em | len }} {{ values (dict "a" 1) }} {{ keys }} {{ values .em }}
{{ pick .m "a" "zz" }} {{ omit .m "a" "b" }} {{ pluck "a" .m (dict "a" 2) .em }}
{{ dig "b" "c" "d" "x" .m }} {{ dig "b" "q" "x" .m }} {{ dig "q" "r" "s" "x" .m }}
{{ dig "a" "b" "x" .m }}
{{ dig "a" .m }}
{{ get (split "," "a") "_0" }}
{{ (split "$" "a$b")._1 }} {{ (split "$" "a$b")._9 }} {{ index (split "," "a") "zz" }}|
{{ list 1 2 3 | join "-" }} {{ list | join "-" }} {{ list 1 nil "x" | join "," }}
{{ "a b c" | splitList " " | join "," | upper | quote }}
{{ list "b" "a" | sortAlpha | first }} {{ first (list) }} {{ last .nums }}
{{ .l | uniq | compact | reverse | toJson }}
{{ range $i, $c := chunk 2 .l }}{{ $i }}{{ $c }}{{ end }} {{ typeOf (chunk 2 .l) }} {{ chunk 2 (list) }}
{{ typeOf (until 2) }} {{ typeOf (splitList "," "a") }} {{ typeOf (split "," "a") }} {{ typeOf (list) }} {{ typeOf (dict) }} {{ typeOf (add 1 2) }} {{ typeOf (slice (until 3) 1) }} {{ typeOf (rest (until 3)) }} {{ typeOf (keys .m) }} {{ typeOf (seq 3) }}
{{ toJson (rest (list)) }} {{ toJson (list) }} {{ toJson (regexFindAll "z" "abc" -1) }} {{ toJson (initial (list 1)) }} {{ toJson (concat (list)) }} {{ toJson (without (list)) }}
{{ seq 1 2 7 }} {{ seq -3 }} {{ seq 5 }} {{ seq 2 5 }} {{ seq 5 2 }} {{ seq 0 }} {{ seq 10 -3 1 }} {{ seq 1 0 5 }} {{ seq 5 1 2 }} {{ seq 1 2 3 4 }} {{ seq }}
{{ add 1 2 3 }} {{ mul 2 3 4 }} {{ max 1 5 3 }} {{ min 4 2 8 }} {{ add }} {{ add "1" 2.9 }} {{ addf 1 0.1 0.2 }} {{ divf 1 3 }} {{ mulf 1.1 1.1 }} {{ subf 1 0.9 }} {{ addf }}
{{ round 123.5555 3 }} {{ round 123.5555 3 0.9 }} {{ round -2.5 0 }} {{ round 2.675 2 }} {{ round 1e300 2 }} {{ round 5 1 "x" }}
{{ 3 | untilStep 0 9 }} {{ untilStep 9 0 -3 }} {{ untilStep 0 0 1 }}
{{ default "d" .missing }} {{ .missing | default "d" }} {{ .z | default 5 }} {{ default 5 .n }} {{ default "d" nil }} {{ default "d" }} {{ .nul | default "x" }} {{ .no | default true }}
{{ coalesce .missing .e .nul "x" }} {{ coalesce }} {{ ternary 1 2 .t }} {{ .no | ternary 1 2 }}
{{ upper .missing }}
{{ .nul | upper }}
{{ upper .nul }}
{{ upper nil }}
{{ quote .missing }}|{{ quote nil "a" 1 }}|{{ squote nil 'a' }}|{{ quote .l }}|{{ quote "a\"b\\" }}|{{ squote "it's" }}
{{ (semver "1.2.3-beta.1+m").Major }} {{ (semver "v1.2.3-beta.1+m").Original }} {{ (semver "1.2.3-b").Prerelease }} {{ (semver "1.2.3+m").Metadata }} {{ (semver "1.2.3").IncMinor }} {{ (semver "1.2.3-b").IncPatch }} {{ (semver "1.2.3").IncMajor }}
{{ ((semver "1.2.3").IncMinor).Original }}
{{ (semver "1.2.3").Compare (semver "1.2.4") }} {{ (semver "1.2.3").LessThan (semver "1.2.4") }} {{ (semver "2.0.0").GreaterThan (semver "1.2.4") }} {{ (semver "1.0.0").Equal (semver "1.0.0+x") }}
{{ (semver "1.2.3").SetPrerelease "rc.1" }} {{ (semver "1.2.3").SetMetadata "b1" }} {{ semver "1.2.3" | toJson }} {{ semver "1.2" | printf "%s %v %q" (semver "1") (semver "v2") }}
{{ (semver "1.2.3").SetPrerelease "01" }}
{{ (semver "1.2.3").nope }}
{{ (semver "1.2.3").major }}
{{ (semver "1.2.3").Major 1 }}
{{ semver "1.2.3" | kindOf }} {{ semver "1" | typeOf }} {{ (semver "1.2.3").IncMinor | typeOf }} {{ empty (semver "1") }} {{ if semver "1" }}t{{ end }} {{ eq (semver "1") (semver "1") }}
{{ $t := toDate "2006-01-02 15:04:05" "2024-02-29 13:04:05" }}{{ $t.Year }} {{ $t.Month }} {{ $t.Day }} {{ $t.Weekday }} {{ $t.Unix }} {{ $t.Format "Jan 2" }} {{ $t.YearDay }} {{ $t.IsZero }} {{ $t.Hour }} {{ printf "%d" $t.Month }} {{ $t.UnixMilli }}
{{ $t := toDate "2006-01-02" "2024-01-31" }}{{ $t }} {{ $t.AddDate 0 1 0 }} {{ $t.UTC }} {{ $t | toJson }} {{ kindOf $t }} {{ typeOf $t }} {{ empty $t }} {{ typeOf $t.Month }} {{ kindOf $t.Month }} {{ $t.Location }}
{{ $a := toDate "2006-01-02" "2024-01-31" }}{{ $b := toDate "2006-01-02" "2024-02-01" }}{{ $b.Sub $a }} {{ $a.Before $b }} {{ $a.After $b }} {{ $a.Equal $a }} {{ ($b.Sub $a).Hours }} {{ typeOf ($b.Sub $a) }} {{ $b.Sub $a | toJson }} {{ eq $a $a }} {{ add1 $a.Month }}
{{ (toDate "2006" "2024").Date }}
{{ (toDate "2006" "2024").nope }}
{{ date "2006-01-02" (toDate "2006-01-02T15:04:05Z07:00" "2024-06-30T23:30:00-05:00") }} {{ dateInZone "2006-01-02 15:04 MST" 1700000000 "Asia/Tokyo" }} {{ dateInZone "MST -0700" 1720000000 "America/New_York" }} {{ dateInZone "MST -07:00" 0 "Asia/Kolkata" }}
{{ toDate "2006-01-02" "2024-02-29" | dateModify "-24h" | date "Mon 02 Jan" }} {{ toDate "2006-01-02" "2024-02-29" | unixEpoch }}
{{ urlJoin (urlParse "http://user:pw@host:80/p a?q=1#f") }} {{ urlJoin (dict "host" "h" "path" "p") }} {{ urlJoin (dict "scheme" "x" "opaque" "o" "query" "q" "fragment" "f g") }} {{ urlJoin (dict) }}| {{ urlJoin (dict "path" "a:b") }} {{ urlJoin (dict "scheme" "file" "path" "/p") }} {{ urlJoin (dict "userinfo" "u:p@x" "host" "h") }}
{{ urlJoin (dict "host" 1) }}
{{ urlJoin (dict "host" nil) }}
{{ urlJoin (dict "userinfo" "a b") }}
{{ (urlParse "https://a.b:8/c?d#e").host }} {{ (urlParse "https://a.b:8/c").hostname }} {{ urlParse "http://u@h/" | toJson }}
{{ derivePassword 1 "long" "password" "user" "example.com" }} {{ derivePassword 1 "pin" "password" "user" "example.com" }} {{ derivePassword 1 "nope" "p" "u" "s" }}
{{ derivePassword -1 "long" "p" "u" "s" }}
{{ decryptAES "key" "AAAAAAAAAAAAAAAAAAAAAFvz3TsnzNo7ZJdUTyRhf2o=" }}
{{ fail "stop" }}
{{ "stop" | fail }}
{{ fromJson "{\"a\":1.5,\"b\":[1,2]}" | toJson }} {{ (fromJson "{\"a\":1}").a }} {{ typeOf (fromJson "1").x }}
{{ (fromJson "{\"a\":{\"b\":1000000}}").a.b }} {{ fromJson "[1,2]" | first | typeOf }} {{ fromJson "null" }} {{ fromJson "bad" }}
{{ toPrettyJson (dict "a" (list 1 (dict)) "b" (list)) }}
{{ indent 2 "a\nb" }} {{ nindent 2 "a\n\nb" }} {{ "x" | indent 4 }}
{{ trunc 1 .u }} {{ trunc 2 "é" }} {{ trunc 1 "é" | toJson }} {{ substr 1 2 "é" | quote }} {{ substr 0 1 "é" | printf "%x" }}
{{ trunc 1 "é" }}
{{ title "hello wORLD-foo_bar" }} {{ untitle "Hello World" }} {{ swapcase "Hello World" }} {{ initials "Hello World é x" }} {{ nospace "a é b" }}
{{ regexReplaceAll "a(x*)b" "-ab-axxb-" "${1}W" }} {{ regexReplaceAll "a(x*)b" "-ab-axxb-" "$1W" }} {{ regexReplaceAllLiteral "a(x*)b" "-ab-axxb-" "${1}" }} {{ regexSplit "z+" "pizza" -1 }} {{ regexFindAll "[2,4,6,8]" "123456789" -1 }} {{ regexFind "[a-zA-Z][1-9]" "abcd1234" }}
{{ regexSplit "" "héy" -1 | toJson }} {{ regexSplit "a*" "baac" -1 | toJson }} {{ regexReplaceAll "x*" "abc" "-" }} {{ regexReplaceAll "" "é日" "." }} {{ regexFindAll "a?" "baa" -1 | toJson }}
{{ range tuple 1 2 }}{{ . }}{{ end }} {{ range $i, $v := list "a" "b" }}{{ $i }}{{ $v }}{{ end }} {{ range until 3 }}{{ . | typeOf }} {{ end }}
{{ range (int64 2) }}{{ typeOf . }}{{ end }} {{ range (add 1 1) }}{{ . }}{{ end }}
{{ eq (int64 1) 1 }} {{ eq (add 1 1) 2 }} {{ lt (float64 1) 2.0 }} {{ deepEqual 1 (int64 1) }} {{ deepEqual (list 1) (list 1) }} {{ has 1 (list (int64 1)) }}
{{ eq (float64 1) 1 }}
{{ printf "%d %v" (int64 5) (add 1 2) }} {{ int64 5 | printf "%05d" }} {{ int "12abc" }} {{ float64 "1e3" }} {{ float64 "3." }} {{ int 3.99 }} {{ int -3.99 }} {{ int "3.99" }} {{ int true }}
{{ typeIs "string" .s }} {{ kindIs "map" .m }} {{ typeIsLike "*semver.Version" (semver "1") }} {{ kindOf nil }} {{ kindOf .missing }} {{ typeOf nil }} {{ typeOf .nul }}
{{ genSelfSignedCert "x" (splitList "," "a") nil 1 }}
{{ genSignedCert "x" nil nil 1 nil }}
{{ genSelfSignedCert "x" (list 1) nil 1 }}
{{ genSelfSignedCert "x" (list "bad") nil 1 }}
{{ genSelfSignedCert "x" nil (list 5) 1 }}
{{ genCAWithKey "x" 1 "nokey" }}
{{ genPrivateKey "nope" }}
{{ htpasswd "a:b" "c" }}
{{ range $k, $v := dict "b" 1 "a" 2 }}{{ $k }}{{ $v }}{{ end }} {{ dict "a" }} {{ dict 1 2 nil 3 }}
{{ $x := list 1 2 }}{{ $y := append $x 3 }}{{ $x }}{{ $y }} {{ prepend $x 0 }} {{ concat $x $y (list) }} {{ mustSlice $y 1 2 }}
{{ without .l "a" }} {{ has "a" .l }} {{ uniq .l }} {{ compact (list 0 1 "" nil "a" false) }}
{{ cat "a" 1 nil .l }} {{ cat }}| {{ toStrings (list 1 nil "x") }} {{ toString .l }} {{ toString 1.0 }} {{ sortAlpha 5 }} {{ join "," 5 }} {{ join "," "x" }} {{ join "," nil }}|
{{ plural "1" "n" 1 }} {{ plural "1" "n" (len .l) }} {{ wrap 10 "the quick brown fox" }} {{ wrapWith 5 "," "Hello World" }} {{ abbrev 5 "hello world" }} {{ abbrevboth 5 10 "1234 5678 9123" }}
{{ atoi "12" | add 1 }} {{ "5" | int | mul 3 }} {{ env "GREETING" | upper }} {{ expandenv "$GREETING!" }} {{ hello }}
{{ empty (dict) }} {{ empty "x" }} {{ all 1 "" }} {{ any 0 "a" }} {{ all }} {{ any }}
{{ b64enc "é" }} {{ "aGk=" | b64dec }} {{ b32enc "hi" }} {{ b32dec "NBUQ====" }}
{{ index (dict "a" (list 1 2)) "a" 1 }} {{ (index (list (dict "x" 1)) 0).x }} {{ len (dict "a" 1) }} {{ len (list 1 2) }}
{{ .users | toJson }} {{ (first .users).name }} {{ pluck "name" (index .users 0) (index .users 1) }}
{{ and (list) 1 }} {{ or (dict) "x" }} {{ not (list) }}
{{ with dict "a" 1 }}{{ .a }}{{ .b }}{{ end }} {{ with $x := list }}y{{ else }}n{{ end }}
{{ mustRegexMatch "[" "x" }}
{{ regexMatch "[" "x" }}
{{ mustToDate "2006" "x" }}
{{ mustFromJson "{" }}
{{ mustDateModify "x" (toDate "2006" "2024") }}
{{ splitn "," 2 "a,b,c" }} {{ (splitn "," 2 "a,b,c")._1 }} {{ splitList "" "héy" }} {{ split "" "ab" }}
{{ repeat 3 "ab" }} {{ repeat 0 "x" }}| {{ "x" | repeat 2 }} {{ replace "a" "b" "banana" }} {{ "a.b" | replace "." "" }} {{ replace "" "-" "é日" }}
{{ snakecase "FirstName" }} {{ camelcase "http_server" }} {{ kebabcase "FirstName" }} {{ adler32sum "hello" }} {{ sha1sum "x" }}
{{ toDecimal "777" }} {{ floor 123.9999 }} {{ ceil 123.001 }} {{ biggest 1 2 }} {{ mod 10 3 }} {{ div 10 3 }} {{ sub 3 2 }} {{ add1 1 }} {{ maxf 1.5 2 }} {{ minf 1.5 2 }}
{{ osBase "/a/b" }} {{ dir "a/b/c" }} {{ ext "a.b.c" }} {{ clean "a//b/../c" }} {{ isAbs "/a" }}
{{ duration 95 }} {{ duration "95" }} {{ duration (int64 3661) }} {{ durationRound "2h10m5s" }} {{ durationRound "2400h10m5s" }}
""".strip("\n").split("\n")
    for line in SPRIG:
        case(line)
        case("x\n" + line.replace("}} {{", "}}\n{{"))

    YAML = ["1", "1.5", "1e21", '"x"', '""', "nil", "true", ".l", ".m", ".mix", ".em", ".el", '"true"', '"yes"', '"y"', '"null"', '"~"', '"1"', '"1.5"', '"0x1f"', '"1e3"', '"- a"', '"a: b"', '"a #b"', '"#x"', '" lead"', '"trail "', '"multi\\nline"', '"multi\\nline\\n"', '"a\\n\\nb\\n\\n"', '"tab\\there"', '"é 日"', '"\\x01"', '"it\'s"', '"say \\"x\\""', '"@at"', '"`bt"', '"%p"', '"!t"', '"&a"', '"*s"', '"{x}"', '"[x]"', '"a,b"', '"a]"', '"?x"', '"? x"', '"-x"', '"-"', '":x"', '"x:"', '"2024-01-02"', '"12:30:45"', '"0o7"', '"017"', '"1_000"', '".5"', '".inf"', '".nan"', '"<<"', '"="', '"no"', '"off"', '"N"', '"long %s"' % ("word " * 30), '"%s"' % ("x" * 120), '"a\\rb"', '"\\u2028"', '"\\ufeff"', '"|"', '">"', '"---"', '"..."', '"a---"', '"0"', '"-1"', '"+1"', '"1."', '"0b1"', '"  x\\ny"', '"x\\n  y"', '"\\nx"', '(list (list 1 2) (list))', '(list (dict "a" 1 "b" 2) "x")', '(dict "a2" 1 "a10" 2 "B" 3 "b" 4 "A" 5 "1" 6 "10" 7 "9" 8)', '(dict "k" (list 1 2) "d" (dict "e" (dict)))', '(dict "yes" "no" "1" "2" "" "e" "n" "x")', '(dict "a b" 1 "c:d" 2 "multi\\nkey" 3)', '(dict "s" "multi\\nline\\n" "l" (list "a\\nb"))', "0.1", "-0.0", "100000000.0", '(dict "f" 3.0)', '(toDate "2006-01-02" "2024-02-29")', '(semver "1.2.3")', '(until 3)', '(split "," "a,b")', '"a%sb"' % ("\\n" * 3), '(dict "x" nil)', "(int64 5)", '"long line with\\nnewline and %s"' % ("words " * 25), '"ends with colon: "', '(dict "long" "%s")' % ("lorem ipsum dolor sit amet " * 6), '(list "%s")' % ("lorem ipsum dolor sit amet " * 6), '"0.0.0"', '"1.2.3"', '"on"', '"On"', '"TRUE"', '"Null"', '"NaN"', '"\\\\"', '"a\\\\nb"', '"\'"', '"\'x"', '"\\"x"']
    for value in YAML:
        case("{{ toYaml %s }}" % value, "duat")
    TOML = [".m", ".em", '(dict "a" 1 "b" "x" "c" 1.5 "d" true)', '(dict "l" (list 1 2 3))', '(dict "t" (dict "x" 1 "u" (dict "y" 2)))', '(dict "l" (list (dict "a" 1) (dict "b" 2)))', '(dict "n" nil)', '(dict "s" "a\\"b\\\\c\\nd\\te\\x01é")', '(dict "a b" 1 "" 2 "é" 3 "a.b" 4 "ok-1_x" 5)', "(list 1)", "5", "nil", '"x"', '(dict "m" (list 1 "a"))', '(dict "f" 1.0 "g" 1e21 "h" 0.1)', '(dict "e" (list))', '(dict "n" (list (list 1 2) (list "a")))', '(dict "d" (toDate "2006-01-02" "2024-02-29"))', '(dict "t" (dict) "z" 1)', '(dict "l" (list (dict "x" (list (dict "y" 1)))))', '(dict "big" 123456789012 "neg" -5)', '(dict "a" (dict "b" (dict "c" (dict "d" 1))))', '(dict "x" (list 1 nil))', '(dict "s" "multi\\nline")', '(dict "q" "\'")', '(dict "x" (split "," "a,b"))', '(dict "u" (until 3))', '(dict "v" (semver "1.2.3"))', '(dict "m" (list (dict "a" 1) 2))', ".users", '(dict "users" .users)', '(dict "a" 1 "t" (dict "k" "v") "b" 2)', '(dict "x" (list (dict)))']
    for value in TOML:
        case("{{ toToml %s }}" % value, "duat")
    for t in ['{{ toJson .m }}', '{{ toYaml .m | indent 2 }}', '{{ toYaml .users }}', '{{ toToml .m | upper }}', '{{ .m | toYaml | b64enc }}', "{{ toJson 1i }}|", '{{ toYaml 1i }}|']:
        case(t, "duat")
    for t in ['{{ define "a" }}[{{ . }}]{{ end }}{{ include "a" .n | upper }}', '{{ include "nope" . }}', 'a\n{{ include "b" . }}{{ define "b" }}\n{{ .n.x }}{{ end }}', '{{ tpl "{{ .n }}-{{ upper .s }}" . }}', '{{ tpl "{{ .n" . }}', '{{ tpl "{{ include \\"a\\" .n }}" . }}{{ define "a" }}<{{ . }}>{{ end }}', '{{ required "need it" .missing }}', '{{ required "need it" "" }}', '{{ required "need it" .n }}', '{{ required "need it" .z }}', '{{ required "m" nil }}', '{{ env "GREETING" }}', '{{ tpl "{{ .missing }}x" . }}', '{{ include "a" . | nindent 2 }}{{ define "a" }}l1\nl2{{ end }}', '{{ tpl "{{ define \\"z\\" }}Z{{ end }}{{ template \\"z\\" }}" . }}', '{{ tpl "" . }}|{{ tpl "  " . }}|{{ tpl "{{/* c */}}" . }}|', '{{ tpl "a{{ define \\"q\\" }}{{ end }}" . }}', '{{ include "a" (dict "x" 1) }}{{ define "a" }}{{ .x }}{{ $.x }}{{ end }}']:
        case(t, "helm")
