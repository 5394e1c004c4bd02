package dev.behalf.web.work.operations;

import dev.behalf.operation.Units;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A price as the API shows it: the same for each input, or by the amount of text.
 *
 * @param unit the name of one unit
 * @param fixed the units of each job; null if they depend on the input
 * @param per what is counted: {@code characters}, {@code bytes} or {@code tokens}
 * @param of the properties whose texts count; all texts of the input if empty
 * @param every how much makes one unit; a part counts as a whole unit
 */
record Price(
    String unit,
    @Nullable Long fixed,
    @Nullable String per,
    @Nullable List<String> of,
    @Nullable Long every) {

  static Price of(Units units) {
    return switch (units) {
      case Units.Fixed fixed -> new Price(fixed.name(), fixed.units(), null, null, null);
      case Units.Per per ->
          new Price(
              per.name(),
              null,
              per.per().name().toLowerCase(java.util.Locale.ROOT),
              per.of(),
              per.every());
    };
  }
}
