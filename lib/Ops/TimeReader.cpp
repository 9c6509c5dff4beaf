#include "Ops/TimeLetters.h"
#include <algorithm>

using namespace xcs;

namespace {

/// Reads a text by a format, from left to right.
class TimeReader {
public:
  /// `isExact`: numbers have all their digits, as RFC 3339 wants it.
  TimeReader(std::string_view text, bool isExact, std::string &why)
      : text(text), isExact(isExact), why(why) {}

  bool apply(std::string_view format) {
    for (size_t i = 0; i < format.size(); ++i) {
      if (format[i] != '%' || i + 1 == format.size()) {
        if (!expect(format.substr(i, 1)))
          return false;
        continue;
      }
      const char letter = format[++i];
      const std::string_view longer = timeLetters(letter);
      if (longer.empty() ? !readLetter(letter) : !apply(longer))
        return false;
    }
    return true;
  }

  bool expect(std::string_view wanted) {
    if (eat(wanted))
      return true;
    why = "`" + std::string(wanted) + "` is missing at byte " + std::to_string(at);
    return false;
  }

  /// `Z`, or hours and minutes with a sign; with a colon, or perhaps without it.
  bool readOffset(bool needsColon) {
    offset = 0;
    if (eat("Z") || eat("z"))
      return true;
    const bool isNegative = at < text.size() && text[at] == '-';
    unsigned hours = 0, minutes = 0;
    if (!eat("+") && !eat("-")) {
      why = "an offset is missing at byte " + std::to_string(at) + ": `Z`, or one like `+01:00`";
      return false;
    }
    if (!number(2, 2, 0, 23, hours, "hour of the offset") || (!eat(":") && needsColon && !expect(":")) ||
        !number(2, 2, 0, 59, minutes, "minute of the offset"))
      return false;
    offset = (hours * hourLength + minutes * minuteLength) * (isNegative ? -1 : 1);
    return true;
  }

  bool eat(std::string_view wanted) {
    const bool found = text.substr(at, wanted.size()) == wanted;
    at += found ? wanted.size() : 0;
    return found;
  }

  bool finish(int64_t &instant) {
    if (at < text.size()) {
      why = "there is more text from byte " + std::to_string(at) + " on";
      return false;
    }
    if (isHalf)
      parts.hour = parts.hour % 12 + (isAfternoon ? 12 : 0);
    if (!found(instant))
      return false;
    return isConsistent(instant);
  }

private:
  /// Whether what the text says twice is the same both times.
  bool isConsistent(int64_t instant) {
    if (isUtc && offset != 0) {
      why = "it names UTC beside another offset";
      return false;
    }
    // The date is that of the text, not of UTC.
    const unsigned real = seconds ? timePartsOf(instant).weekday : weekdayOf(parts);
    if (weekday && weekday != real) {
      why = "its date is a " + std::string(weekdayNames[real - 1]);
      return false;
    }
    return true;
  }

  bool found(int64_t &instant) {
    std::optional<int64_t> made;
    if (seconds) {
      const WideTime exact = WideTime(*seconds) * perSecond + parts.nanosecond;
      if (exact >= INT64_MIN && exact <= INT64_MAX)
        made = static_cast<int64_t>(exact);
    } else {
      made = instantAt(parts, offset);
    }
    if (made)
      instant = *made;
    else
      why = "there is no such point in time between the years 1677 and 2262";
    return made.has_value();
  }

  /// `least` to `most` digits that tell a number from `first` to `last`.
  bool number(size_t least, size_t most, unsigned first, unsigned last, unsigned &out,
              std::string_view what) {
    size_t size = 0;
    unsigned read = 0;
    while (size < most && at + size < text.size() && text[at + size] >= '0' && text[at + size] <= '9')
      read = read * 10 + static_cast<unsigned>(text[at + size++] - '0');
    if (size < least || read < first || read > last) {
      why = "the " + std::string(what) + " at byte " + std::to_string(at) + " is not a number of " +
            (least == most ? "" : std::to_string(least) + " to ") + std::to_string(most) + " digits from " +
            std::to_string(first) + " to " + std::to_string(last);
      return false;
    }
    at += size;
    out = read;
    return true;
  }

  bool twoDigits(unsigned first, unsigned last, unsigned &out, std::string_view what) {
    return number(isExact ? 2 : 1, 2, first, last, out, what);
  }

  /// The digits after a decimal point.
  bool fraction() {
    const size_t start = at;
    unsigned read = 0;
    if (!number(1, 9, 0, 999'999'999, read, "fraction of a second"))
      return false;
    for (size_t digits = at - start; digits < 9; ++digits)
      read *= 10;
    parts.nanosecond = read;
    return true;
  }

  bool sinceEpoch() {
    const bool isNegative = eat("-");
    int64_t read = 0;
    size_t size = 0;
    while (size < 11 && at < text.size() && text[at] >= '0' && text[at] <= '9') {
      read = read * 10 + (text[at++] - '0');
      ++size;
    }
    if (size == 0)
      why = "there is no number of seconds at byte " + std::to_string(at);
    seconds = isNegative ? -read : read;
    return size != 0;
  }

  /// One of the names, in full or its first three letters; whatever its case.
  template <size_t count>
  bool name(const std::array<std::string_view, count> &names, unsigned &out, std::string_view what) {
    auto stands = [&](std::string_view wanted) {
      return at + wanted.size() <= text.size() &&
             std::equal(wanted.begin(), wanted.end(), text.begin() + static_cast<ptrdiff_t>(at),
                        [](char a, char b) { return (a | 0x20) == (b | 0x20); });
    };
    for (size_t i = 0; i < count; ++i)
      for (std::string_view wanted : {names[i], names[i].substr(0, 3)})
        if (stands(wanted)) {
          at += wanted.size();
          out = static_cast<unsigned>(i) + 1;
          return true;
        }
    why = "there is no name of a " + std::string(what) + " at byte " + std::to_string(at);
    return false;
  }

  bool halfOfDay() {
    isHalf = true;
    isAfternoon = eat("PM") || eat("pm");
    if (isAfternoon || eat("AM") || eat("am"))
      return true;
    why = "there is neither `AM` nor `PM` at byte " + std::to_string(at);
    return false;
  }

  bool year(bool isShort) {
    unsigned read = 0;
    if (!(isShort ? number(2, 2, 0, 99, read, "year") : number(4, 4, 0, 9999, read, "year")))
      return false;
    parts.year = isShort ? read + (read < 69 ? 2000 : 1900) : read;
    return true;
  }

  bool readLetter(char letter) {
    switch (letter) {
    case 'a':
    case 'A':
      return name(weekdayNames, weekday, "weekday");
    case 'b':
    case 'B':
    case 'h':
      return name(monthNames, parts.month, "month");
    case 'e':
      eat(" ");
      return twoDigits(1, 31, parts.day, "day");
    case 'd':
      return twoDigits(1, 31, parts.day, "day");
    case 'f':
    case 'N':
      return fraction();
    case 'H':
      return twoDigits(0, 23, parts.hour, "hour");
    case 'I':
      return twoDigits(1, 12, parts.hour, "hour");
    case 'm':
      return twoDigits(1, 12, parts.month, "month");
    case 'M':
      return twoDigits(0, 59, parts.minute, "minute");
    case 'p':
      return halfOfDay();
    case 's':
      return sinceEpoch();
    case 'S':
      return twoDigits(0, 60, parts.second, "second");
    case 'y':
    case 'Y':
      return year(letter == 'y');
    case 'z':
      return readOffset(false);
    case 'Z':
      isUtc = true;
      return eat("UTC") || eat("GMT") || expect("UTC");
    default:
      return expect(std::string_view(&letter, 1));
    }
  }

  std::string_view text;
  bool isExact;
  std::string &why;
  size_t at = 0;
  TimeParts parts;
  int64_t offset = 0; // of the text, in seconds
  std::optional<int64_t> seconds;
  unsigned weekday = 0; // 0: not told
  bool isHalf = false, isAfternoon = false;
  bool isUtc = false; // the text names the zone
};

} // namespace

bool xcs::parseRfc3339(std::string_view text, int64_t &instant, std::string &why) {
  TimeReader reader(text, true, why);
  return reader.apply("%Y-%m-%d") && (reader.eat("t") || reader.eat(" ") || reader.expect("T")) &&
         reader.apply("%H:%M:%S") && (!reader.eat(".") || reader.apply("%N")) && reader.readOffset(true) &&
         reader.finish(instant);
}

bool xcs::parseTime(std::string_view text, std::string_view format, int64_t &instant, std::string &why) {
  TimeReader reader(text, false, why);
  return reader.apply(format) && reader.finish(instant);
}
