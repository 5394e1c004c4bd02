package dev.behalf.web.work.jobs;

import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a submitter attaches to a job, to find it again. It changes nothing about the work.
 *
 * @param tags words, each once
 * @param metadata texts by name, such as the number of an order
 */
public record Annotations(List<String> tags, Map<String, String> metadata) {

  public static final Annotations NONE = new Annotations(List.of(), Map.of());

  private static final int MAX_TAGS = 10;
  private static final int MAX_METADATA = 1024;

  /** Both can stand in a query for jobs without quotation marks. */
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@/-]{0,49}");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,49}");

  /**
   * Returns what a request attaches.
   *
   * @throws Problem about the property with a fault
   */
  public static Annotations of(
      @Nullable List<String> tags, @Nullable Map<String, String> metadata) {
    return new Annotations(
        tags == null ? List.of() : checkedTags(tags),
        metadata == null ? Map.of() : checkedMetadata(metadata));
  }

  private static List<String> checkedTags(List<String> tags) {
    var distinct = tags.stream().distinct().toList();
    if (distinct.size() > MAX_TAGS
        || !distinct.stream().allMatch(tag -> tag != null && isTag(tag))) {
      throw new Problem(
              ProblemCode.PAYLOAD_INVALID,
              "Give at most 10 tags of 1 to 50 letters, digits and . _ @ / -, each beginning with a"
                  + " letter or a digit.")
          .about("tags");
    }
    return distinct;
  }

  private static Map<String, String> checkedMetadata(Map<String, String> metadata) {
    if (metadata.containsValue(null)
        || !metadata.keySet().stream().allMatch(Annotations::isName)
        || StrictJson.text(metadata).getBytes(StandardCharsets.UTF_8).length > MAX_METADATA) {
      throw new Problem(
              ProblemCode.PAYLOAD_INVALID,
              "Keep the metadata within 1,024 bytes as JSON: texts, under names of 1 to 50 letters,"
                  + " digits and . _ -, each beginning with a letter or a digit.")
          .about("metadata");
    }
    return metadata;
  }

  static boolean isTag(String text) {
    return TAG.matcher(text).matches();
  }

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Returns the tags as they are stored; null for none. */
  String @Nullable [] tagsColumn() {
    return tags.isEmpty() ? null : tags.toArray(String[]::new);
  }

  /** Returns the tags as a literal of {@code text[]}; no tag has a character to escape. */
  @Nullable String tagsLiteral() {
    return tags.isEmpty() ? null : tags.stream().collect(Collectors.joining("\",\"", "{\"", "\"}"));
  }

  /** Returns the metadata as they are stored; null for none. */
  @Nullable String metadataColumn() {
    return metadata.isEmpty() ? null : StrictJson.text(metadata);
  }

  @SuppressWarnings("unchecked") // as it was stored
  static Annotations read(ResultSet row) throws SQLException {
    @Nullable Array tags = row.getArray("tags");
    @Nullable String metadata = row.getString("metadata");
    return tags == null && metadata == null
        ? NONE
        : new Annotations(
            tags == null ? List.of() : List.of((String[]) tags.getArray()),
            metadata == null ? Map.of() : StrictJson.MAPPER.readValue(metadata, Map.class));
  }
}
