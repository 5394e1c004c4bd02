package dev.behalf.web.identity.platforms;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.contract.WireName;
import dev.behalf.server.problem.JsonBody;
import dev.behalf.server.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Creates or changes many users from JSON lines. Each line stands for itself: the answer has one
 * line for it, in the same order, and a line with a fault changes nothing for the others.
 */
@Component
class UserImport {

  /** JSON lines (https://jsonlines.org), under the type that most software gives them. */
  static final String TYPE = "application/x-ndjson";

  private static final int MAX_BYTES = 8 * 1024 * 1024;
  private static final int MAX_LINES = 10_000;

  /** Users of one transaction. */
  private static final int AT_ONCE = 100;

  private static final String TOO_LARGE =
      "Send at most 10,000 lines and 8 MiB at once: nothing was stored.";

  private final Platforms platforms;
  private final PlatformUsers users;

  /** The platforms whose imports are under way: each holds its body in memory. */
  private final Set<UUID> running = ConcurrentHashMap.newKeySet();

  UserImport(Platforms platforms, PlatformUsers users) {
    this.platforms = platforms;
    this.users = users;
  }

  /** A line of the body: the external id, and what a request for one user has. */
  record Line(
      @Nullable String externalId,
      @Nullable String name,
      @Nullable String email,
      UserProperties.@Nullable UserQuota quota,
      @Nullable List<String> permissions,
      @Nullable Map<String, String> metadata) {

    PlatformUsers.Asked asked() {
      return new PlatformUsers.Asked(
          Objects.requireNonNullElse(externalId, ""),
          new UserProperties(name, email, quota, permissions, metadata));
    }
  }

  enum Outcome implements WireName {
    CREATED,
    CHANGED,
    UNCHANGED,
    FAILED
  }

  /**
   * A line of the answer.
   *
   * @param line number of the line in the body, from 1
   * @param code what is wrong with it, if it failed
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Answer(
      int line,
      Outcome outcome,
      @Nullable String externalId,
      @Nullable UUID userId,
      @Nullable ProblemCode code,
      @Nullable String detail,
      @Nullable String field) {

    static Answer of(int line, PlatformUsers.Put put) {
      var outcome = Outcome.valueOf(put.done().name());
      var user = put.user();
      return new Answer(line, outcome, user.externalId(), user.userId(), null, null, null);
    }

    static Answer of(int line, @Nullable String externalId, Problem problem) {
      return new Answer(
          line,
          Outcome.FAILED,
          externalId,
          null,
          problem.code(),
          problem.detail(),
          problem.field());
    }
  }

  /** A line that can be tried. */
  private record Ready(int number, PlatformUsers.Asked asked) {}

  /**
   * Reads the whole body, and then writes the answers as the users are stored.
   *
   * @throws Problem if the body is too large; then no line has been tried
   */
  void run(PlatformCaller caller, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (!running.add(caller.platformId())) {
      throw new Problem(ProblemCode.RATE_LIMITED, "Send one import at a time.")
          .with("Retry-After", "5");
    }
    try {
      var lines = lines(request);
      response.setContentType(TYPE);
      for (int first = 0; first < lines.size(); first += AT_ONCE) {
        var next = lines.subList(first, Math.min(first + AT_ONCE, lines.size()));
        for (var answer : answers(caller, first + 1, next)) {
          response.getOutputStream().write(StrictJson.write(answer));
          response.getOutputStream().write('\n');
        }
        // The client sees how far it has come.
        response.flushBuffer();
      }
    } finally {
      running.remove(caller.platformId());
    }
  }

  private static List<String> lines(HttpServletRequest request) throws IOException {
    var body = JsonBody.bytes(request, MAX_BYTES, TOO_LARGE);
    // As bytes until a line is read as UTF-8, and no more lines than one too many.
    var lines = new String(body, StandardCharsets.ISO_8859_1).split("\n", MAX_LINES + 2);
    int count = lines.length - (lines[lines.length - 1].isEmpty() ? 1 : 0);
    if (count > MAX_LINES) {
      throw new Problem(ProblemCode.PAYLOAD_TOO_LARGE, TOO_LARGE);
    }
    return Arrays.asList(lines).subList(0, count);
  }

  /** Returns the answers to some lines; blank lines have none. */
  private List<Answer> answers(PlatformCaller caller, int first, List<String> lines) {
    var answers = new ArrayList<Answer>();
    var ready = new ArrayList<Ready>();
    for (int i = 0; i < lines.size(); i++) {
      int number = first + i;
      if (!lines.get(i).isBlank()) {
        read(caller, number, lines.get(i), ready, answers);
      }
    }
    answers.addAll(store(caller, ready));
    answers.sort(Comparator.comparingInt(Answer::line));
    return answers;
  }

  private static void read(
      PlatformCaller caller, int number, String line, List<Ready> ready, List<Answer> answers) {
    try {
      var asked = StrictJson.read(line.getBytes(StandardCharsets.ISO_8859_1), Line.class).asked();
      asked.check(caller);
      ready.add(new Ready(number, asked));
    } catch (StrictJson.Unreadable unreadable) {
      answers.add(Answer.of(number, null, Problem.of(unreadable)));
    } catch (Problem problem) {
      answers.add(Answer.of(number, null, problem));
    }
  }

  /** Stores users together and, if that fails, one by one, so that one fault stays alone. */
  private List<Answer> store(PlatformCaller caller, List<Ready> ready) {
    if (platforms.client(caller.principal().client().clientId()).isEmpty()) {
      var ended = new Problem(ProblemCode.TOKEN_INVALID, "The platform or its client has ended.");
      return ready.stream().map(each -> failed(each, ended)).toList();
    }
    try {
      var stored = users.putAll(caller, ready.stream().map(Ready::asked).toList());
      var answers = new ArrayList<Answer>();
      for (int i = 0; i < stored.size(); i++) {
        answers.add(Answer.of(ready.get(i).number(), stored.get(i)));
      }
      return answers;
    } catch (TransactionException | DataAccessResourceFailureException unavailable) {
      return ready.stream().map(each -> failed(each, Problem.unavailable())).toList();
    } catch (DataAccessException one) {
      return ready.stream().map(each -> storeAlone(caller, each)).toList();
    }
  }

  private Answer storeAlone(PlatformCaller caller, Ready ready) {
    try {
      return Answer.of(ready.number(), users.put(caller, ready.asked()));
    } catch (DataAccessException | TransactionException failed) {
      return failed(ready, Problem.unavailable());
    }
  }

  private static Answer failed(Ready ready, Problem problem) {
    return Answer.of(ready.number(), ready.asked().externalId(), problem);
  }
}
