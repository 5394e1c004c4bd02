package dev.behalf.cli;

import dev.behalf.contract.JobPayload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The source of a job's text: an option, a file or the standard input, exactly one of them. */
final class TextSource {

  @Option(names = "--text", paramLabel = "TEXT", description = "Text of the job.")
  @Nullable String text;

  @Option(names = "--file", paramLabel = "FILE", description = "File with the text, in UTF-8.")
  @Nullable Path file;

  /**
   * Reads the whole text.
   *
   * @param dash argument after the operation; a dash means the standard input
   */
  String read(@Nullable String dash, InputStream standardInput) throws IOException {
    if (Stream.of(text, file, dash).filter(Objects::nonNull).count() != 1
        || (dash != null && !dash.equals("-"))) {
      throw new WrongUsage(
          "Give the text in exactly one way: --text, --file, or - for standard input.");
    }
    if (text != null) {
      return text;
    }
    if (file != null) {
      try (var in = Files.newInputStream(file)) {
        return utf8(in);
      }
    }
    return utf8(standardInput);
  }

  /** Reads at most what the server accepts: a pipe may never end. */
  private static String utf8(InputStream in) throws IOException {
    var bytes = in.readNBytes(JobPayload.MAX_TEXT_BYTES + 1);
    if (bytes.length > JobPayload.MAX_TEXT_BYTES) {
      throw new WrongUsage("The text is longer than 64 KiB: split it into several jobs.");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notUtf8) {
      throw new WrongUsage("The text is not UTF-8: convert it to UTF-8.");
    }
  }
}
