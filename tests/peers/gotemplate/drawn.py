"""Functions that draw on clock, randomness or network: asked for what is the same in every run."""

CASES = r"""
{{ randAlphaNum 12 | regexMatch "^[0-9A-Za-z]{12}$" }} {{ len (randAlphaNum 0) }} {{ randAlphaNum 3 | kindOf }}
{{ randAlpha 12 | regexMatch "^[A-Za-z]{12}$" }} {{ len (randAlpha 0) }} {{ ne (randAlpha 30) (randAlpha 30) }}
{{ randNumeric 12 | regexMatch "^[0-9]{12}$" }} {{ len (randNumeric 0) }} {{ ne (randNumeric 30) (randNumeric 30) }}
{{ randAscii 40 | regexMatch "^[ -~]{40}$" }} {{ len (randAscii 0) }} {{ ne (randAscii 30) (randAscii 30) }}
{{ randAlphaNum "3" }}
{{ randAlpha nil }}
{{ randAscii .missing }}
{{ randNumeric 1 2 }}
{{ randNumeric }}
{{ randBytes 16 | b64dec | len }} {{ len (randBytes 3) }} {{ randBytes 0 }}|{{ ne (randBytes 16) (randBytes 16) }}
{{ randBytes "x" }}
{{ randInt 5 6 }} {{ $n := randInt -3 4 }}{{ and (ge $n -3) (lt $n 4) }} {{ randInt 0 1 | typeOf }}
{{ randInt 5 5 }}
{{ randInt 6 5 }}
{{ randInt 1 }}
{{ randInt "1" 2 }}
{{ shuffle "" }}|{{ shuffle "aaaa" }}|{{ shuffle "hello" | splitList "" | sortAlpha | join "" }}|{{ shuffle "é日x" | splitList "" | sortAlpha | join "" }}
{{ shuffle nil }}
{{ shuffle 3 }}
{{ uuidv4 | regexMatch "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$" }} {{ ne uuidv4 uuidv4 }} {{ uuidv4 | typeOf }}
{{ uuidv4 1 }}
{{ typeOf now }} {{ kindOf now }} {{ now | date "2006" | len }} {{ gt (now.Unix) 1600000000 }} {{ now.Before (dateModify "1h" now) }}
{{ now 1 }}
{{ now | unixEpoch | int64 | lt 1600000000 }} {{ now | htmlDate | regexMatch "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }} {{ ago now | regexMatch "^-?[0-9.]+(s|ms|µs|ns)$" }}
{{ ago (dateModify "-2h" now) }} {{ ago (dateModify "-90s" now) }} {{ ago "x" }} {{ ago nil }}
{{ ago }}
{{ bcrypt "secret" | regexMatch "^\\$2a\\$10\\$[./0-9A-Za-z]{53}$" }} {{ ne (bcrypt "a") (bcrypt "a") }} {{ bcrypt "" | len }}
{{ bcrypt 3 }}
{{ bcrypt nil }}
{{ htpasswd "me" "secret" | regexMatch "^me:\\$2a\\$10\\$" }} {{ htpasswd "" "" | len }}
{{ encryptAES "secret" "text" | decryptAES "secret" }} {{ encryptAES "k" "" | decryptAES "k" }}| {{ encryptAES "é" "héllo" | decryptAES "é" }} {{ encryptAES "secret" "text" | b64dec | len }} {{ encryptAES "k" "0123456789abcdef" | b64dec | len }}
{{ encryptAES "" "text" | decryptAES "" }}
{{ encryptAES 1 2 }}
{{ encryptAES nil "x" }}
{{ ne (encryptAES "k" "text") (encryptAES "k" "text") }}
{{ $k := genPrivateKey "ecdsa" }}{{ $k | hasPrefix "-----BEGIN EC PRIVATE KEY-----\n" }} {{ genPrivateKey "ed25519" | hasPrefix "-----BEGIN PRIVATE KEY-----\n" }} {{ genPrivateKey "nope" }}
{{ $k := genPrivateKey "ecdsa" }}{{ $c := genCAWithKey "ca" 30 $k }}{{ eq $c.Key $k }} {{ $c.Cert | hasPrefix "-----BEGIN CERTIFICATE-----\n" }} {{ typeOf $c }}
{{ genCAWithKey "ca" 30 "x" }}
{{ $k := genPrivateKey "ecdsa" }}{{ $c := genSelfSignedCertWithKey "cn" (list "127.0.0.1" "::1") (list "a.example" "*.b.example") 30 $k }}{{ eq $c.Key $k }} {{ $c.Cert | hasSuffix "-----END CERTIFICATE-----\n" }} {{ typeOf $c }}
{{ genSelfSignedCertWithKey "cn" (list "nope") nil 30 (genPrivateKey "ecdsa") }}
{{ genSelfSignedCertWithKey "cn" (list 1) nil 30 (genPrivateKey "ecdsa") }}
{{ genSelfSignedCertWithKey "cn" nil (list 1) 30 (genPrivateKey "ecdsa") }}
{{ genSelfSignedCertWithKey "cn" nil nil 30 "" }}
{{ $k := genPrivateKey "ed25519" }}{{ $ca := genCAWithKey "ca" 30 $k }}{{ $l := genPrivateKey "ecdsa" }}{{ $c := genSignedCertWithKey "cn" nil (list "a") 30 $ca $l }}{{ eq $c.Key $l }} {{ ne $c.Cert $ca.Cert }}
{{ genSignedCertWithKey "cn" nil nil 30 "ca" (genPrivateKey "ecdsa") }}
{{ $ca := genCA "ca" 1 }}{{ $ca.Key | hasPrefix "-----BEGIN RSA PRIVATE KEY-----\n" }} {{ $ca.Cert | hasPrefix "-----BEGIN CERTIFICATE-----\n" }} {{ typeOf $ca }}
{{ genCA 1 2 }}
{{ genCA "x" "y" }}
{{ genCA "x" }}
{{ getHostByName "127.0.0.1" }} {{ getHostByName "::1" }}
{{ getHostByName 3 }}
{{ getHostByName nil }}
{{ getHostByName }}
{{ keys (dict) }} {{ keys (dict "a" 1) }} {{ keys (dict "b" 1 "a" 2) | sortAlpha }} {{ keys .m | sortAlpha | join "," }}
{{ keys .missing }}
{{ keys "x" }}
{{ keys (dict "a" 1) (dict "b" 2) | sortAlpha }} {{ keys }}
{{ values (dict) }} {{ values (dict "a" 1) }} {{ values (dict "b" "x" "a" "y") | sortAlpha }}
{{ values nil }}
{{ values 1 }}
{{ hello }} {{ hello | upper }}
{{ hello 1 }}
""".strip("\n").split("\n")


def add(case):
    for line in CASES:
        case(line)
