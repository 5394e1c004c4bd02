package dev.behalf.web.identity.apikeys;

import dev.behalf.contract.JobPayload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

/** The code snippets to copy. Each is a file of its own, so that a test can run it. */
@Component
public class Snippets {

  /** The placeholder for a key. */
  public static final String NO_KEY = "bh_test_…";

  /** The job that the snippets queue; the work area implements it. */
  public interface ExampleJob {

    /** Returns the payload of a small job that everybody may queue. */
    JobPayload payload();
  }

  private final ExampleJob example;

  Snippets(ExampleJob example) {
    this.example = example;
  }

  /**
   * A snippet.
   *
   * @param id name of its file, such as {@code curl}
   */
  public record Snippet(String id, String text) {}

  /** Returns the snippets for a first call, in display order. */
  List<Snippet> firstCall(String site, String key) {
    return call(site, key, example.payload());
  }

  /** Returns the snippets that queue a job, in display order. */
  public List<Snippet> call(String site, String key, JobPayload payload) {
    return some(site, key, payload, "curl", "python", "typescript", "java", "cli");
  }

  /** Returns the snippets that show where a new key goes. */
  List<Snippet> newKey(String site, String key) {
    return some(site, key, example.payload(), "environment", "curl", "java", "python");
  }

  private static List<Snippet> some(String site, String key, JobPayload payload, String... ids) {
    return Arrays.stream(ids)
        .map(
            id ->
                new Snippet(
                    id,
                    Literals.fill(read(id), payload)
                        .replace("{{site}}", site)
                        .replace("{{key}}", key)))
        .toList();
  }

  private static String read(String id) {
    try {
      return new ClassPathResource("snippets/" + id).getContentAsString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
