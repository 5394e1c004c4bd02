package dev.behalf.web.work.operations;

import dev.behalf.operation.BadDefinition;
import dev.behalf.operation.Definitions;
import dev.behalf.server.operations.OperationCatalogue;
import dev.behalf.server.problem.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Applies the shipped definitions at the start and, if a folder is configured, its files: at the
 * start and whenever one of them changes. A file that cannot be used is reported and skipped.
 */
@Component
class AutomaticDefinitions implements SmartInitializingSingleton {

  private static final long MAX_FILE_BYTES = 1024 * 1024;

  /** Stands for a file that could not be read, so that this is reported once. */
  private static final FileTime NEVER = FileTime.fromMillis(-1);

  /**
   * The settings {@code behalf.operations}.
   *
   * @param folder folder with definitions, {@code *.yaml} or {@code *.yml}; null for none
   */
  @ConfigurationProperties("behalf.operations")
  record Settings(@Nullable Path folder) {}

  private final Settings settings;
  private final Operations operations;
  private final ShippedDefinitions shipped;
  private final OperationCatalogue catalogue;
  private final ApplicationEventPublisher events;

  /** When each file that was read had last changed. */
  private final Map<Path, FileTime> seen = new HashMap<>();

  AutomaticDefinitions(
      Settings settings,
      Operations operations,
      ShippedDefinitions shipped,
      OperationCatalogue catalogue,
      ApplicationEventPublisher events) {
    this.settings = settings;
    this.operations = operations;
    this.shipped = shipped;
    this.catalogue = catalogue;
    this.events = events;
  }

  /** Applies the definitions before the first request can ask for them. */
  @Override
  public void afterSingletonsInstantiated() {
    shipped.files().forEach(file -> operations.apply(file, Operations.SHIPPED));
    readFolder();
    catalogue.refresh();
  }

  /** Applies the files of the folder that have changed. */
  @Scheduled(fixedDelayString = "1s")
  synchronized void readFolder() {
    var folder = settings.folder();
    if (folder == null) {
      return;
    }
    for (var file : files(folder)) {
      try {
        var changed = Files.getLastModifiedTime(file);
        if (!changed.equals(seen.get(file))) {
          apply(file);
          // Not before: if the database is away, the file is applied in the next second.
          seen.put(file, changed);
        }
      } catch (IOException unreadable) {
        reportOnce(file, "The file cannot be read: " + unreadable.getMessage());
      } catch (RuntimeException refused) {
        if (Problems.isTransient(refused)) {
          throw refused;
        }
        // One file that the database refuses must not keep the others from being read.
        reportOnce(file, "The definition cannot be stored.");
      }
    }
  }

  private void apply(Path file) throws IOException {
    if (Files.size(file) > MAX_FILE_BYTES) {
      report(file, "The file is larger than 1 MiB.");
      return;
    }
    try {
      var operation = operations.apply(Files.readString(file), Operations.FOLDER);
      events.publishEvent(
          new OperationEvent.Applied(operation.name(), operation.version(), file.toString()));
    } catch (BadDefinition bad) {
      report(file, bad.sentence());
    }
  }

  private void reportOnce(Path file, String reason) {
    if (!NEVER.equals(seen.put(file, NEVER))) {
      report(file, reason);
    }
  }

  private void report(Path file, String reason) {
    events.publishEvent(new OperationEvent.Rejected(file.toString(), reason));
  }

  private List<Path> files(Path folder) {
    try {
      return Definitions.files(folder);
    } catch (IOException unreadable) {
      reportOnce(folder, "The folder cannot be read: " + unreadable.getMessage());
      return List.of();
    }
  }
}
