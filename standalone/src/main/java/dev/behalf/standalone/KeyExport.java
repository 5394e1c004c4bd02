package dev.behalf.standalone;

import dev.behalf.contract.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.MappingIterator;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvSchema;

/**
 * Reads keys exported from djangorestframework-api-key, as the models.py and crypto.py of its
 * version 3.1 store them.
 */
final class KeyExport {

  private static final Pattern PREFIX = Pattern.compile("[0-9A-Za-z]{8}");
  private static final Pattern SHA512 = Pattern.compile("sha512\\$\\$[0-9a-f]{128}");
  private static final Pattern PBKDF2 =
      Pattern.compile("pbkdf2_sha256\\$[1-9]\\d{0,6}\\$[^$]{1,128}\\$[A-Za-z0-9+/]{43}=");

  private static final Pattern OFFSET =
      Pattern.compile("(?:Z|(?<=T\\d\\d:.{0,20})([+-]\\d\\d)(?::?(\\d\\d))?)$");

  private KeyExport() {}

  /**
   * An exported key.
   *
   * @param place position in the file, such as {@code line 2}
   */
  record Row(String place, Map<String, String> values) {

    String prefix() {
      return value("prefix");
    }

    String hashedKey() {
      return value("hashed_key");
    }

    String name() {
      return value("name");
    }

    String email() {
      return value("email");
    }

    boolean revoked() {
      return List.of("true", "t", "1")
          .contains(value("revoked").toLowerCase(java.util.Locale.ROOT));
    }

    Optional<Instant> created() {
      return time("created");
    }

    Optional<Instant> expires() {
      return time("expiry_date");
    }

    String scheme() {
      return SHA512.matcher(hashedKey()).matches() ? "sha512" : "pbkdf2";
    }

    Optional<String> fault() {
      if (!PREFIX.matcher(prefix()).matches()) {
        return Optional.of("the prefix must have 8 letters and digits.");
      }
      if (!SHA512.matcher(hashedKey()).matches() && !PBKDF2.matcher(hashedKey()).matches()) {
        return Optional.of("hashed_key is neither sha512$$… nor pbkdf2_sha256$….");
      }
      try {
        created();
        expires();
        return Optional.empty();
      } catch (DateTimeParseException e) {
        return Optional.of("a time must be written as 2026-11-24T10:00:00Z.");
      }
    }

    private Optional<Instant> time(String column) {
      var text = value(column).replace(' ', 'T');
      if (text.isEmpty()) {
        return Optional.empty();
      }
      // Django writes an offset only if time zones are enabled, and psql shortens it.
      var offset = OFFSET.matcher(text);
      return Optional.of(
          offset.find()
              ? OffsetDateTime.parse(
                      text.substring(0, offset.start())
                          + (offset.group(1) == null
                              ? "Z"
                              : offset.group(1)
                                  + ":"
                                  + (offset.group(2) == null ? "00" : offset.group(2))))
                  .toInstant()
              : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
    }

    private String value(String column) {
      return values.getOrDefault(column, "").strip();
    }
  }

  static List<Row> read(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new UserError(file + " cannot be read: check the path and its permissions.");
    }
    var text = Files.readString(file);
    return text.stripLeading().startsWith("[") ? json(text) : csv(text);
  }

  private static List<Row> json(String text) {
    var rows = new ArrayList<Row>();
    for (var object : StrictJson.MAPPER.readTree(text)) {
      var values = new java.util.HashMap<String, String>();
      object
          .path("fields")
          .propertyStream()
          .filter(field -> !field.getValue().isNull())
          .forEach(field -> values.put(field.getKey(), field.getValue().asString("")));
      rows.add(new Row("object " + (rows.size() + 1), values));
    }
    return rows;
  }

  private static List<Row> csv(String text) {
    var rows = new ArrayList<Row>();
    var schema = CsvSchema.emptySchema().withHeader();
    try (MappingIterator<Map<String, String>> lines =
        new CsvMapper().readerForMapOf(String.class).with(schema).readValues(text)) {
      while (lines.hasNext()) {
        rows.add(new Row("line " + (rows.size() + 2), lines.next()));
      }
    }
    return rows;
  }
}
