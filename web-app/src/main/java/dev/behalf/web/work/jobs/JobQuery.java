package dev.behalf.web.work.jobs;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobState;
import dev.behalf.contract.Period;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StorableText;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.UuidV7;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A query for jobs: words and filters such as {@code refund state:failed since:1h}, combined with
 * AND. A word, or several in quotes, is found in the input, in the result and as the short id. The
 * filters are {@code state} (one or more, separated by commas), {@code op}, {@code code}, {@code
 * key} (the key that submitted the job or was used to charge it), {@code tag}, {@code meta.NAME}
 * (metadata under a name), {@code batch}, {@code id} (whole or short), {@code sort} (newest,
 * oldest), {@code since} and {@code until} (a time, a day, or an age: 30m, 12h, 7d).
 */
public final class JobQuery {

  private static final Pattern WORD =
      Pattern.compile(
          "([a-z]+(?:\\.[A-Za-z0-9._-]+)?):(?:\"([^\"]*)\"|(\\S+))|\"([^\"]+)\"|(\\S+)");
  private static final Pattern AGO = Pattern.compile("(\\d{1,5})([smhdw])");
  private static final int MAX_LENGTH = 500;

  /** Earliest and latest time that fit into a job id; any other time would overflow. */
  private static final Instant FIRST = Instant.EPOCH;

  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  /** Matches every state of a job that has not ended. */
  private static final String OPEN = "open";

  /** What the filter of a name of the metadata begins with. */
  private static final String META = "meta.";

  /** The names that an operation can have; one that is retired is still found. */
  private static final Pattern OPERATION = Pattern.compile("[a-z][a-z0-9-]{0,62}");

  /** Form of a short id, the last characters of a job's id. */
  private static final Pattern SHORT_ID = Pattern.compile("[0-9a-f]{8}");

  /**
   * Words are looked for in this number of jobs, the newest of the time range: they have no index.
   */
  static final int MOST_SEARCHED = 10_000;

  /** Characters of an input and of a result, from the start, that are searched for words. */
  private static final int SEARCHED_CHARACTERS = 2_000;

  private static final int MAX_WORDS = 5;

  /** Stands where the condition on the environment of a searched job {@code w} belongs. */
  private static final String OF_ENVIRONMENT = "${of_environment}";

  /** What the parameter of a short id begins with. */
  private static final String SHORT = "short_";

  private final String text;
  private final String fixedText;
  private final List<String> filters;
  private final boolean oldestFirst;
  private final List<String> conditions;
  private final Map<String, Object> parameters;

  private JobQuery(
      String text,
      String fixedText,
      List<String> filters,
      boolean oldestFirst,
      List<String> conditions,
      Map<String, Object> parameters) {
    this.text = text;
    this.fixedText = fixedText;
    this.filters = filters;
    this.oldestFirst = oldestFirst;
    this.conditions = conditions;
    this.parameters = parameters;
  }

  /**
   * Parses a query.
   *
   * @param now time from which ages such as 1h count back
   * @throws Problem {@code payload_invalid} about {@code q}, with what is wrong
   */
  public static JobQuery parse(String text, Instant now) {
    if (text.length() > MAX_LENGTH) {
      throw fault(
              "Keep the query within " + MAX_LENGTH + " characters, with its times written out.")
          .inWords("jobs.fault.length", MAX_LENGTH);
    }
    if (!StorableText.isStorable(text)) {
      throw fault("The query contains U+0000 or an unpaired surrogate: remove it.")
          .inWords("jobs.fault.text");
    }
    var conditions = new ArrayList<String>();
    var parameters = new LinkedHashMap<String, Object>();
    var filters = new ArrayList<String>();
    var fixed = new ArrayList<String>();
    var found = new ArrayList<String>();
    var oldestFirst = false;
    var words = WORD.matcher(text);
    while (words.find()) {
      filters.add(words.group());
      var word = words.group(4) == null ? words.group(5) : words.group(4);
      if (word != null) {
        found.add(word);
        fixed.add(words.group());
        continue;
      }
      var value = words.group(2) == null ? words.group(3) : words.group(2);
      if (words.group(1).equals("sort")) {
        oldestFirst = value.equals("oldest");
      }
      add(words.group(1), value, now, conditions, parameters);
      fixed.add(
          AGO.matcher(value).matches()
              ? words.group(1) + ":" + instant(value, now)
              : words.group());
    }
    var range = range(conditions);
    if (!found.isEmpty() || parameters.keySet().stream().anyMatch(JobQuery::isShortId)) {
      conditions.add("j.id >= " + oldestSearched(range));
      // Later jobs would move the range that is searched.
      fixed.add("until:" + now.plusMillis(1).truncatedTo(ChronoUnit.MILLIS));
    }
    addWords(found, range, conditions, parameters);
    return new JobQuery(
        text.strip(),
        String.join(" ", fixed),
        List.copyOf(filters),
        oldestFirst,
        List.copyOf(conditions),
        Map.copyOf(parameters));
  }

  /** Returns the conditions on the time of a job, as conditions on another row's column. */
  private static UnaryOperator<String> range(List<String> conditions) {
    var ofTime =
        conditions.stream()
            .filter(
                condition -> condition.startsWith("j.id >= ") || condition.startsWith("j.id < "))
            .toList();
    return column ->
        ofTime.stream()
            .map(condition -> " and " + condition.replaceFirst("^j\\.id", column))
            .collect(Collectors.joining());
  }

  /**
   * Returns the id of the oldest job that is searched, as a subquery that PostgreSQL runs once. A
   * list of all ids would be joined with the jobs, which takes three times as long.
   */
  private static String oldestSearched(UnaryOperator<String> range) {
    return "coalesce((select w.id from jobs.jobs w where w.user_id = :user"
        + OF_ENVIRONMENT
        + range.apply("w.id")
        + " order by w.id desc offset "
        + (MOST_SEARCHED - 1)
        + " limit 1), '"
        + new UUID(0, 0)
        + "')";
  }

  private static void addWords(
      List<String> words,
      UnaryOperator<String> range,
      List<String> conditions,
      Map<String, Object> parameters) {
    if (words.size() > MAX_WORDS) {
      throw fault("Search for at most " + MAX_WORDS + " words, or put them in quotes.")
          .inWords("jobs.fault.words", MAX_WORDS);
    }
    for (var word : words) {
      var name = "word" + parameters.size();
      // The results are read in one go: to look up the result of each job takes longer.
      conditions.add(
          ("(left(j.payload, %2$d) ilike :%1$s or (j.id, j.environment) in"
                  + " (select r.job_id, r.environment from compute.results r where r.user_id = :user"
                  + "%3$s and r.job_id >= %4$s and left(r.result, %2$d) ilike :%1$s)"
                  + " or right(j.id::text, 8) = lower(:%1$sid))")
              .formatted(
                  name, SEARCHED_CHARACTERS, range.apply("r.job_id"), oldestSearched(range)));
      parameters.put(name, "%" + word.replaceAll("([\\\\%_])", "\\\\$1") + "%");
      parameters.put(name + "id", word);
    }
  }

  /**
   * Returns the same query with absolute times instead of ages, so that a stored query keeps its
   * meaning. {@link #parse} accepts its text.
   *
   * @throws Problem if the query is too long with its times written out
   */
  public JobQuery fixed(Instant now) {
    return parse(fixedText, now);
  }

  /** Returns the text of the query for the jobs of a billing period. */
  public static String within(Period period) {
    return between(period.month().atDay(1), period.next().month().atDay(1));
  }

  /**
   * Returns the text of the query for the jobs submitted between two days in UTC, {@code since}
   * included and {@code until} excluded.
   */
  public static String between(LocalDate since, LocalDate until) {
    return "since:" + since + " until:" + until;
  }

  private static void add(
      String word,
      String value,
      Instant now,
      List<String> conditions,
      Map<String, Object> parameters) {
    if (word.startsWith(META)) {
      addMetadata(word.substring(META.length()), value, conditions, parameters);
      return;
    }
    var name = word + parameters.size();
    switch (word) {
      case "state" -> conditions.add(states(value));
      case "op" -> {
        conditions.add("j.operation = :" + name);
        parameters.put(name, operation(value));
      }
      case "code" -> {
        conditions.add("j.code = :" + name);
        parameters.put(name, value);
      }
      case "key" -> {
        conditions.add("(j.key_id = :" + name + " or j.origin_key_id = :" + name + ")");
        parameters.put(name, value);
      }
      case "tag" -> {
        conditions.add("j.tags @> array[:" + name + "]::text[]");
        parameters.put(name, value);
      }
      case "batch" -> {
        conditions.add("j.batch_id = :" + name);
        parameters.put(name, uuid(value));
      }
      case "id" -> {
        var isShort = SHORT_ID.matcher(value).matches();
        if (isShort) {
          name = SHORT + name;
        }
        conditions.add((isShort ? "right(j.id::text, 8) = :" : "j.id = :") + name);
        parameters.put(name, isShort ? value : uuid(value));
      }
      case "since" -> {
        conditions.add("j.id >= :" + name);
        parameters.put(name, UuidV7.first(instant(value, now)));
      }
      case "until" -> {
        conditions.add("j.id < :" + name);
        parameters.put(name, UuidV7.first(instant(value, now)));
      }
      case "sort" -> {
        if (!value.equals("oldest") && !value.equals("newest")) {
          throw fault("Sort by sort:newest or sort:oldest.").inWords("jobs.fault.sort");
        }
      }
      default ->
          throw fault(
                  "\""
                      + word
                      + "\" is not a filter: use state, op, code, key, tag, meta.NAME, batch, id, since, until or sort.")
              .inWords("jobs.fault.word", word);
    }
  }

  private static void addMetadata(
      String name, String value, List<String> conditions, Map<String, Object> parameters) {
    var parameter = "meta" + parameters.size();
    conditions.add("j.metadata @> :" + parameter + "::jsonb");
    parameters.put(parameter, StrictJson.text(Map.of(name, value)));
  }

  private static String states(String value) {
    var names = List.of(value.split(",", -1));
    var any = names.stream().map(JobQuery::state).collect(Collectors.joining(" or ", "(", ")"));
    // PostgreSQL uses the partial index of unsuccessful jobs only if the query repeats its
    // condition.
    return names.stream().allMatch(JobQuery::isUnsuccessful)
        ? "j.state " + JobState.in(JobState::isUnsuccessful) + " and " + any
        : any;
  }

  private static String state(String name) {
    return name.equals(OPEN)
        ? "(j.state " + JobState.in(JobState::isOpen) + ")"
        : ShownState.of(name)
            .map(ShownState::sql)
            .orElseThrow(
                () -> {
                  var known = String.join(", ", stateNames());
                  return fault("Unknown state: " + name + ". Use one of " + known + ".")
                      .inWords("jobs.fault.state", name, known);
                });
  }

  private static boolean isUnsuccessful(String name) {
    return ShownState.of(name).filter(ShownState::isUnsuccessful).isPresent();
  }

  /** Returns the states that {@code state:} accepts, in the order of a job's life. */
  public static List<String> stateNames() {
    return Stream.concat(Stream.of(OPEN), Arrays.stream(ShownState.values()).map(ShownState::wire))
        .toList();
  }

  private static boolean isShortId(String parameter) {
    return parameter.startsWith(SHORT);
  }

  private static String operation(String value) {
    if (!OPERATION.matcher(value).matches()) {
      throw fault("No operation is called " + value + ": GET /api/v1/operations lists the names.")
          .inWords("jobs.fault.operation", value);
    }
    return value;
  }

  private static UUID uuid(String value) {
    try {
      return UUID.fromString(value);
    } catch (IllegalArgumentException none) {
      throw fault("\"" + value + "\" is not an id: use a UUID.").inWords("jobs.fault.id", value);
    }
  }

  private static Instant instant(String value, Instant now) {
    var ago = AGO.matcher(value);
    if (ago.matches()) {
      var count = Long.parseLong(ago.group(1));
      var then =
          now.minus(
              switch (ago.group(2)) {
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                case "d" -> Duration.ofDays(count);
                default -> Duration.ofDays(7 * count);
              });
      return then.isBefore(FIRST) ? FIRST : then.truncatedTo(ChronoUnit.MILLIS);
    }
    try {
      var time =
          value.length() == 10
              ? LocalDate.parse(value).atStartOfDay(ZoneOffset.UTC).toInstant()
              : Instant.parse(value.toUpperCase(Locale.ROOT));
      if (time.isBefore(FIRST) || time.isAfter(LAST)) {
        throw new DateTimeException("out of range");
      }
      return time;
    } catch (DateTimeException none) {
      throw fault(
              "\"" + value + "\" is not a time: use 1h, 7d, 2026-11-24 or 2026-11-24T10:00:00Z.")
          .inWords("jobs.fault.time", value);
    }
  }

  private static Problem fault(String sentence) {
    return new Problem(ProblemCode.PAYLOAD_INVALID, sentence).about("q");
  }

  /** Returns the query as its author wrote it. */
  public String text() {
    return text;
  }

  boolean isOldestFirst() {
    return oldestFirst;
  }

  JobQuery newestFirst() {
    return new JobQuery(text, fixedText, filters, false, conditions, parameters);
  }

  /** Returns the words and filters as their author wrote them. */
  List<String> filters() {
    return filters;
  }

  /**
   * Returns the conditions on {@code jobs.jobs j}, each preceded by "and".
   *
   * @param environment the only environment to search; null for both
   */
  String sql(@Nullable Environment environment) {
    var of = environment == null ? "" : " and w.environment = '" + environment.wire() + "'";
    return conditions.stream()
        .map(condition -> " and " + condition.replace(OF_ENVIRONMENT, of))
        .reduce("", String::concat);
  }

  /** Returns whether jobs have to be read to find out whether they match. */
  boolean isSearch() {
    return conditions.stream().anyMatch(condition -> condition.contains(OF_ENVIRONMENT));
  }

  Map<String, Object> parameters() {
    return parameters;
  }
}
