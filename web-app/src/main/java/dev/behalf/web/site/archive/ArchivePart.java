package dev.behalf.web.site.archive;

/**
 * One file of a user's archive: JSON lines, a row of a table each. A bean of this type adds the
 * file. It names the columns to show, so that a secret in a new column stays out.
 *
 * @param name name of the file without its extension
 * @param from the table with the alias {@code t}, and tables joined to it
 * @param key expression that identifies a row among the user's, and orders the file
 * @param type PostgreSQL type of the key: {@code uuid}, {@code bigint} or {@code text}
 * @param columns the columns as SQL selects them
 */
public record ArchivePart(String name, String from, String key, String type, String columns) {

  /**
   * Returns the statement that reads some lines; its parameters are user, after, most and bytes.
   */
  String sql() {
    return """
        select key::text, line from (
          select key, line, sum(octet_length(line)) over (order by key) - octet_length(line) as bytes_before
          from (
            select found.archive_key as key, (to_jsonb(found) - 'archive_key')::text as line
            from (select %1$s as archive_key, %4$s from %2$s
                  where t.user_id = :user and %1$s > :after::%3$s order by %1$s limit :most) found
          ) lines
        ) piece
        where bytes_before < :bytes order by key
        """
        .formatted(key, from, type, columns);
  }

  /** Returns a key before all others. */
  String first() {
    return switch (type) {
      case "uuid" -> "00000000-0000-0000-0000-000000000000";
      case "bigint" -> "-1";
      default -> "";
    };
  }
}
