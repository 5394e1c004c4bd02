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
 * @param metered true if the engine reports the units when it has done the work; an estimate is
 *     then the most that a job can cost
 */
record Price(
    String unit,
    @Nullable Long fixed,
    @Nullable String per,
    @Nullable List<String> of,
    @Nullable Long every,
    @Nullable Boolean metered) {

  static Price of(Units units) {
    return switch (units) {
      case Units.Fixed fixed -> new Price(fixed.name(), fixed.units(), null, null, null, null);
      case Units.Per per -> new Price(per.name(), null, per.kind(), per.of(), per.every(), null);
      case Units.Metered metered -> new Price(metered.name(), null, null, null, null, true);
    };
  }
}
