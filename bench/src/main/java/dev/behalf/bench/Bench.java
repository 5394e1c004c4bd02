package dev.behalf.bench;

import dev.behalf.standalone.Compilation;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The {@code bench} command, which measures all figures in one run. */
@Command(
    name = "bench",
    description = {
      "Measures Behalf on a real RabbitMQ and PostgreSQL of this machine, in a database and a virtual host of its own.",
      "Nothing leaves the loopback interface."
    },
    mixinStandardHelpOptions = true)
final class Bench implements Callable<Integer> {

  /** The parts of a run, each of which can be measured alone. */
  enum Part {
    LIMITS,
    DRAIN,
    THROUGH,
    IDLE,
    PEER,
    KEYCHECK,
    NEIGHBOUR,
    OVERLOAD,
    RUNS,
    STREAMS,
    OPEN_PAGES,
    GROWTH,
    PAGES,
    START,
    CROWD,
    /** The last, because Celery leaves queues of its own. */
    DJANGO
  }

  @Option(
      names = "--jobs",
      defaultValue = "20000",
      description = "Jobs of a drain (default: ${DEFAULT-VALUE}).")
  int jobs;

  @Option(
      names = "--users",
      defaultValue = "50",
      description = "Whose jobs they are (default: ${DEFAULT-VALUE}).")
  int users;

  @Option(
      names = "--repeats",
      defaultValue = "3",
      description = "Drains that count (default: ${DEFAULT-VALUE}).")
  int repeats;

  @Option(
      names = "--finished",
      defaultValue = "10000000",
      description = "Finished jobs of the part crowd (default: ${DEFAULT-VALUE}).")
  int finished;

  @Option(
      names = "--only",
      split = ",",
      description = "Some parts (default: all but crowd and django): ${COMPLETION-CANDIDATES}.")
  Set<Part> only = EnumSet.complementOf(EnumSet.of(Part.CROWD, Part.DJANGO));

  @Option(
      names = "--python",
      description =
          "The Python that has Django and Celery, for django (default: ${DEFAULT-VALUE}).")
  String python = "python3";

  @Option(names = "--json", description = "Prints JSON, not a table.")
  boolean json;

  @Option(names = "--charts", description = "Draws charts (SVG) into this folder.")
  @Nullable Path charts;

  @Override
  public Integer call() throws Exception {
    var figures = new Figures();
    figures.put("machine.processors", Runtime.getRuntime().availableProcessors());
    figures.put("machine.optimising_compiler", Compilation.chosen() == Compilation.FULL ? 1 : 0);
    try (var stand = TestBed.start(users)) {
      stand.cpu.putMemory(figures, "memory_mib.before");
      for (var part : EnumSet.copyOf(only)) {
        TestBed.log("%s", part);
        switch (part) {
          case DRAIN -> new Drain(stand, jobs).measure(figures, "drain", repeats);
          case START -> new Starts(stand).measure(figures);
          case LIMITS -> new Limits(stand).measure(figures);
          case THROUGH -> new Through(stand, jobs / 4).measure(figures, "through");
          case IDLE -> new Idle(stand).measure(figures);
          case PEER -> new Peer("peer", stand, jobs).measure(spring(stand), figures, repeats);
          case DJANGO -> new Peer("django", stand, jobs).measure(django(stand), figures, repeats);
          case KEYCHECK -> new KeyCheck(stand).measure(figures);
          case NEIGHBOUR -> new Neighbour(stand, jobs * 5 / 2).measure(figures);
          case OVERLOAD -> new Overload(stand).measure(figures);
          case RUNS -> new Runs(stand).measure(figures);
          case STREAMS -> new Runs(stand).measureStreams(figures);
          case OPEN_PAGES -> new OpenPages(stand).measure(figures);
          case GROWTH -> new Growth(stand, jobs / 2).measure(figures);
          case PAGES -> new Pages(stand).measure(figures, "pages");
          case CROWD -> new Crowd(stand, finished).measure(figures);
        }
      }
      stand.cpu.putMemory(figures, "memory_mib.after");
    }
    if (charts != null) {
      Charts.write(figures, charts);
    }
    System.out.println(json ? figures.json() : figures.table());
    return 0;
  }

  private static PeerPrograms spring(TestBed stand) {
    return new SpringPrograms(stand.system.ownDatabase(), stand.system.broker().address());
  }

  private PeerPrograms django(TestBed stand) throws Exception {
    return DjangoPrograms.with(python, stand.system.ownDatabase(), stand.system.broker().address());
  }

  public static void main(String[] args) {
    var line = new CommandLine(new Bench());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    System.exit(line.execute(args));
  }
}
