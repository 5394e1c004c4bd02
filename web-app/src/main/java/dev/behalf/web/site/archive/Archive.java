package dev.behalf.web.site.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Writes everything that is stored about a user, except secrets, as a ZIP archive of JSON lines. It
 * reads a piece at a time and holds no transaction, so that a slow reader keeps no connection:
 * files show what was stored when they were read, not one moment.
 */
@Component
public class Archive {

  private static final int LINES = 200;
  private static final int BYTES = 4 * 1024 * 1024;

  private final JdbcClient database;
  private final List<ArchivePart> parts;

  /** Users whose archives are being written: each takes many statements. */
  private final Set<UUID> running = ConcurrentHashMap.newKeySet();

  Archive(JdbcClient database, List<ArchivePart> parts) {
    this.database = database;
    this.parts = parts.stream().sorted(Comparator.comparing(ArchivePart::name)).toList();
  }

  private record Line(String key, String line) {}

  /**
   * Writes the archive of a user.
   *
   * @throws Problem if another one of the user is being written
   */
  public void write(UUID userId, OutputStream out) throws IOException {
    if (!running.add(userId)) {
      throw new Problem(ProblemCode.RATE_LIMITED, "Download one archive at a time.")
          .with("Retry-After", "30");
    }
    try {
      var zip = new ZipOutputStream(out, UTF_8);
      for (var part : parts) {
        zip.putNextEntry(new ZipEntry(part.name() + ".jsonl"));
        write(userId, part, zip);
        zip.closeEntry();
      }
      // Only here: an archive that broke off must not look complete.
      zip.finish();
    } finally {
      running.remove(userId);
    }
  }

  private void write(UUID userId, ArchivePart part, ZipOutputStream zip) throws IOException {
    var piece = read(userId, part, part.first());
    while (!piece.isEmpty()) {
      for (var line : piece) {
        zip.write(line.line().getBytes(UTF_8));
        zip.write('\n');
      }
      piece = read(userId, part, piece.getLast().key());
    }
  }

  private List<Line> read(UUID userId, ArchivePart part, String after) {
    return database
        .sql(part.sql())
        .param("user", userId)
        .param("after", after)
        .param("most", LINES)
        .param("bytes", BYTES)
        .query((row, index) -> new Line(row.getString("key"), row.getString("line")))
        .list();
  }
}
