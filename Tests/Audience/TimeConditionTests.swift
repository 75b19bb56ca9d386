import HeraldAudience
import HeraldModel
import Testing

/// Semantics 15 to 20: dates, datetimes, durations, anniversaries, parts.
@Suite struct TimeConditionTests {
    private static let entities = "contact: {from: crm.contacts, key: v, email: email, fields: {v: text, d: date, t: datetime}}"

    /// The values among `values` that a condition on `d` (dates) or `t` (datetimes) holds for. Each is the key of its own record.
    private func matches(
        _ condition: String, _ values: [String], now: String = "2027-02-01T10:00:00Z", zone: String = "UTC", fiscalMonth: Int = 1
    ) throws -> [String] {
        let isTime = condition.hasPrefix("t: ")
        let rows = values.map { "\($0 == "" ? "empty" : $0),a@example.org,\(isTime ? "" : $0),\(isTime ? $0 : "")\n" }
        let fixture = try AudienceFixture(
            Self.entities, ["contacts": "v,email,d,t\n" + rows.joined()], now: now, zone: zone, fiscalMonth: fiscalMonth)
        return try fixture.matches(condition)
    }

    private func complaints(_ condition: String, zone: String = "UTC") throws -> [String] {
        try AudienceFixture(Self.entities, ["contacts": "v,email,d,t\n"], zone: zone).complaints(condition)
    }

    // MARK: 15. Whole days

    @Test(arguments: [
        ("t: 2027-01-31", ["2027-01-31 00:00:00", "2027-01-31 23:59:59.999999"]),
        ("t: {is_not: 2027-01-31}", ["2027-01-30 23:59:59.999999", "2027-02-01 00:00:00", "empty"]),
        ("t: {before: 2027-01-31}", ["2027-01-30 23:59:59.999999"]),
        ("t: {after: 2027-01-31}", ["2027-02-01 00:00:00"]),
        ("t: {between: [2027-01-31, 2027-01-31]}", ["2027-01-31 00:00:00", "2027-01-31 23:59:59.999999"]),
        ("t: {not_between: [2027-01-31, 2027-02-01]}", ["2027-01-30 23:59:59.999999", "empty"]),
        ("t: {in: [2027-01-30, 2027-02-01]}", ["2027-01-30 23:59:59.999999", "2027-02-01 00:00:00"]),
        ("t: {not_in: [2027-01-30, 2027-02-01]}", ["2027-01-31 00:00:00", "2027-01-31 23:59:59.999999", "empty"]),
        ("t: today", ["2027-02-01 00:00:00"]),
        ("t: {before: today - 1 day}", ["2027-01-30 23:59:59.999999"]),
        ("t: {after: start of month - 1 day}", ["2027-02-01 00:00:00"]),
        // A date and time is that instant.
        ("t: 2027-01-31 00:00", ["2027-01-31 00:00:00"]),
        ("t: {after: 2027-01-31 00:00}", ["2027-01-31 23:59:59.999999", "2027-02-01 00:00:00"]),
        ("t: {between: [2027-01-31 00:01, 2027-01-31]}", ["2027-01-31 23:59:59.999999"]),
        ("t: {before: 2027-01-31 23:59:59}", ["2027-01-30 23:59:59.999999", "2027-01-31 00:00:00"]),
        ("t: {empty: true}", ["empty"]),
    ])
    func aDateOnADateTimeMeansItsWholeDay(condition: String, expected: [String]) throws {
        let values = ["2027-01-30 23:59:59.999999", "2027-01-31 00:00:00", "2027-01-31 23:59:59.999999", "2027-02-01 00:00:00", ""]
        let found = try matches(condition, values)
        #expect(found == expected)
    }

    @Test func daysAreThoseOfTheWorkspacesZone() throws {
        let values = ["2027-01-30T23:30:00Z", "2027-01-31T22:59:59Z", "2027-01-31T23:00:00Z"]
        #expect(try matches("t: 2027-01-31", values, zone: "Europe/Berlin") == ["2027-01-30T23:30:00Z", "2027-01-31T22:59:59Z"])
        #expect(try matches("t: today", ["2027-02-01T23:30:00Z"], now: "2027-02-01T23:10:00Z", zone: "Asia/Tokyo") == ["2027-02-01T23:30:00Z"])
        #expect(try matches("d: today", ["2027-02-01", "2027-02-02"], now: "2027-02-01T23:10:00Z", zone: "Asia/Tokyo") == ["2027-02-02"])
    }

    @Test func nowOnADateIsItsLocalDay() throws {
        let days = ["2027-02-01", "2027-02-02", "2027-02-03"]
        #expect(try matches("d: now", days, now: "2027-02-01T23:10:00Z", zone: "Asia/Tokyo") == ["2027-02-02"])
        #expect(try matches("d: {after: now}", days, now: "2027-02-01T23:10:00Z", zone: "Asia/Tokyo") == ["2027-02-03"])
        #expect(try matches("d: {between: [now - 1 day, now]}", days, now: "2027-02-01T23:10:00Z", zone: "Asia/Tokyo") == ["2027-02-01", "2027-02-02"])
        #expect(try matches("t: {after: now}", ["2027-02-01T10:00:00Z", "2027-02-01T10:00:00.000001Z"]) == ["2027-02-01T10:00:00.000001Z"])
        #expect(try matches("t: now", ["2027-02-01T10:00:00Z", "2027-02-01T10:00:00.000001Z"]) == ["2027-02-01T10:00:00Z"])
        #expect(
            try matches("t: {between: [now - 90 minutes, now + 1 hour]}", ["2027-02-01T08:29:59Z", "2027-02-01T08:30:00Z", "2027-02-01T11:00:00Z", "2027-02-01T11:00:01Z"]) == [
                "2027-02-01T08:30:00Z", "2027-02-01T11:00:00Z",
            ])
    }

    /// Samoa had no 30 December 2011.
    @Test func aDayThatAZoneLeftOutHoldsNothing() throws {
        let values = ["2011-12-30T09:59:59Z", "2011-12-30T10:00:00Z", ""]
        #expect(try matches("t: 2011-12-30", values, zone: "Pacific/Apia") == [])
        #expect(try matches("t: {is_not: 2011-12-30}", values, zone: "Pacific/Apia") == ["2011-12-30T09:59:59Z", "2011-12-30T10:00:00Z", "empty"])
        #expect(try matches("t: 2011-12-29", values, zone: "Pacific/Apia") == ["2011-12-30T09:59:59Z"])
        #expect(try matches("t: 2011-12-31", values, zone: "Pacific/Apia") == ["2011-12-30T10:00:00Z"])
        #expect(try matches("t: {within: 1 day}", values, now: "2011-12-30T10:30:00Z", zone: "Pacific/Apia") == [])
    }

    // MARK: 16. Durations

    @Test(arguments: [
        ("d: {within: 7 days}", ["2027-01-25", "2027-02-01"]),
        ("d: {within: 1 week}", ["2027-01-25", "2027-02-01"]),
        ("d: {within: next 7 days}", ["2027-02-01", "2027-02-08"]),
        ("d: {older_than: 7 days}", ["2027-01-24"]),
        ("d: {older_than: 8 days}", []),
        ("d: {within: 1 day}", ["2027-02-01"]),
    ])
    func durationsOnDatesCountWholeDays(condition: String, expected: [String]) throws {
        let found = try matches(condition, ["2027-01-24", "2027-01-25", "2027-02-01", "2027-02-08", "2027-02-09", ""])
        #expect(found == expected)
    }

    @Test(arguments: [
        ("t: {within: 7 days}", ["2027-01-25 10:00:00", "2027-02-01 10:00:00"]),
        ("t: {within: next 7 days}", ["2027-02-01 10:00:00", "2027-02-08 10:00:00"]),
        ("t: {older_than: 7 days}", ["2027-01-25 09:59:59.999999"]),
        ("t: {within: 168 hours}", ["2027-01-25 10:00:00", "2027-02-01 10:00:00"]),
        ("t: {within: next 1 minute}", ["2027-02-01 10:00:00", "2027-02-01 10:00:00.000001"]),
    ])
    func durationsOnDateTimesCountFromThePresentInstant(condition: String, expected: [String]) throws {
        let values = [
            "2027-01-25 09:59:59.999999", "2027-01-25 10:00:00", "2027-02-01 10:00:00", "2027-02-01 10:00:00.000001", "2027-02-08 10:00:00", "2027-02-08 10:00:00.000001", "",
        ]
        var expected = expected
        if condition == "t: {within: next 7 days}" { expected.insert("2027-02-01 10:00:00.000001", at: 1) }
        let found = try matches(condition, values)
        #expect(found == expected)
    }

    // MARK: 17. Anniversaries

    @Test func anniversariesLookAtMonthAndDay() throws {
        let born = ["1960-12-28", "1961-12-29", "1999-12-31", "2001-01-01", "2030-01-05", "1800-01-06", "1970-06-15", ""]
        func hits(_ test: String) throws -> [String] { try matches("d: {anniversary: \(test)}", born, now: "2026-12-29T12:00:00Z") }
        #expect(try hits("today") == ["1961-12-29"])
        #expect(try hits("next 7 days") == ["1961-12-29", "1999-12-31", "2001-01-01", "2030-01-05"])
        #expect(try hits("next 8 days") == ["1961-12-29", "1999-12-31", "2001-01-01", "2030-01-05", "1800-01-06"])
        #expect(try hits("1 day") == ["1960-12-28", "1961-12-29"])
        #expect(try hits("next 1 year").count == 7)
        #expect(try hits("500 days").count == 7)
        #expect(try matches("d: {anniversary: 7 days}", born, now: "2027-01-01T12:00:00Z") == ["1960-12-28", "1961-12-29", "1999-12-31", "2001-01-01"])
        #expect(try matches("t: {anniversary: today}", ["2001-12-28T23:30:00Z"], now: "2026-12-29T12:00:00Z", zone: "Europe/Berlin").count == 1)
    }

    @Test func theTwentyNinthOfFebruaryFallsOnTheTwentyEighthOnlyInYearsWithoutOne() throws {
        let born = ["1980-02-28", "1980-02-29", "1980-03-01"]
        func hits(_ test: String, _ day: String) throws -> [String] { try matches("d: {anniversary: \(test)}", born, now: "\(day)T12:00:00Z") }
        #expect(try hits("today", "2027-02-28") == ["1980-02-28", "1980-02-29"])
        #expect(try hits("today", "2028-02-28") == ["1980-02-28"])
        #expect(try hits("today", "2028-02-29") == ["1980-02-29"])
        #expect(try hits("today", "2027-03-01") == ["1980-03-01"])
        #expect(try hits("next 1 day", "2027-02-27") == ["1980-02-28", "1980-02-29"])
        #expect(try hits("1 day", "2028-03-01") == ["1980-02-29", "1980-03-01"])
        #expect(try hits("today", "2100-02-28") == ["1980-02-28", "1980-02-29"])
    }

    // MARK: 18. Months, years, the local clock

    @Test func monthsAndYearsKeepTheDayOrTakeTheLastOfTheMonth() throws {
        func start(_ duration: String, _ now: String) throws -> [String] {
            try matches("d: today - \(duration)", ["2027-02-28", "2028-02-29", "2026-02-28", "2027-01-31", "2027-11-30"], now: now + "T12:00:00Z")
        }
        #expect(try start("1 month", "2027-03-31") == ["2027-02-28"])
        #expect(try start("1 month", "2028-03-30") == ["2028-02-29"])
        #expect(try start("13 months", "2028-02-29") == [])
        #expect(try start("2 years", "2028-02-29") == ["2026-02-28"])
        #expect(try start("1 month", "2027-02-28") == [])
        #expect(try start("3 months", "2028-02-29") == [])
        #expect(try matches("d: today + 3 months", ["2027-11-30"], now: "2027-08-31T12:00:00Z") == ["2027-11-30"])
    }

    @Test func daysMoveTheLocalClockAndHoursAreElapsedTime() throws {
        // Clocks in Berlin went forward on 28 March 2027 at 02:00.
        let values = ["2027-03-27T11:00:00Z", "2027-03-27T10:59:59Z", "2027-03-27T10:00:00Z", "2027-03-27T09:59:59Z"]
        #expect(try matches("t: {within: 1 day}", values, now: "2027-03-28T10:00:00Z", zone: "Europe/Berlin") == ["2027-03-27T11:00:00Z"])
        #expect(
            try matches("t: {within: 24 hours}", values, now: "2027-03-28T10:00:00Z", zone: "Europe/Berlin") == [
                "2027-03-27T11:00:00Z", "2027-03-27T10:59:59Z", "2027-03-27T10:00:00Z",
            ])
        // What lands in the gap goes forward by it; what lands on the doubled hour means the first.
        #expect(try matches("t: now - 1 day", ["2027-03-28T01:30:00Z"], now: "2027-03-29T00:30:00Z", zone: "Europe/Berlin") == ["2027-03-28T01:30:00Z"])
        #expect(try matches("t: now - 1 day", ["2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z"], now: "2027-11-01T01:30:00Z", zone: "Europe/Berlin") == ["2027-10-31T00:30:00Z"])
    }

    // MARK: 19. Parts

    @Test(arguments: [
        ("d: {month: 3}", ["2027-03-31"]), ("d: {month: March}", ["2027-03-31"]), ("d: {month: {in: [JANUARY, 12]}}", ["2026-12-31", "2027-01-01", "2021-01-03", "2020-12-31"]),
        ("d: {month: {is_not: 1}}", ["2026-12-31", "2028-02-29", "2027-03-31", "2020-12-31", "1969-07-20", "empty"]),
        ("d: {month: {not_in: [1, 12, 2, 7]}}", ["2027-03-31", "empty"]), ("d: {month: {gt: 3}}", ["2026-12-31", "2020-12-31", "1969-07-20"]),
        ("d: {month: {gte: 2, lt: 4}}", ["2028-02-29", "2027-03-31"]), ("d: {month: {between: [2, July]}}", ["2028-02-29", "2027-03-31", "1969-07-20"]),
        ("d: {month: current}", ["2028-02-29"]), ("d: {day: 31}", ["2026-12-31", "2027-03-31", "2020-12-31"]), ("d: {day: {lte: current}}", ["2027-01-01"]),
        ("d: {day_of_year: 60}", ["2028-02-29"]), ("d: {day_of_year: 366}", ["2020-12-31"]), ("d: {weekday: 7}", ["2021-01-03", "1969-07-20"]),
        ("d: {weekday: sunday}", ["2021-01-03", "1969-07-20"]), ("d: {weekday: {lt: Tuesday}}", []), ("d: {weekday: current}", []),
        ("d: {week: 53}", ["2026-12-31", "2027-01-01", "2021-01-03", "2020-12-31"]), ("d: {week: 9}", ["2028-02-29"]),
        ("d: {quarter: 1}", ["2027-01-01", "2028-02-29", "2027-03-31", "2021-01-03"]),
        ("d: {year: 2027}", ["2027-01-01", "2027-03-31"]), ("d: {year: {lt: 1970}}", ["1969-07-20"]), ("d: {year: current}", ["2027-01-01", "2027-03-31"]),
        ("d: {year: {is_not: current}}", ["2026-12-31", "2028-02-29", "2021-01-03", "2020-12-31", "1969-07-20", "empty"]),
        ("d: {month: 3, after: 2027-01-01}", ["2027-03-31"]), ("not: {d: {month: {is_not: 1}}}", ["2027-01-01", "2021-01-03"]),
    ])
    func partsOfADate(condition: String, expected: [String]) throws {
        let values = ["2026-12-31", "2027-01-01", "2028-02-29", "2027-03-31", "2021-01-03", "2020-12-31", "1969-07-20", ""]
        let found = try matches(condition, values)
        #expect(found == expected)
    }

    @Test func quartersAndYearsStartWithTheFiscalYear() throws {
        let days = ["2026-03-31", "2026-04-01", "2026-06-30", "2026-07-01", "2026-12-31", "2027-01-01", "2027-02-01", "2027-03-31", "2027-04-01"]
        func hits(_ condition: String) throws -> [String] { try matches(condition, days, now: "2027-02-01T10:00:00Z", fiscalMonth: 4) }
        #expect(try hits("d: {quarter: 1}") == ["2026-04-01", "2026-06-30", "2027-04-01"])
        #expect(try hits("d: {quarter: current}") == ["2026-03-31", "2027-01-01", "2027-02-01", "2027-03-31"])
        #expect(try hits("d: {after: start of quarter - 1 day, before: today}") == ["2027-01-01"])
        #expect(try hits("d: start of year") == ["2026-04-01"])
        #expect(try hits("d: {between: [start of year, start of quarter]}") == ["2026-04-01", "2026-06-30", "2026-07-01", "2026-12-31", "2027-01-01"])
        // The part `year` is the calendar's.
        #expect(try hits("d: {year: 2026}") == ["2026-03-31", "2026-04-01", "2026-06-30", "2026-07-01", "2026-12-31"])
        // A fiscal year from February: its quarters start in February, May, August and November.
        #expect(try matches("d: start of quarter", ["2026-11-01", "2027-01-01"], now: "2027-01-31T10:00:00Z", fiscalMonth: 2) == ["2026-11-01"])
        #expect(try matches("d: start of year", ["2026-02-01", "2027-02-01"], now: "2027-01-31T10:00:00Z", fiscalMonth: 2) == ["2026-02-01"])
    }

    @Test func weeksStartOnMonday() throws {
        for (now, monday) in [("2027-02-01", "2027-02-01"), ("2027-02-07", "2027-02-01"), ("2027-01-01", "2026-12-28"), ("1969-12-31", "1969-12-29")] {
            #expect(try matches("d: start of week", [monday, "2027-02-08"], now: now + "T10:00:00Z") == [monday])
        }
        #expect(try matches("d: start of month", ["2027-02-01", "2027-01-31"]) == ["2027-02-01"])
    }

    @Test func partsOfADateTimeAreThoseOfItsLocalDay() throws {
        #expect(try matches("t: {month: 2}", ["2027-01-31T23:30:00Z"], zone: "Europe/Berlin").count == 1)
        #expect(try matches("t: {weekday: monday}", ["2027-01-31T23:30:00Z"], zone: "Europe/Berlin").count == 1)
        #expect(try matches("t: {weekday: monday}", ["2027-01-31T23:30:00Z"], zone: "UTC").count == 0)
    }

    // MARK: 20. What is refused

    @Test(arguments: [
        ("d: {between: [2027-02-01, 2027-01-31]}", "bad-literal 1:14: `between` starts with the earlier moment; swap the two"),
        ("t: {not_between: [2027-01-31, 2027-01-30 23:59]}", "bad-literal 1:18: `not_between` starts with the earlier moment; swap the two"),
        ("t: {between: [2027-01-31 10:00, 2027-01-31 09:59]}", "bad-literal 1:14: `between` starts with the earlier moment; swap the two"),
        ("d: 2027-02-29", "bad-literal 1:4: `2027-02-29` is no date that exists; write 2027-01-31, 2027-01-31 09:00, now, today, or start of month, with + or - a duration"),
        ("d: todya", "bad-literal 1:4: `todya` is no date that exists; did you mean `today`?"),
        ("d: soon", "bad-literal 1:4: `soon` is no date that exists; write 2027-01-31, 2027-01-31 09:00, now, today, or start of month, with + or - a duration"),
        ("d: 2027-01-31 09:00", "bad-literal 1:4: `d` is a date, which has no time of day; write the date alone"),
        ("d: null", "empty-literal 1:4: a date stands here, and this is nothing; write `{empty: true}` to ask for empty values"),
        ("d: {after: \"\"}", "empty-literal 1:12: a date stands here, and this is text; write `{empty: true}` to ask for empty values"),
        ("d: {in: [2027-01-01, null]}", "empty-literal 1:22: a date stands here, and this is nothing; write `{empty: true}` to ask for empty values"),
        ("d: {within: null}", "empty-literal 1:13: a duration stands here, and this is nothing; write it as `30 days`, or `{empty: true}` to ask for empty values"),
        ("d: {within: 3 hours}", "bad-literal 1:13: `d` is a date, which has no minutes and hours; count in days, weeks, months or years"),
        ("d: {within: 0 days}", "bad-literal 1:13: a duration is a number of at least 1 and minutes, hours, days, weeks, months or years; write it as `30 days`"),
        ("d: {within: 30d}", "bad-literal 1:13: a duration is a number of at least 1 and minutes, hours, days, weeks, months or years; write it as `30 days`"),
        ("d: {older_than: next 3 days}", "bad-literal 1:17: a duration is a number of at least 1 and minutes, hours, days, weeks, months or years; write it as `30 days`"),
        ("t: {anniversary: 3 hours}", "bad-literal 1:18: anniversaries are counted in days"),
        ("t: {after: today + 3 hours}", "bad-literal 1:12: hours and minutes cannot be counted from a whole day; count from `now`, or in days"),
        ("t: {after: start of week - 30 minutes}", "bad-literal 1:12: hours and minutes cannot be counted from a whole day; count from `now`, or in days"),
        ("d: {after: now - 3 hours}", "bad-literal 1:12: hours and minutes cannot be counted from a whole day; count from `now`, or in days"),
        ("d: {month: 13}", "bad-literal 1:12: a month is from 1 to 12"),
        ("d: {month: Sept}", "bad-literal 1:12: a month is a number from 1 to 12, its English name, or `current`"),
        ("d: {weekday: 0}", "bad-literal 1:14: a weekday is from 1 to 7"),
        ("d: {weekday: Sundai}", "bad-literal 1:14: a weekday is a number from 1 to 7, its English name, or `current`; did you mean `sunday`?"),
        ("d: {quarter: Q1}", "bad-literal 1:14: a quarter is a number from 1 to 4, or `current`"),
        ("d: {week: 54}", "bad-literal 1:11: a week is from 1 to 53"),
        ("d: {day_of_year: 367}", "bad-literal 1:18: a day_of_year is from 1 to 366"),
        ("d: {month: {before: 3}}", "bad-operator 1:13: a part of a date has no `before`; it has is, is_not, in, not_in, gt, gte, lt, lte, between"),
        ("d: {month: null}", "empty-literal 1:12: a month stands here, and this is nothing; write `{empty: true}` for d to ask for empty values"),
        ("d: {month: {in: []}}", "empty-literal 1:17: an empty list holds nothing to compare with; write `{empty: true}` to ask for empty values"),
        ("d: {month: {}}", "empty-literal 1:12: `{}` asks nothing of the month; write `{empty: true}` for d to ask for empty values"),
        ("d: {day: {between: [5, 3]}}", "bad-literal 1:20: `between` starts with the smaller; swap the two"),
        (
            "d: {contains: 2027}",
            "bad-operator 1:5: `d` is date, which has no `contains`; it has is, is_not, in, not_in, empty, before, after, between, not_between, within, older_than, anniversary, month, day, day_of_year, weekday, week, quarter, year"
        ),
    ])
    func saysWhatIsWrongAndWhatToWrite(condition: String, complaint: String) throws {
        let found = try complaints(condition)
        #expect(found == [complaint])
    }

    @Test func aLocalTimeThatDoesNotExistIsAnErrorAndOneThatExistsTwiceMeansTheFirst() throws {
        let found = try complaints("t: {after: 2027-03-28 02:30}", zone: "Europe/Berlin")
        #expect(found == ["bad-literal 1:12: 2027-03-28 02:30 does not exist in Europe/Berlin, where the clocks go forward over it; write `2027-03-28 03:30`"])
        #expect(try complaints("t: {after: 2027-03-28 02:30}", zone: "America/New_York") == [])
        #expect(try matches("t: 2027-10-31 02:30", ["2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z"], zone: "Europe/Berlin") == ["2027-10-31T00:30:00Z"])
    }

    @Test func reversedRelativeEndsMatchNobody() throws {
        let days = ["2027-01-30", "2027-02-01", ""]
        #expect(try matches("d: {between: [today, today - 3 days]}", days) == [])
        #expect(try matches("d: {between: [today, 2027-01-01]}", days) == [])
        #expect(try matches("d: {not_between: [today, today - 3 days]}", days) == ["2027-01-30", "2027-02-01", "empty"])
    }

    @Test func localTimesInSourcesAreReadInTheWorkspacesZone() throws {
        // The doubled hour means the first, the hour that does not exist goes forward by the gap.
        let values = ["2027-10-31 02:30", "2027-03-28 02:30", "2027-03-28 01:59:59"]
        #expect(try matches("t: {within: next 1 minute}", values, now: "2027-10-31T00:30:00Z", zone: "Europe/Berlin") == ["2027-10-31 02:30"])
        #expect(try matches("t: 2027-03-28 03:30", values, zone: "Europe/Berlin") == ["2027-03-28 02:30"])
        #expect(try matches("t: {before: 2027-03-28 03:00}", values, zone: "Europe/Berlin") == ["2027-03-28 01:59:59"])
    }
}
