"""Times read by Go's layouts: each part as it is written and as it is not."""

# a layout, and texts that fit it or nearly do
READ = {
    "2006-01-02": ["2024-02-30", "2024-2-3", "2024-02-03x", " 2024-02-03", "0000-01-01", "-001-01-01", "20240-1-1"],
    "06-1-2": ["68-1-2", "69-12-31", "00-2-29", "6-1-2", "99-13-1", "24-02-003"],
    "Jan 2, 2006": ["Feb 29, 2024", "feb 9, 2024", "FEB 29, 2024", "Febr 1, 2024", "Feb 1,2024", "Abc 1, 2024", "Feb  1, 2024"],
    "January _2 2006": ["March  4 2024", "march 14 2024", "Mar 4 2024", "May 31 2024", "September   4 2024", "march 014 2024"],
    "Mon Jan _2 15:04:05 2006": ["Thu Feb 29 10:11:12 2024", "fri Feb  2 10:11:12 2024", "Xyz Feb 29 10:11:12 2024", "Thu Feb 30 10:11:12 2024"],
    "Monday, 02-Jan-06 15:04:05 MST": ["Thursday, 29-Feb-24 10:11:12 UTC", "thursday, 29-Feb-24 10:11:12 CET", "Thu, 29-Feb-24 10:11:12 UTC"],
    "3:04PM": ["10:11PM", "12:00AM", "12:00PM", "0:30PM", "13:01PM", "1:1PM", "10:11pm", "10:11XM", "10:11P", "10:60PM"],
    "03:04:05 pm": ["10:11:12 pm", "12:11:12 am", "00:11:12 am", "1:11:12 am", "10:11:12 PM", "10:11:60 am"],
    "15:04:05": ["23:59:59", "24:00:00", "3:4:5", "03:4:05", "23:59:59.5", "23:59:59,25", "23:59:59.", "23:59:59.1234567891"],
    "15:4:5": ["1:2:3", "01:02:03", "1:2:61", "1:2:3.75"],
    "15:04:05.000": ["01:02:03.004", "01:02:03.04", "01:02:03.0045", "01:02:03", "01:02:03,004"],
    "15:04:05.999": ["01:02:03", "01:02:03.1", "01:02:03.12345678", "01:02:03.x"],
    "15:04:05,000000": ["01:02:03,000004", "01:02:03.000004", "01:02:03,00000"],
    "2006 002": ["2024 060", "2024 366", "2023 366", "2024 367", "2024 000", "2024 60", "2024 1000"],
    "2006 __2": ["2024  60", "2024   6", "2024 366", "2024   0", "2024 60", "2023 366"],
    "2006-01-02 002": ["2024-02-29 060", "2024-02-29 061", "2024-03-29 060"],
    "2006-002 Jan": ["2024-060 Feb", "2024-060 Mar"],
    "2006-01-02T15:04:05Z07:00": ["2024-02-29T10:11:12Z", "2024-02-29T10:11:12+05:30", "2024-02-29T10:11:12-23:59", "2024-02-29T10:11:12+24:00", "2024-02-29T10:11:12+05:60", "2024-02-29T10:11:12+0530", "2024-02-29T10:11:12z", "2024-02-29t10:11:12Z", "2024-02-29T24:00:00Z", "2024-02-29T10:11:12.5Z", "2024-02-29T1:11:12Z"],
    "15:04 -0700": ["10:11 +0200", "10:11 -0930", "10:11 +02", "10:11 +02:00", "10:11 Z", "10:11 +2500"],
    "15:04 -07": ["10:11 +02", "10:11 -12", "10:11 +0200", "10:11 x02"],
    "15:04 -07:00:00": ["10:11 +02:03:04", "10:11 -00:00:01", "10:11 +02:03"],
    "15:04 Z070000": ["10:11 +020304", "10:11 Z", "10:11 +02030"],
    "15:04 -070000": ["10:11 +020304", "10:11 -010203", "10:11 Z"],
    "15:04 Z07": ["10:11 Z", "10:11 +01", "10:11 +1"],
    "15:04 Z0700": ["10:11 Z", "10:11 +0100", "10:11 +01:00"],
    "2006-01-02 15:04 MST": ["2024-02-29 10:11 UTC", "2024-02-29 10:11 GMT", "2024-02-29 10:11 GMT+3", "2024-02-29 10:11 GMT-12", "2024-02-29 10:11 GMT+x", "2024-02-29 10:11 GMT+24", "2024-02-29 10:11 CET", "2024-02-29 10:11 CEST", "2024-02-29 10:11 ChST", "2024-02-29 10:11 MeST", "2024-02-29 10:11 WITA", "2024-02-29 10:11 +03", "2024-02-29 10:11 -00", "2024-02-29 10:11 +0330", "2024-02-29 10:11 AB", "2024-02-29 10:11 ABCD", "2024-02-29 10:11 ABCDE", "2024-02-29 10:11 ABCDT", "2024-02-29 10:11 ABCDEF", "2024-02-29 10:11 utc"],
    "_2 Jan": [" 5 Feb", "15 Feb", "5 Feb", "  5 Feb", "31 Apr"],
    "plain": ["plain", "plainer", "plai"],
    "Janet 2006": ["Feb 2024", "Janet 2024", "Febet 2024"],
    "2006-01-02 é": ["2024-02-29 é", "2024-02-29 e"],
    "": ["", "x"],
}

T = '(toDate "2006-01-02T15:04:05.999Z07:00" "2024-02-29T13:37:41.567+05:30")'
U = '(toDate "2006-01-02" "2024-12-30")'
# what can be asked of a time, of a span between two, and of what they give
ASKED = [
    T + ".Add 90000000000", T + ".AddDate 0 1 1", T + ".AddDate -1 0 0", T + ".After " + U, T + ".Before " + U, T + ".Compare " + U, U + ".Compare " + T,
    T + ".Equal " + T, T + ".Equal " + T + ".UTC", "eq " + T + " " + T + ".UTC", T + ".Clock", T + ".Date", T + ".ISOWeek", T + ".Zone", T + ".Day", T + ".Hour", T + ".Minute", T + ".Second",
    T + ".Nanosecond", T + ".Month", T + ".Year", T + ".YearDay", T + ".Weekday", T + ".IsZero", T + ".IsDST", T + ".Unix", T + ".UnixMilli", T + ".UnixMicro", T + ".UnixNano", T + ".UTC",
    T + ".Location", T + ".Location.String", T + ".String", T + ".GoString", U + ".GoString", T + '.Format "Monday 2 January 2006 15:04:05.000 -0700"', T + ".Month.String", T + ".Weekday.String",
    "printf \"%d %s %v\" " + T + ".Month " + T + ".Month " + T + ".Weekday", "printf \"%d\" " + T + ".Weekday", "add " + T + ".Month 1", "int " + T + ".Weekday", "eq " + T + ".Month 2", "lt " + T + ".Month 3",
    T + ".Sub " + U, U + ".Sub " + T, "(" + U + ".Sub " + T + ").Hours", "(" + U + ".Sub " + T + ").Minutes", "(" + U + ".Sub " + T + ").Seconds", "(" + U + ".Sub " + T + ").Milliseconds",
    "(" + U + ".Sub " + T + ").Microseconds", "(" + U + ".Sub " + T + ").Nanoseconds", "(" + U + ".Sub " + T + ").String", "(" + T + ".Sub " + U + ").Abs", "(" + T + ".Sub " + U + ").Round 3600000000000",
    "(" + T + ".Sub " + U + ").Truncate 3600000000000", "kindOf (" + T + ".Sub " + U + ")", "typeOf (" + T + ".Sub " + U + ")", "toJson (" + T + ".Sub " + U + ")", "toJson " + T, "toJson " + T + ".Month", "toYaml " + T,
    "typeOf " + T, "kindOf " + T, "typeOf " + T + ".Weekday", "typeOf " + T + ".Location", T + ".MarshalText", T + ".MarshalJSON", "typeOf " + T + ".MarshalText", T + ".UTC.GoString", T + ".Local", T + ".wall", T + ".In nil", T + ".Truncate 0", T + ".Round 60000000000",
    'duration (' + T + ".Sub " + U + ")", 'durationRound (' + T + ".Sub " + U + ")", "ago " + T + " | kindOf", "unixEpoch " + T, "date_modify \"-1h30m\" " + T, "dateModify \"36h\" " + T, "mustDateModify \"x\" " + T, "htmlDate " + T, "deepEqual " + T + " " + T, "deepEqual " + T + " " + T + ".UTC", "default 1 " + T, "empty " + T, "ternary 1 2 " + T + ".IsZero", "list " + T, "print " + T + " " + U, "len " + T, "index " + T + " 0", "range " + T,
]


def add(case):
    for asked in ASKED:
        case("{{ %s }}" % asked)
    for layout, texts in READ.items():
        for text in texts:
            case('{{ toDate "%s" "%s" }}' % (layout, text))
    for layout, texts in READ.items():
        case('{{ mustToDate "%s" "%s" }}' % (layout, texts[0]))
        case('{{ mustToDate "%s" "%s" }}' % (layout, texts[-1]))
