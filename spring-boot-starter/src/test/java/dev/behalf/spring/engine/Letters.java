package dev.behalf.spring.engine;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Engines of a sample application. */
class Letters {

  final CountDownLatch begun = new CountDownLatch(1);
  final CountDownLatch cancelled = new CountDownLatch(1);

  enum Tone {
    WARM,
    PLAIN
  }

  record Address(String street, @Nullable String country) {}

  record Letter(
      @NotBlank @Size(max = 200) @JsonPropertyDescription("To whom it is written.") String name,
      @Min(1) @Max(3) int lines,
      Optional<Tone> tone,
      @Nullable Address address,
      @Size(max = 5) List<String> notes) {}

  record Text(String text, int lines) {}

  @BehalfEngine(
      value = "letter",
      definition =
          """
          title: {en: Write a letter, zh-CN: 写信}
          units: {name: line, metered: {max: {field: lines}}}
          examples:
            - title: To Ada
              input: {name: Ada, lines: 2, notes: [hello]}
          """)
  Text write(Letter letter, EngineContext context) {
    context.units(letter.lines());
    return new Text("Dear " + letter.name(), letter.lines());
  }

  @BehalfEngine(
      value = "long-letter",
      definition =
          """
          units: {name: line, metered: {max: {field: lines}}}
          run: long
          examples:
            - title: To Ada
              input: {name: Ada, lines: 2, notes: []}
          """)
  Text writeSlowly(Letter letter, EngineContext context) {
    for (int line = 1; line <= letter.lines(); line++) {
      context.output("line " + line + " ");
      context.progress((double) line / letter.lines(), "line " + line);
      context.units(line);
    }
    context.log("signed");
    return new Text("Dear " + letter.name(), letter.lines());
  }

  @BehalfEngine(value = "for-ever", definition = "run: long")
  Map<String, String> wait(Map<String, String> input, EngineContext context) throws Exception {
    begun.countDown();
    try {
      Thread.sleep(Duration.ofMinutes(1));
    } finally {
      if (context.isCancelled()) {
        cancelled.countDown();
      }
    }
    return input;
  }

  @BehalfEngine("echo-user")
  Map<String, String> user(Map<String, String> input, EngineContext context) {
    return Map.of("user", context.userId().toString(), "job", context.jobId().toString());
  }

  @BehalfEngine("moody")
  Map<String, String> moody(Map<String, String> input) {
    throw switch (input.getOrDefault("mood", "")) {
      case "refusing" -> EngineProblem.refused("bad_mood", "Not today.");
      case "failing" -> EngineProblem.failed("tired", "Later.");
      case "busy" -> EngineProblem.busy(Duration.ofSeconds(7));
      default -> new IllegalStateException("the secret of the database");
    };
  }

  record Noted(String text, @Nullable String note, Optional<Tone> tone) {}

  @BehalfEngine(
      value = "noted",
      definition = "examples: [{title: One, input: {name: Ada, lines: 1, notes: []}}]")
  Noted note(Letter letter) {
    return new Noted(letter.name(), null, Optional.empty());
  }

  /** A result that cannot be written. */
  @BehalfEngine("endless")
  Map<String, Object> endless(Map<String, Object> input) {
    var result = new HashMap<String, Object>();
    result.put("self", result);
    return result;
  }

  @BehalfEngine("asserting")
  Map<String, Object> asserting(Map<String, Object> input, EngineContext context) {
    context.log("begun");
    throw new AssertionError("a bug of this application");
  }

  @BehalfEngine(value = "costly", definition = "run: long")
  Map<String, Object> costly(Map<String, Object> input, EngineContext context) throws Exception {
    context.units(7);
    Thread.sleep(Duration.ofMinutes(1));
    return input;
  }

  record Strict(int lines) {
    Strict {
      if (lines > 1) {
        throw new IllegalStateException("the secret of the constructor");
      }
    }
  }

  @BehalfEngine("strict")
  Strict strict(Strict input) {
    return input;
  }

  @BehalfEngine("large")
  Map<String, String> large(Map<String, String> input) {
    return Map.of("text", "x".repeat(1_200_000));
  }

  @BehalfEngine(value = "large-long", definition = "run: long")
  Map<String, String> largeOfLong(Map<String, String> input) {
    return large(input);
  }
}
