package dev.example.site;

import dev.behalf.spring.engine.BehalfEngine;
import dev.behalf.spring.engine.EngineContext;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** The other side of the button: the engine of an operation, which Behalf calls. */
@Component
class Capitals {

  static final String NAME = "capitals";
  static final int LONGEST = 2_000;

  private static final Duration PAUSE = Duration.ofMillis(300);
  private static final Pattern WORD = Pattern.compile("\\S+\\s*");

  /** The input. */
  record Text(@NotBlank @Size(max = LONGEST) String text) {}

  /** The result. */
  record Written(String text) {}

  /**
   * Writes a text in capital letters, one word at a time. When the job is cancelled, the thread is
   * interrupted, and {@code sleep} throws: nothing else is needed to stop.
   */
  @BehalfEngine(
      value = NAME,
      definition =
          """
          title: Capitals
          description: Writes a text in capital letters, word by word.
          examples:
            - title: A sentence
              input: {text: Work that takes a while is shown as it comes}
          units: {name: word, metered: {max: {characters: text}}}
          run: long
          limits: {run_within: 1h, silence: 30s, at_once: 8}
          """)
  Written write(Text input, EngineContext context) throws InterruptedException {
    var words = WORD.matcher(input.text()).results().map(MatchResult::group).toList();
    var written = new StringBuilder();
    for (int done = 1; done <= words.size(); done++) {
      Thread.sleep(PAUSE);
      var capitals = words.get(done - 1).toUpperCase(Locale.ROOT);
      written.append(capitals);
      context.output(capitals);
      context.progress((double) done / words.size(), done + " of " + words.size() + " words");
      context.units(done); // a cancelled job costs what was written until then
    }
    return new Written(written.toString());
  }
}
