"""The functions that a template of a chart may call. Source: Go 1.26 text/template (funcs.go), helm 3.22 and 4 pkg/engine
(funcs.go), sprig 3.3 (functions.go)."""

from __future__ import annotations

_WORDS = """
abbrev abbrevboth add add1 add1f addf adler32sum ago all and any append atoi b32dec b32enc b64dec b64enc base
bcrypt biggest block break buildCustomCert call camelcase cat ceil chunk clean coalesce compact concat contains
continue date dateInZone dateModify date_in_zone date_modify decryptAES deepCopy deepEqual default define
derivePassword dict dig dir div divf duration durationRound else empty encryptAES end eq ext fail first float64
floor fromJson fromJsonArray fromToml fromYaml fromYamlArray ge genCA genCAWithKey genPrivateKey
genSelfSignedCert genSelfSignedCertWithKey genSignedCert genSignedCertWithKey get getHostByName gt has hasKey
hasPrefix hasSuffix hello html htmlDate htmlDateInZone htpasswd if include indent index initial initials int
int64 isAbs join js kebabcase keys kindIs kindOf last le len list lookup lower lt max maxf merge mergeOverwrite
min minf mod mul mulf mustAppend mustCamelcase mustChunk mustCompact mustDateModify mustDeepCopy mustFirst
mustFromJson mustHas mustInitial mustLast mustMerge mustMergeOverwrite mustPrepend mustRegexFind mustRegexFindAll
mustRegexMatch mustRegexReplaceAll mustRegexReplaceAllLiteral mustRegexSplit mustRest mustReverse mustSlice
mustToDate mustToDuration mustToJson mustToPrettyJson mustToRawJson mustToToml mustToYaml mustUniq mustWithout
must_date_modify ne nindent nospace not now omit or osBase osClean osDir osExt osIsAbs pick pluck plural prepend
print printf println quote randAlpha randAlphaNum randAscii randBytes randInt randNumeric range regexFind
regexFindAll regexMatch regexQuoteMeta regexReplaceAll regexReplaceAllLiteral regexSplit repeat replace required
rest reverse round semver semverCompare seq set sha1sum sha256sum sha512sum shuffle slice snakecase sortAlpha
split splitList splitn squote sub subf substr swapcase template ternary title toDate toDecimal toDuration toJson
toPrettyJson toRawJson toString toStrings toToml toYaml toYamlPretty tpl trim trimAll trimPrefix trimSuffix
trimall trunc tuple typeIs typeIsLike typeOf uniq unixEpoch unset until untilStep untitle upper urlJoin urlParse
urlquery uuidv4 values with without wrap wrapWith
"""
NAMES = frozenset(_WORDS.split())
"""Their names, and the words of the language."""
