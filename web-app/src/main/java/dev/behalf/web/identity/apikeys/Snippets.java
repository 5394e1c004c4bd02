package dev.behalf.web.identity.apikeys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

/** Programs to copy: files of their own, so that a test can run them. */
@Component
class Snippets {

  /** What stands for a key where there is none. */
  static final String NO_KEY = "bh_test_…";

  /**
   * One of them.
   *
   * @param id for what it is, such as {@code curl}
   */
  record Snippet(String id, String text) {}

  /** What to show of a first call, in this order. */
  List<Snippet> firstCall(String site, String key) {
    return some(site, key, "curl", "java", "python", "cli");
  }

  /** Where a new key goes. */
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
