import HeraldModel
import Testing

@Suite struct CalendarTests {
    @Test func everyDayFollowsTheOneBefore() throws {
        var day = try #require(Day(year: 1583, month: 1, day: 1))
        let last = try #require(Day(year: 2417, month: 12, day: 31))
        var (year, month, number, ordinal, weekday) = (1583, 1, 1, 1, 6)  // A Saturday.
        while day <= last {
            let parts = day.parts
            guard parts == (year, month, number), day.dayOfYear == ordinal, day.weekday == weekday, Day(year: year, month: month, day: number) == day else {
                Issue.record("\(day): \(year) \(month) \(number)")
                return
            }
            day = day.adding(days: 1)
            weekday = weekday % 7 + 1
            (number, ordinal) = (number + 1, ordinal + 1)
            let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
            if number > [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] { (month, number) = (month + 1, 1) }
            if month > 12 { (year, month, ordinal) = (year + 1, 1, 1) }
        }
        #expect(Day(year: 1970, month: 1, day: 1)?.number == 0)
    }

    @Test(arguments: [
        ("2026-12-31", 53), ("2027-01-01", 53), ("2027-01-03", 53), ("2027-01-04", 1), ("2020-12-31", 53), ("2021-01-04", 1), ("2008-12-29", 1), ("2010-01-03", 53),
        ("1969-12-29", 1),
        ("1963-12-31", 1), ("2000-01-02", 52),
    ])
    func weeksAreThoseOfISO8601(day: String, week: Int) {
        #expect(Day(parsing: day)?.isoWeek == week)
    }

    @Test(arguments: ["2027-02-29", "2027-13-01", "2027-00-10", "2027-04-31", "0000-01-01", "2027-1-1", "27-01-01", "2027/01/01", "2027-01-01 ", "+027-01-01", "２０２７-01-01"])
    func refusesDaysThatAreNot(text: String) {
        #expect(Day(parsing: text) == nil)
    }

    @Test(arguments: [
        ("2027-01-31", 1, "2027-02-28"), ("2028-01-31", 1, "2028-02-29"), ("2027-03-31", -1, "2027-02-28"), ("2027-01-15", -13, "2025-12-15"), ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", -48, "2024-02-29"), ("2027-12-31", 2, "2028-02-29"), ("0001-01-31", -1, "0001-01-01"), ("9999-12-31", 1, "9999-12-31"), ("2027-05-31", 0, "2027-05-31"),
    ])
    func monthsKeepTheDayOrTakeTheLast(from: String, months: Int, to: String) {
        #expect(Day(parsing: from)?.adding(months: months).description == to)
    }

    @Test(arguments: [("1 year", "2026-02-01"), ("18 months", "2025-08-01"), ("2 weeks", "2027-01-18"), ("1 day", "2027-01-31"), ("999999 years", "0001-01-01")])
    func durationsMoveDays(text: String, expected: String) throws {
        let duration = try #require(CalendarDuration(parsing: text))
        #expect(duration.moved(try #require(Day(parsing: "2027-02-01")), backwards: true).description == expected)
        #expect(duration.description == text)
    }

    @Test(arguments: ["", "1", "days", "0 days", "-1 day", "1  day", "1 fortnight", "1.5 days", "1day", "1 days ago", "1000000 days"])
    func refusesDurationsThatAreNot(text: String) {
        #expect(CalendarDuration(parsing: text) == nil)
    }

    @Test(arguments: [
        ("2026-11-24T09:00:00+01:00", "2026-11-24T08:00:00Z"), ("2026-11-24t09:00:00z", "2026-11-24T09:00:00Z"), ("2026-11-24 09:00:00.5-00:30", "2026-11-24T09:30:00Z"),
        ("1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59Z"), ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
    ])
    func readsInstants(text: String, written: String) {
        #expect(Instant(rfc3339: text)?.description == written)
    }

    @Test(arguments: [
        "2026-11-24", "2026-11-24T09:00Z", "2026-11-24T09:00:00", "2026-11-24T24:00:00Z", "2026-11-24T09:00:60Z", "2026-11-24T09:00:00+1:00", "2026-11-24T09:00:00.Z",
        "2026-11-24T09:00:00Zx", "2026-02-30T09:00:00Z",
    ])
    func refusesInstantsThatAreNot(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test func localTimesAreReadAndWritten() {
        #expect(LocalTime(parsing: "2027-03-01 09:05")?.description == "2027-03-01 09:05")
        #expect(LocalTime(parsing: "2027-03-01 09:05:07")?.description == "2027-03-01 09:05:07")
        for text in ["2027-03-01T09:05", "2027-03-01 24:00", "2027-03-01 9:05", "2027-02-30 09:05", "2027-03-01 09:05:60", "2027-03-01 09:05:7"] {
            #expect(LocalTime(parsing: text) == nil)
        }
        #expect(LocalTime(ticks: -1).description == "1969-12-31 23:59:59")
    }
}
