//! Go templates, what they become, and values for both.

pub(super) const VALUES: &str = "
name: web
n: 3
zero: 0
on: true
off: false
empty: ''
text: \"two\\nlines\\n\"
path: a/b:c
ports: [80, 443]
nothing: []
nested: [[1, 2], [3]]
labels: {b: 2, a: 1}
image: {name: web, tag: '1.2', pull: {policy: Always}}
odd: {'true': t, é: e, 'a?.b': x, a.b: y, 'a?[b': z, 'a[b': w}
users: [{name: Ann, tags: [x]}, {name: Bob}]
";

/// Go templates, and what they become.
pub(super) const CASES: &[(&str, &str)] = &[
    ("plain", "plain"),
    ("{{ .name }}", "{{ name }}"),
    ("{{ .image.pull.policy }}", "{{ image.pull.policy }}"),
    ("{{ $.name }}", "{{ name }}"),
    (
        "{{ .odd.true }}{{ with .odd.é }}{{ . }}{{ end }}",
        "{{ odd[\"true\"] }}{% if odd?[\"é\"] %}{{ odd[\"é\"] }}{% endif %}",
    ),
    ("a {{- .name -}} b", "a {{- name -}} b"),
    ("a\n{{- /* note */ -}}\nb", "a\n{#- note -#}\nb"),
    ("{{/* a #} b */}}", "{# a # } b #}"),
    ("a  {{- /**/ -}}  b", "a  {#- -#}  b"),
    ("{{/**/ -}}  b", "{# -#}  b"),
    ("{{/*--*/ -}}  b{{/**/}}", "{# -#}  b{# #}"),
    (
        "{% x %} {# y #} {{ \"{{\" }} {",
        "{{ \"{%\" }} x %} {{ \"{#\" }} y #} {{ \"{{\" }} {",
    ),
    (
        "{{ `a\"b` }}{{ \"c\\td\" }}{{ 'x' }}{{ 0x10 }}{{ -3 }}",
        "{{ \"a\\\"b\" }}{{ \"c\\td\" }}{{ 120 }}{{ 16 }}{{ -3 }}",
    ),
    (
        "{{ .name | upper | replace \"E\" \"e\" }}",
        "{{ name | upper | replace(from=\"E\", to=\"e\") }}",
    ),
    (
        "{{ default \"x\" .image.missing }}",
        "{{ image?.missing | default_if_empty(with=\"x\") }}",
    ),
    (
        "{{ .missing.below | default \"x\" }}",
        "{{ missing?.below | default_if_empty(with=\"x\") }}",
    ),
    (
        "{{ $x := .name }}{{ $x }}{{ $x = \"b\" }}{{ $x }}",
        "{% set x = name %}{{ x }}{% set x = \"b\" %}{{ x }}",
    ),
    (
        "{{ $name := .image.name }}{{ $name }}{{ .name }}",
        "{% set name_2 = image?.name %}{{ name_2 }}{{ name }}",
    ),
    (
        "{{ if .on }}a{{ else if .off }}b{{ else }}c{{ end }}",
        "{% if on %}a{% elif off %}b{% else %}c{% endif %}",
    ),
    (
        "{{ if and .on (not .off) (or .zero .n) }}a{{ end }}",
        "{% if on and not off and (zero or n) %}a{% endif %}",
    ),
    (
        "{{ if eq .name \"a\" \"web\" }}a{{ end }}",
        "{% if name == \"a\" or name == \"web\" %}a{% endif %}",
    ),
    (
        "{{ if and (gt .n 2) (ne .name \"x\") }}a{{ end }}",
        "{% if n > 2 and name != \"x\" %}a{% endif %}",
    ),
    (
        "{{ or .empty .name }}|{{ and .on .n }}",
        "{{ empty or name }}|{{ on and n }}",
    ),
    (
        "{{ with .image }}{{ .name }}:{{ $.n }}{{ else }}-{{ end }}",
        "{% if image %}{{ image.name }}:{{ n }}{% else %}-{% endif %}",
    ),
    (
        "{{ with .image.pull }}{{ .policy }}{{ end }}",
        "{% if image?.pull %}{{ image.pull.policy }}{% endif %}",
    ),
    (
        "{{ with $x := upper .name }}{{ . }}{{ $x }}{{ end }}",
        "{% set x = name | upper %}{% if x %}{{ x }}{{ x }}{% endif %}",
    ),
    (
        "{{ with trim .name }}{{ . }}{{ end }}",
        "{% set it = name | trim %}{% if it %}{{ it }}{% endif %}",
    ),
    (
        "{{ $x := .name }}{{ with $x }}{{ $x = \"new\" }}{{ . }}{{ end }}{{ $x }}",
        "{% set x = name %}{% set it = x %}{% if it %}{% set x = \"new\" %}{{ it }}{% endif %}{{ x }}",
    ),
    (
        "{{ with $x := .name }}{{ $x = \"new\" }}{{ . }}{{ $x }}{{ end }}",
        "{% set x = name %}{% set it = x %}{% if x %}{% set x = \"new\" %}{{ it }}{{ x }}{% endif %}",
    ),
    (
        "{{ $k := \"a\" }}{{ with index .labels $k }}{{ $k = \"b\" }}{{ . }}{{ end }}",
        "{% set k = \"a\" %}{% set it = labels?[k] %}{% if it %}{% set k = \"b\" %}{{ it }}{% endif %}",
    ),
    (
        "{{ with index .odd \"a?.b\" }}{{ . }}{{ end }}{{ with index .odd \"a?[b\" }}{{ . }}{{ end }}",
        "{% if odd?[\"a?.b\"] %}{{ odd[\"a?.b\"] }}{% endif %}{% if odd?[\"a?[b\"] %}{{ odd[\"a?[b\"] }}{% endif %}",
    ),
    (
        "{{ with .missing }}a{{ else with .name }}{{ . }}{{ end }}",
        "{% if missing %}a{% elif name %}{{ name }}{% endif %}",
    ),
    (
        "{{ if .off }}a{{ else if $x := lower .name }}{{ $x }}{{ else }}b{{ end }}",
        "{% if off %}a{% else %}{% set x = name | lower %}{% if x %}{{ x }}{% else %}b{% endif %}{% endif %}",
    ),
    (
        "{{ range .ports }}{{ . }},{{ end }}",
        "{% for item in ports | each %}{{ item }},{% endfor %}",
    ),
    (
        "{{ range .nothing }}a{{ else }}b{{ end }}",
        "{% for item in nothing | each %}a{% else %}b{% endfor %}",
    ),
    (
        "{{ range $p := .ports }}{{ $p }}{{ . }},{{ end }}",
        "{% for p in ports | each %}{{ p }}{{ p }},{% endfor %}",
    ),
    (
        "{{ range $i, $p := .ports }}{{ $i }}{{ $p }},{{ end }}",
        "{% for p in ports | each %}{% set i = loop.index0 %}{{ i }}{{ p }},{% endfor %}",
    ),
    (
        "{{ range $k, $v := .labels }}{{ $k }}={{ $v }},{{ end }}",
        "{% for k, v in labels | default_if_empty(with={}) | sort_keys %}{{ k }}={{ v }},{% endfor %}",
    ),
    (
        "{{ range .labels }}{{ . }}{{ end }}",
        "{% for item in labels | each %}{{ item }}{% endfor %}",
    ),
    (
        "{{ range 3 }}{{ . }}{{ end }}",
        "{% for item in range(end=3) %}{{ item }}{% endfor %}",
    ),
    (
        "{{ range $i, $e := until 2 }}{{ $i }}{{ $e }}{{ end }}",
        "{% for e in 2 | until %}{% set i = loop.index0 %}{{ i }}{{ e }}{% endfor %}",
    ),
    (
        "{{ range .nested }}[{{ range . }}{{ . }}{{ end }}]{{ end }}",
        "{% for item in nested | each %}[{% for item_2 in item | each %}{{ item_2 }}{% endfor %}]{% endfor %}",
    ),
    (
        "{{ range .ports }}{{ if eq . 80 }}{{ continue }}{{ end }}{{ . }}{{ break }}{{ end }}",
        "{% for item in ports | each %}{% if item == 80 %}{% continue %}{% endif %}{{ item }}{% break %}{% endfor %}",
    ),
    (
        "{{ $s := 0 }}{{ range .ports }}{{ $s = add $s . }}{{ end }}{{ $s }}",
        "{% set_global s = 0 %}{% for item in ports | each %}{% set_global s = (s | int) + (item | int) %}{% endfor %}{{ s }}",
    ),
    (
        "{{ range .users }}{{ $.name }}/{{ .name }}{{ range .tags }}{{ . }}{{ end }} {{ end }}",
        "{% for item in users | each %}{{ name }}/{{ item.name }}{% for item_2 in item?.tags | each %}{{ item_2 }}{% endfor %} {% endfor %}",
    ),
    (
        "{{ define \"d\" }}<{{ . }}>{{ end }}{{ template \"d\" .name }}",
        "<{{ name }}>",
    ),
    (
        "{{ define \"d\" }}<{{ .name }}>{{ end -}}\n {{ template \"d\" . }}",
        "<{{ name }}>",
    ),
    (
        "{{ block \"b\" .image }}{{ .tag }}{{ end }}",
        "{{ image.tag }}",
    ),
    (
        "{{ define \"d\" }}{{ .a }}{{ .b }}{{ end }}{{ template \"d\" (dict \"a\" 1 \"b\" .name) }}",
        "{% set dot = {\"a\": 1, \"b\": name} %}{{ dot.a }}{{ dot.b }}",
    ),
    (
        "{{ define \"d\" }}a\n{{ .Values.name }}{{ end }}{{ include \"d\" . | indent 2 }}",
        "{% set part %}a\n{{ name }}{% endset %}{{ part | indent(width=2, first=true, blank=true, last=true) }}",
    ),
    (
        "{{ define \"d\" }}{{ .Values.name }}{{ end }}{{ include \"d\" . }}",
        "{{ name }}",
    ),
    (
        "{{ define \"d\" }}{{ .name }}{{ end }}{{ $v := .Values }}{{ $v.name }}{{ include \"d\" .Values }}{{ include \"d\" $.Values | upper }}",
        "{{ name }}{{ name }}{% set part %}{{ name }}{% endset %}{{ part | upper }}",
    ),
    (
        "{{ .text | indent 2 }}|{{ nindent 4 .text }}",
        "{{ text | indent(width=2, first=true, blank=true, last=true) }}|{{ text | nindent(width=4, blank=true, last=true) }}",
    ),
    (
        "{{ urlquery \"a b/c&d~%20é\" }}",
        "{{ \"a b/c&d~%20é\" | urlencode_strict | replace(from=\"%20\", to=\"+\") }}",
    ),
    (
        "{{ toYaml .image.pull }}|{{ toYaml .labels | indent 2 }}",
        "{{ (image.pull | sort_keys | to_yaml) ~ \"\\n\" }}|{{ ((labels | sort_keys | to_yaml) ~ \"\\n\") | indent(width=2, first=true, blank=true, last=true) }}",
    ),
    (
        "{{ define \"d\" }}{{ toYaml .Values.labels }}{{ end }}{{ include \"d\" . }}|",
        "{{ labels | sort_keys | to_yaml }}|",
    ),
    (
        "{{ printf \"%s-%d %v%%\" .name .n .on }}",
        "{{ name ~ \"-\" ~ n ~ \" \" ~ on ~ \"%\" }}",
    ),
    (
        "{{ printf \"%q\" .name }}{{ printf \"x\" }}",
        "{{ name | quote }}{{ \"x\" }}",
    ),
    (
        "{{ len .ports }}{{ index .ports 1 }}{{ index .labels \"a\" }}",
        "{{ ports | length }}{{ ports[1] }}{{ labels[\"a\"] }}",
    ),
    (
        "{{ list 1 2 | join \",\" }}{{ join \"-\" .ports }}",
        "{{ [1, 2] | join(sep=\",\") }}{{ ports | join(sep=\"-\") }}",
    ),
    (
        "{{ $d := dict \"a\" (dict \"b\" 2) }}{{ $d.a.b }}",
        "{% set d = {\"a\": {\"b\": 2} } %}{{ d.a.b }}",
    ),
    (
        "{{ ternary \"a\" \"b\" .on }}",
        "{{ \"a\" if on else \"b\" }}",
    ),
    (
        "{{ (split \":\" .path)._1 }}",
        "{{ path | split(pat=\":\") | nth(n=1) }}",
    ),
    (
        "{{ (semver .image.tag).Minor }}",
        "{{ image.tag | semver | get(key=\"minor\") }}",
    ),
    (
        "{{ squote .name }}{{ quote .n }}{{ cat .name .n }}",
        "{{ \"'\" ~ name ~ \"'\" }}{{ n | quote }}{{ name ~ \" \" ~ n }}",
    ),
    (
        "{{ div 7 2 }}{{ mod 7 4 }}{{ sub .n 5 }}{{ mul 2 .n }}{{ max 1 .n }}",
        "{{ 7 | div(n=2) }}{{ 7 | mod(n=4) }}{{ (n | int) - 5 }}{{ 2 * (n | int) }}{{ [1, n | int] | max }}",
    ),
    (
        "{{ now | date \"2006-01-02\" }}",
        "{{ now() | date(format=\"%Y-%m-%d\") }}",
    ),
    (
        "{{ .duat.version }}{{ .Env.GREETING }}{{ env \"GREETING\" }}",
        "{{ duat.version }}{{ Env.GREETING }}{{ get_env(name=\"GREETING\", default=\"\") }}",
    ),
    (
        "{{ $root := . }}{{ range .ports }}{{ $root.name }}{{ end }}",
        "{% for item in ports | each %}{{ name }}{% endfor %}",
    ),
    ("# stencil: dialect=go\n{{ .name }}", "{{ name }}"),
    (
        "{{ coalesce .empty .missing .name }}",
        "{{ empty or missing or name }}",
    ),
    (
        "{{ if kindIs \"map\" .image }}m{{ end }}{{ hasKey .image \"tag\" }}",
        "{% if image is map %}m{% endif %}{{ image | hasKey(key=\"tag\") }}",
    ),
    (
        "a  {{- template \"d\" .name }} b{{ define \"d\" }}  x{{ end }}",
        "a  x b",
    ),
];
