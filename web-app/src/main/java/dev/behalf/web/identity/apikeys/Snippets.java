package dev.behalf.web.identity.apikeys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

/** The code snippets to copy. Each is a file of its own, so that a test can run it. */
@Component
class Snippets {

  /** The placeholder for a key. */
  static final String NO_KEY = "bh_test_…";

  /**
   * A snippet.
   *
   * @param id name of its file, such as {@code curl}
   */
  record Snippet(String id, String text) {}

  /** Returns the snippets for a first call, in display order. */
  List<Snippet> firstCall(String site, String key) {
    return some(site, key, "curl", "java", "python", "cli");
  }

  /** Returns the snippets that show where a new key goes. */
  List<Snippet> newKey(String site, String key) {
    return some(site, key, "environment", "curl", "java", "python");
  }

  private static List<Snippet> some(String site, String key, String... ids) {
    return Arrays.stream(ids)
        .map(id -> new Snippet(id, read(id).replace("{{site}}", site).replace("{{key}}", key)))
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
