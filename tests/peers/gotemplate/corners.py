"""Corners of the language: scopes, kinds of numbers, nil, methods, short circuits, loops, formats."""

CASES = r"""
{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $x := 3 }}{{ $x = 4 }}{{ end }}{{ $x }}
{{ $x := 1 }}{{ range .l }}{{ $x = . }}{{ $x := 9 }}{{ end }}{{ $x }}
{{ $x := 1 }}{{ with $x := 2 }}{{ $x = 5 }}{{ $x }}{{ end }}{{ $x }}
{{ $x := 1 }}{{ with $x = 2 }}{{ $x }}{{ . }}{{ end }}{{ $x }}
{{ $x := 1 }}{{ if $x = 0 }}a{{ else }}b{{ $x }}{{ end }}{{ $x }}
{{ range $i, $e := .el }}x{{ else }}{{ $i }}{{ end }}
{{ range $e := .el }}x{{ else }}[{{ $e }}]{{ end }}
{{ $e := 7 }}{{ range $e = .el }}x{{ else }}[{{ $e }}]{{ end }}{{ $e }}
{{ $i := 7 }}{{ $e := 8 }}{{ range $i, $e = .nums }}{{ $i }}{{ $e }} {{ end }}{{ $i }}{{ $e }}
{{ $e := 8 }}{{ range $e = .m }}{{ $e }};{{ end }}{{ $e }}
{{ range $i, $i := .nums }}{{ $i }} {{ end }}
{{ range $k, $v := .em }}x{{ else }}[{{ $k }}|{{ $v }}]{{ end }}
{{ if $x := .no }}a{{ else if $y := .z }}b{{ else }}{{ $x }}{{ $y }}{{ end }}
{{ with $x := .nul }}a{{ else with $y := .e }}b{{ else }}{{ printf "%v|%q" $x $y }}{{ . | kindOf }}{{ end }}
{{ define "a" }}{{ $x := 5 }}{{ . }}{{ $ }}{{ end }}{{ $x := 1 }}{{ template "a" $x }}{{ $x }}
{{ define "a" }}{{ $x }}{{ end }}{{ $x := 1 }}{{ template "a" }}
{{ define "a" }}{{ range .l }}{{ $ | len }}{{ end }}{{ end }}{{ with .m }}{{ template "a" $ }}{{ end }}
{{ range .nums }}{{ if eq . 1 }}{{ break }}{{ end }}{{ . }}{{ else }}none{{ end }}
{{ range .nums }}{{ with . }}{{ if eq . 1 }}{{ continue }}{{ end }}{{ end }}{{ . }}{{ end }}
{{ range $i, $e := .nums }}{{ range $.l }}{{ if eq . "a" }}{{ break }}{{ end }}{{ . }}{{ $i }}{{ end }};{{ end }}
{{ range .nums }}{{ $x := . }}{{ with $x }}{{ continue }}{{ end }}never{{ end }}done
{{ $n := 0 }}{{ range 5 }}{{ if eq . 3 }}{{ break }}{{ end }}{{ $n = add $n . }}{{ end }}{{ $n }}
{{ range $i, $c := 3 }}{{ $i }}{{ $c }}{{ end }}
{{ range $i := 3 }}{{ $i }}{{ end }}{{ range 0 }}x{{ else }}zero{{ end }}{{ range -2 }}x{{ else }}neg{{ end }}
{{ range (int64 3) }}{{ . }}{{ typeOf . }}{{ end }}
{{ range 2.0 }}x{{ end }}
{{ range "abc" }}{{ . }}{{ end }}
{{ range $i, $c := "aé日" }}{{ $i }}:{{ $c }} {{ end }}
{{ range true }}x{{ end }}
{{ range nil }}x{{ end }}
{{ range .missing }}x{{ else }}none{{ end }}{{ range .nul }}x{{ else }}nul{{ end }}
{{ eq 1 (int64 1) }} {{ eq (int64 1) (float64 1) }}
{{ lt -1 (len "x") }} {{ gt (index "a" 0) -1 }} {{ eq (index "a" 0) 97 }} {{ eq 97 (index "a" 0) }} {{ lt (index "a" 0) 98.5 }}
{{ eq "a" 'a' }}
{{ eq .n .f }}
{{ eq .n 42 43 }} {{ eq .n 1 42 }} {{ eq .n }} {{ ne .n 42 }}
{{ eq nil }} {{ eq nil nil }} {{ eq .missing nil }} {{ eq .nul .missing }} {{ ne .nul nil }}
{{ eq .l .l }}
{{ eq .m nil }} {{ eq nil .m }} {{ eq .l nil }} {{ ne .m nil }}
{{ eq .m .m }}
{{ lt .missing 1 }}
{{ lt nil nil }}
{{ lt "a" "b" }} {{ lt "a" "B" }} {{ le 1.5 1.5 }} {{ ge "é" "e" }} {{ lt true false }}
{{ eq true .t }} {{ eq .t .no }} {{ eq 1i 1i }} {{ lt 1i 2i }}
{{ eq 18446744073709551615 -1 }} {{ lt -1 18446744073709551615 }}
{{ eq (toDate "2006" "2024") (toDate "2006" "2024") }}
{{ eq (semver "1.2.3") (semver "1.2.3") }}
{{ and }} {{ or }}
{{ and 0 (fail "x") }} {{ or 1 (fail "y") }} {{ and 1 0 (fail "z") }} {{ or "" nil 0 "v" }}
{{ and 1 (fail "x") }}
{{ 0 | and 1 }} {{ 1 | or 0 }} {{ (fail "x") | and 0 }}
{{ and .missing.x.y 1 }} {{ or .missing.x "d" }} {{ not .missing }} {{ not nil }} {{ not }}
{{ and nil 1 }} {{ or nil }} {{ and "" }} {{ or .nul .missing }}
{{ if and .l (index .l 0) }}a{{ end }}{{ if and .el (index .el 0) }}b{{ else }}c{{ end }}
{{ if .em }}a{{ else if .el }}b{{ else if .e }}c{{ else if .z }}d{{ else if .nul }}e{{ else if 0.0 }}f{{ else }}g{{ end }}
{{ if -0.0 }}a{{ else }}b{{ end }}{{ if 0i }}a{{ else }}b{{ end }}{{ if "0" }}a{{ end }}{{ if (list nil) }}a{{ end }}{{ if 'a' }}a{{ end }}
{{ if (toDate "2006" "0001") }}struct{{ end }}{{ if (semver "0.0.0") }}pointer{{ end }}
{{ if not (and .t (or .no .n)) }}a{{ else }}b{{ end }}
{{ slice "hello" 1 3 }}
{{ call .n }}
{{ call nil }}
{{ call }}
{{ (now).Year | kindOf }} {{ (toDate "2006-01-02" "2024-02-29").Weekday }} {{ (toDate "2006-01-02" "2024-02-29").AddDate 1 0 0 }}
{{ (toDate "2006-01-02" "2024-02-29").Format "Jan _2" }} {{ ((toDate "2006-01-02" "2024-02-29").Add 1).Nanosecond }} {{ (toDate "2006" "2024").IsZero }}
{{ (toDate "2006" "2024").Nope }}
{{ (toDate "2006" "2024").Year 1 }}
{{ (toDate "2006" "2024").Format }}
{{ (toDate "2006" "2024").Format 3 }}
{{ $t := toDate "2006-01-02" "2024-02-29" }}{{ $t.Month }} {{ $t.Month | printf "%d" }} {{ $t.YearDay }} {{ $t.Unix }} {{ $t.UTC }} {{ $t.Truncate 1 }}
{{ $t := (toDate "2006-01-02 15:04:05.999" "2024-02-29 13:37:41.567").Truncate 1000000000 }}{{ $t }} {{ $t.Round 3600000000000 }} {{ $t.Truncate 86400000000000 }} {{ $t.Round 0 }} {{ $t.Truncate -5 }}
{{ $t := toDate "2006" "0001" }}{{ ($t.Add -1).Truncate 1000000000 }} {{ ($t.Add -1).Round 7000000000 }} {{ ($t.Add 3500000000).Round 7000000000 }}
{{ .n.x }}
{{ .s.x }}
{{ .l.x }}
{{ .nul.x }}
{{ .m.b.c.d.e }}
{{ .m.b.nope.e.f }}
{{ .missing.x }} {{ $.missing.y.z }}
{{ (index .users 0).name.x }}
{{ .t.x }}
{{ .f.x }}
{{ nil.x }}
{{ nil }}
{{ nil | print }}
{{ print nil }} {{ print nil nil }} {{ printf "%v %d %s" nil nil nil }}
{{ .n 1 }}
{{ .l 0 }}
{{ $x := .n }}{{ $x 1 }}
{{ .m.a 1 }}
{{ "x" | .n }}
{{ 1 | .missing }}
{{ "a" | "b" }}
{{ index .m "zz" }}|{{ index .m "nul" }}|{{ index .m "b" "c" "d" }}
{{ index .m 1 }}
{{ index .l "a" }}
{{ index .l 9 }}
{{ index .l -1 }}
{{ index .l nil }}
{{ index .nul "a" }}
{{ index .missing 0 }}
{{ index nil }} {{ index .l }}
{{ index .l 1.0 }} {{ index .l 'a' }}
{{ index .m .missing }}
{{ index (dict "a" nil) "a" "b" }}
{{ len nil }}
{{ len 3 }}
{{ len .missing }}
{{ len "héy" }} {{ len .m }} {{ len (dict) }} {{ len (toDate "2006" "2024") }}
{{ printf "%d|%5d|%-5d|%05d|%+d|% d|%x|%X|%#x|%o|%#o|%O|%b|%#b|%c|%q|%U|%#U" 42 42 42 42 42 42 42 42 42 42 42 42 42 42 42 42 42 42 }}
{{ printf "%d|%5d|%-5d|%05d|%+d|% d|%x|%X|%#x|%o|%b" -42 -42 -42 -42 -42 -42 -42 -42 -42 -42 -42 }}
{{ printf "%f|%8.3f|%-8.2f|%08.3f|%+.1f|% f|%e|%E|%g|%G|%.3g|%#g|%6.2f%%" 3.75 3.75 3.75 3.75 3.75 3.75 3.75 3.75 3.75 3.75 3.75 3.75 3.75 }}
{{ printf "%v %v %v %v %v %v" 1e20 1e21 1e-4 1e-5 100000.0 123456789.0 }} {{ printf "%g %g %.3v %6.1v" 1e6 1e-7 3.14159 2.55 }}
{{ printf "%x %X %b" 3.75 -3.75 1.0 }} {{ printf "%08.3f|%+08.3f|%-08.3f|" -3.14159 3.14159 3.14159 }}
{{ printf "%s|%10s|%-10s|%.2s|%10.2s|%q|%#q|%+q|%x|%X|% x|%#x|%# X" "héy" "héy" "héy" "héy" "héy" "héy" "héy" "héy" "héy" "héy" "héy" "héy" "héy" }}
{{ printf "%5t|%-7t|%v|%q" true false true true }} {{ printf "%t" 1 }} {{ printf "%d" true }}
{{ printf "%*d|%-*d|%.*f|%*.*f" 5 42 5 42 2 3.14159 8 3 3.14159 }}
{{ printf "%*d" "x" 1 }} {{ printf "%*d" -5 42 }}| {{ printf "%.*f" -1 2.5 }} {{ printf "%*d" }} {{ printf "%*d" 3 }}
{{ printf "%[2]d %[1]d|%[1]*d|%[3]*.[2]*[1]f|%[5]d|%[x]d|%[1]d %d" 6 2 12 }}
{{ printf "%d %s" 1 }} {{ printf "%d" 1 2 }} {{ printf "%!" }} {{ printf "%" }} {{ printf "%z" 3 }} {{ printf "%-" 1 }} {{ printf "%%%d%%" 5 }}
{{ printf "%v|%+v|%#v|%T" .m .m .em .m }}
{{ printf "%v|%+v|%#v|%T" .l .l .l .l }}
{{ printf "%v|%+v|%#v|%T" .mix .mix .mix .mix }}
{{ printf "%#v|%#v|%#v|%#v|%#v|%#v|%#v|%#v" 1 1.0 "a\"b" `c"d` true nil 'x' 1e21 }} {{ printf "%#v %#v" (int64 3) 1i }}
{{ printf "%T %T %T %T %T %T %T %T" 1 1.5 "x" true nil 'x' 1i (int64 2) }} {{ printf "%T %T %T" (list) (dict) (splitList "," "a") }}
{{ printf "%T %T %T %T" now (semver "1.2.3") (until 2) (index "a" 0) }}
{{ printf "%s|%d|%x|%q|%5v|%-5v|" .nums .nums .nums .nums .nums .nums }} {{ printf "%s %q %x %v" .l .l .l .l }} {{ printf "%6.2f" (list 1.5 2.25) }}
{{ printf "%s|%d|%x|%q|%v" .m .m .m .m .m }}
{{ printf "%05s|%+s|% s|%#s|%05d|%+05d|%-05d|" "ab" "ab" "ab" "ab" "ab" 42 42 }} {{ printf "%05q|%-8q|" "a" "b" }}
{{ printf "%c%c%c" 65 233 26085 }} {{ printf "%c" -1 }} {{ printf "%U %#U %08U" 233 26085 65 }} {{ printf "%q %+q %#q" 233 233 65 }}
{{ printf "%v %s %d" (toDate "2006-01-02" "2024-02-29") (toDate "2006-01-02" "2024-02-29") (now).Month | len | lt 10 }}
{{ printf "%v|%s|%d|%q|%x" (semver "1.2.3-a+b") (semver "1.2.3") 1 (semver "1.2.3") "z" }}
{{ printf "%.3d|%8.3d|%-8.3d|%08.3d|%+.3d|%.0d|%.d|" 7 7 7 7 7 0 0 }} {{ printf "%.3x|%#.3x|%#08x|%#-8x|" 10 10 10 10 }}
{{ printf "%6d|%06d|%x|%X" 9223372036854775807 -9223372036854775808 -9223372036854775808 18446744073709551615 }}
{{ printf "%e %g %f %v" 0.0 -0.0 0.0 -0.0 }} {{ printf "%10.3e|%-12.2E|%+.2g|%#.3g|%g" 12345.678 0.00012 1234.5 2.0 1e100 }}
{{ printf "%v" 1i }} {{ printf "%.2f" 1.5i }} {{ printf "%+v %8.1f" 2i 2i }}
{{ print 1 2 "a" 3 4 "b" "c" nil nil true 1.0 }} {{ println 1 "a" nil }}{{ print .l .m }} {{ print "a" 1 2 "b" }} {{ print }}|{{ println }}|
{{ html "<a href='x'>\"&\x00" 1 .l }} {{ js "<a href='x'>\"&=\\\n\t é\u2028" }} {{ urlquery "a b&c=d/é+~" 1 nil }} {{ html nil }} {{ js nil .missing }}
{{ "a" | printf "%s-%s" "b" }} {{ 3 | printf "%d %d" 1 }} {{ printf 3 }}
{{ printf nil }}
{{ printf .missing 1 }}
{{ printf }}
{{ define "r" }}{{ if gt . 0 }}{{ . }}{{ template "r" (sub . 1) }}{{ end }}{{ end }}{{ template "r" 5 }}
{{ define "r" }}{{ range . }}[{{ template "r" . }}]{{ else }}-{{ end }}{{ end }}{{ template "r" (list (list) (list (list)) (list)) }}
{{ template "nope" }}
{{ block "b" .n }}<{{ . }}>{{ end }}{{ template "b" 7 }}{{ block "c" . }}{{ .s }}{{ end }}
{{ define "a" }}1{{ end }}{{ define "a" }}  {{ end }}{{ template "a" }}
{{ define "a" }}1{{ end }}{{ define "a" }}2{{ end }}{{ template "a" }}
{{ with 1 }}{{ $x := . }}{{ with 2 }}{{ $x }}{{ . }}{{ $.n }}{{ end }}{{ . }}{{ end }}
{{ with .m }}{{ .a }}{{ with .b }}{{ .c.d }}{{ $.m.a }}{{ end }}{{ else }}x{{ end }}
{{ with .missing }}a{{ else with .nul }}b{{ else with .n }}{{ . }}{{ else }}c{{ end }}
{{ if true }}{{ break }}{{ end }}
{{ range .nums }}{{ define "x" }}{{ end }}{{ end }}
{{ range .nums }}{{ template "x" }}{{ end }}{{ define "x" }}{{ break }}{{ end }}
{{ $x }}
{{ $x := 1 }}{{ $y = 2 }}
{{ if $x := 1 }}{{ end }}{{ $x }}
{{ $x, $y := .l }}
{{ $x := }}
{{ range $x, $y, $z := .l }}{{ end }}
{{ 1 := 2 }}
{{ $x.y := 2 }}
{{ $x := dict "a" 1 }}{{ $x.a = 2 }}
{{ (1) }} {{ (1) 2 }}
{{ (print "a").x }}
{{ ("abc").x }}
{{ (dict "a" (dict "b" 1)).a.b }} {{ (list 1 2) | first }} {{ ((("x"))) }} {{ (index .l 0) | upper | printf "%s!" }}
{{ print (print 1 2) (print "a" "b") | printf "%q" }}
{{ 1 | add 2 | mul 3 | print "=" }}
{{ .n | .s }}
{{ "x" | upper "y" }}
{{ upper }}
{{ upper "a" "b" }}
{{ nope }}
{{ .n nope }}
{{ .s | nope }}
{{ else }}
{{ end }}
{{ if }}{{ end }}
{{ if .t }}
{{ range }}{{ end }}
{{ with }}{{ end }}
{{ template }}
{{ template "a" 1 2 }}
{{ template .n }}
{{ define }}{{ end }}
{{ define "a" .n }}{{ end }}
{{ block "a" }}{{ end }}
{{ if .t }}{{ else }}{{ else }}{{ end }}
{{ if .t }}{{ else if }}{{ end }}
{{ range .l }}{{ else if .t }}{{ end }}
{{ range .l }}{{ else with .t }}{{ end }}
{{ continue }}
{{ .n }
{{ "abc }}
{{ `abc }}
{{ 'ab' }}
{{ '' }}
{{ 'é' }} {{ '\n' }} {{ '\'' }} {{ '\x41' }} {{ '\u00e9' }} {{ '日' }}
{{ "\x41\101\u00e9\U0001F600\a\b\f\v\\" | printf "%q" }}
{{ "\z" }}
{{ 0x }}
{{ 1_000 }} {{ 0b101 }} {{ 0o17 }} {{ 017 }} {{ 0x1p4 }} {{ 1e3 }} {{ .5 }} {{ 1. }} {{ 0x_ff }} {{ 1__0 }}
{{ 08 }}
{{ 1e400 }}
{{ 99999999999999999999 }}
{{ 9223372036854775808 }}
{{ +5 }} {{ -5 }} {{ - 5 }}
{{ 5x }}
{{ .5x }}
{{ . x }}
{{ .n.}}
{{ .1 }} {{ ..n }}
{{ .n..s }}
{{ $.n.s.t }}
{{ $ | len }} {{ $.l | len }} {{ ($).n }} {{ ($.m).a }}
{{/* a */}}x{{- /* b */ -}} y {{- /* c */}} z
{{ /* a */ }}
{{/* a }}
{{- .n -}} {{- .n }} {{ .n -}}   x   {{- .n}}
{{-.n}}
{{ .n-}}
{{- -5 -}} {{--5}}
{{-  "x" -}}
x{{ "{{" }}y{{ "}}" }}z{{`{{`}}
{{ "a
b" }}
{{ print "a"
"b" }}
{{ .n
}}
{{ (1 }}
{{ 1) }}
{{ () }}
{{ | .n }}
{{ .n || .s }}
{{ .n ; .s }}
{{ @ }}
{{ . | . }}
{{ true }} {{ false | not }} {{ true.x }}
{{ true | and false }} {{ "x" | quote | len }}
{{ break }}
{{ $ }}{{ with $ := 1 }}{{ end }}
{{ index (index .mix 6) "k" }} {{ (index .mix 6).k }} {{ (index .mix 5) | first }}
{{ range $k, $v := dict "b" 1 "a" (dict "z" 1 "y" 2) }}{{ $k }}{{ range $k, $w := $v | kindOf | list }}{{ $k }}{{ $w }}{{ end }};{{ end }}
{{ $d := dict }}{{ range .l }}{{ $_ := set $d . (add1 (get $d . | default 0)) }}{{ end }}{{ $d }}
{{ $d := dict "a" 1 }}{{ range $k, $v := $d }}{{ $_ := set $d "z" 2 }}{{ $k }}{{ end }}{{ $d }}
{{ $l := list 1 2 }}{{ $m := append $l 3 }}{{ $n := append $l 4 }}{{ $l }}{{ $m }}{{ $n }}
""".strip("\n").split("\n")


def add(case):
    for line in CASES:
        case(line)
        case(line, "go")
