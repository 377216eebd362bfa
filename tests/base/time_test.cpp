// Instants and their wire forms: each form is written in one way and read in that way alone.
#include "base/time.h"

#include <gtest/gtest.h>

#include <string>

#include "base/time_range.h"

namespace deputy {
namespace {

using std::chrono::milliseconds;

TEST(TimeTest, EachFormIsWritten) {
  struct Case {
    std::int64_t seconds;
    const char *iso, *basic, *http;
  };
  const Case cases[] = {
      {0, "1970-01-01T00:00:00Z", "19700101T000000Z", "Thu, 01 Jan 1970 00:00:00 GMT"},
      {86399, "1970-01-01T23:59:59Z", "19700101T235959Z", "Thu, 01 Jan 1970 23:59:59 GMT"},
      {951782400, "2000-02-29T00:00:00Z", "20000229T000000Z", "Tue, 29 Feb 2000 00:00:00 GMT"},
      {1784887872, "2026-07-24T10:11:12Z", "20260724T101112Z", "Fri, 24 Jul 2026 10:11:12 GMT"},
      {1798761599, "2026-12-31T23:59:59Z", "20261231T235959Z", "Thu, 31 Dec 2026 23:59:59 GMT"},
      {4107542400, "2100-03-01T00:00:00Z", "21000301T000000Z", "Mon, 01 Mar 2100 00:00:00 GMT"},
      {253402300799, "9999-12-31T23:59:59Z", "99991231T235959Z", "Fri, 31 Dec 9999 23:59:59 GMT"},
  };
  for (const Case& c : cases) {
    const Time t = from_epoch_seconds(c.seconds);
    EXPECT_EQ(iso8601(t), c.iso);
    EXPECT_EQ(basic_iso8601(t), c.basic);
    EXPECT_EQ(http_date(t), c.http);
    EXPECT_EQ(parse_iso8601(c.iso), t);
    EXPECT_EQ(parse_basic_iso8601(c.basic), t);
    EXPECT_EQ(parse_http_date(c.http), t);
    EXPECT_EQ(epoch_seconds(t), c.seconds);
  }
}

TEST(TimeTest, AnswersHaveWholeSeconds) {
  const Time t = from_epoch_seconds(1784887872) + milliseconds(999);
  EXPECT_EQ(iso8601(t), "2026-07-24T10:11:12Z");
  EXPECT_EQ(iso8601_millis(t), "2026-07-24T10:11:12.000Z");
  EXPECT_EQ(epoch_seconds(t), 1784887872);
  EXPECT_EQ(epoch_seconds(Time(milliseconds(-1))), -1) << "rounded down, not towards zero";
}

TEST(TimeTest, AFractionIsReadToTheMillisecond) {
  const Time t = from_epoch_seconds(1784887872);
  const std::pair<const char*, int> cases[] = {{".0", 0},      {".1", 100}, {".12", 120},      {".123", 123},
                                               {".1239", 123}, {".000", 0}, {".9999999", 999}, {".001", 1}};
  for (const auto& [fraction, millis] : cases) {
    EXPECT_EQ(parse_iso8601("2026-07-24T10:11:12" + std::string(fraction) + "Z"), t + milliseconds(millis)) << fraction;
  }
}

TEST(TimeTest, OtherFormsAreNotRead) {
  for (const char* text : {"",
                           "Z",
                           "2026-07-24",
                           "2026-07-24T10:11:12",
                           "2026-07-24T10:11Z",
                           "2026-07-24 10:11:12Z",
                           "2026-07-24t10:11:12z",
                           "2026-07-24T10:11:12+00:00",
                           "2026-07-24T10:11:12.Z",
                           "2026-07-24T10:11:12.5",
                           "2026-07-24T10:11:12,5Z",
                           "2026-7-24T10:11:12Z",
                           "26-07-24T10:11:12Z",
                           "02026-07-24T10:11:12Z",
                           "+2026-07-24T10:11:12Z",
                           "-026-07-24T10:11:12Z",
                           " 2026-07-24T10:11:12Z",
                           "2026-07-24T10:11:12Z ",
                           "20260724T101112Z",
                           "2026-07-24T10:11:12.-5Z",
                           "2026-07-24T10:11:12ZZ"}) {
    EXPECT_FALSE(parse_iso8601(text)) << text;
  }
  for (const char* text : {"", "20260724T101112", "20260724 101112Z", "2026-07-24T10:11:12Z", "20260724T101112.5Z",
                           "2026724T101112Z", "20260724T1011Z", "20260724T101112Z0"}) {
    EXPECT_FALSE(parse_basic_iso8601(text)) << text;
  }
  for (const char* text :
       {"", "24 Jul 2026 10:11:12 GMT", "Fri 24 Jul 2026 10:11:12 GMT", "Fri, 24 Jul 2026 10:11:12 UTC",
        "Fri, 24 jul 2026 10:11:12 GMT", "Fri, 4 Jul 2026 10:11:12 GMT", "Fri, 24 Jul 26 10:11:12 GMT",
        "Friday, 24-Jul-26 10:11:12 GMT", "Fri Jul 24 10:11:12 2026", "Fri, 24 Jul 2026 10:11:12 GMT "}) {
    EXPECT_FALSE(parse_http_date(text)) << text;
  }
}

TEST(TimeTest, ADateIsOneOfTheCalendar) {
  const std::pair<const char*, bool> dates[] = {
      {"2026-02-28", true},  {"2026-02-29", false}, {"2024-02-29", true},  {"2100-02-29", false}, {"2000-02-29", true},
      {"2026-04-31", false}, {"2026-12-31", true},  {"2026-13-01", false}, {"2026-00-01", false}, {"2026-01-00", false},
      {"2026-01-32", false}, {"0000-01-01", true},  {"9999-12-31", true},
  };
  for (const auto& [date, good] : dates) {
    EXPECT_EQ(parse_iso8601(std::string(date) + "T00:00:00Z").has_value(), good) << date;
  }
  for (const char* time : {"24:00:00", "23:60:00", "23:59:60", "99:99:99"}) {
    EXPECT_FALSE(parse_iso8601("2026-07-24T" + std::string(time) + "Z")) << time;
  }
}

TEST(TimeTest, WhatIsKeptHasFourDigitsOfAYear) {
  EXPECT_EQ(iso8601(kFirstTime), "1970-01-01T00:00:00Z");
  EXPECT_EQ(iso8601(kLastTime), "9999-12-31T23:59:59Z");
  EXPECT_TRUE(can_be_kept(kFirstTime));
  EXPECT_TRUE(can_be_kept(kLastTime));
  EXPECT_FALSE(can_be_kept(kFirstTime - milliseconds(1)));
  EXPECT_FALSE(can_be_kept(kLastTime + milliseconds(1)));
  EXPECT_FALSE(can_be_kept(*parse_iso8601("0000-01-01T00:00:00Z")));
  EXPECT_TRUE(can_be_present(kFirstPresent));
  EXPECT_TRUE(can_be_present(kLastPresent));
  EXPECT_FALSE(can_be_present(kFirstPresent - milliseconds(1)));
  EXPECT_FALSE(can_be_present(kLastPresent + milliseconds(1)));
  EXPECT_EQ(iso8601(kLastPresent), "6000-01-01T00:00:00Z");
}

}  // namespace
}  // namespace deputy
